import { resolve } from 'node:path';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { Page, Received } from '../api.js';
import { path } from '../client.js';
import { table } from '../print/table.js';
import { bytes, count, time } from '../print/text.js';

/** `hansa transfer received` and `save`: what came to this node, and taking it out of it. */
export function addReceived(transfer: Command, cli: Cli): void {
  transfer
    .command('received')
    .argument('<id>')
    .description('what a transfer has brought to this node, the latest first')
    .addHelpText('after', examples('hansa transfer received urn:uuid:…'))
    .action(
      action(cli, async (session, id: string) => {
        const page = await session.answer(session.client.get<Page<Received>>(path`/transfers/${id}/received`));
        session.show(page, ({ items }) =>
          items.length === 0 ? 'Nothing has come yet.\n' : table(columns, items, session.paint.bold),
        );
      }),
    );
  transfer
    .command('save')
    .argument('<id>')
    .argument('<file>', 'a new file')
    .option('--received <id>', 'which arrival (default: the latest)', 'latest')
    .description('save what a transfer has brought to this node')
    .addHelpText('after', examples('hansa transfer save urn:uuid:… counts.csv'))
    .action(
      action(cli, async (session, id: string, name: string, { received }: { readonly received: string }) => {
        const file = resolve(session.terminal.directory, name);
        await session.answer(session.client.getFile(path`/transfers/${id}/received/${received}`, file));
        session.show({ id, received, file }, () => `Saved ${file}\n`);
      }),
    );
}

const columns = [
  { head: 'RECEIVED', of: (r: Received) => time(r.receivedAt) },
  { head: 'FORMAT', of: (r: Received) => r.content.format },
  { head: 'SIZE', of: (r: Received) => bytes(r.content.bytes), align: 'right' as const },
  {
    head: 'ROWS',
    of: (r: Received) => (r.content.rows === null ? null : count(r.content.rows)),
    align: 'right' as const,
  },
  { head: 'DIGEST', of: (r: Received) => r.content.digest },
  { head: 'ID', of: (r: Received) => r.id },
];
