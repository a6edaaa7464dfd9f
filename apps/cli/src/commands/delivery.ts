import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { DeadMessage, Outage, Page } from '../api.js';
import { path } from '../client.js';
import { badUsage } from '../failure.js';
import { table } from '../print/table.js';
import { shortened, time } from '../print/text.js';
import { listing } from './listing.js';

/** `hansa delivery`: messages that did not arrive. */
export function addDeliveryCommands(program: Command, cli: Cli): void {
  const delivery = program.command('delivery').description('messages that could not be delivered, and why');

  listing<DeadMessage>(delivery, cli, {
    what: 'messages that were given up',
    url: '/deliveries/dead',
    empty: 'No message was given up. Who cannot be reached now: hansa delivery outages\n',
    columns: [
      { head: 'ID', of: (m) => m.id, align: 'right' },
      { head: 'MESSAGE', of: (m) => m.type },
      { head: 'COUNTERPARTY', of: (m) => m.counterparty },
      { head: 'SINCE', of: (m) => time(m.createdAt) },
      { head: 'LAST ERROR', of: (m) => shortened(m.lastError, 60) },
      { head: 'PROCESS', of: (m) => m.processId },
    ],
  });
  addOutages(delivery, cli);
  addRedrive(delivery, cli);
  addWithdraw(delivery, cli);
}

function addOutages(delivery: Command, cli: Cli): void {
  delivery
    .command('outages')
    .description('counterparties that cannot be reached; the node goes on trying')
    .addHelpText('after', examples('hansa delivery outages', 'hansa delivery outages -o json'))
    .action(
      action(cli, async (session) => {
        const page = await session.answer(session.client.get<Page<Outage>>('/deliveries/outages'));
        session.show(page, ({ items }) => {
          if (items.length === 0) return 'Every counterparty can be reached, as far as this node has tried.\n';
          const columns = [
            { head: 'COUNTERPARTY', of: (o: Outage) => o.counterparty },
            { head: 'SINCE', of: (o: Outage) => time(o.since) },
            { head: 'TRIED', of: (o: Outage) => String(o.failures), align: 'right' as const },
            { head: 'AGAIN AT', of: (o: Outage) => time(o.until) },
            { head: 'LAST ERROR', of: (o: Outage) => shortened(o.lastError, 60) },
          ];
          return table(columns, items, session.paint.bold);
        });
      }),
    );
}

function addRedrive(delivery: Command, cli: Cli): void {
  delivery
    .command('redrive')
    .argument('[id]', 'as `hansa delivery list` shows it')
    .option('--all', 'every message that was given up')
    .description('send a message again that was given up')
    .addHelpText('after', examples('hansa delivery redrive 17', 'hansa delivery redrive --all'))
    .action(
      action(cli, async (session, id: string | undefined, { all }: { readonly all?: boolean }) => {
        if ((id === undefined) === !all) throw badUsage('Name one message, or give --all.', 'id');
        const url = id === undefined ? '/deliveries/dead/redrive' : path`/deliveries/dead/${id}/redrive`;
        const done = await session.answer(session.client.post<{ readonly redriven: number }>(url, {}));
        session.show(done, ({ redriven }) =>
          redriven === 0
            ? 'There was nothing to send again.\n'
            : `Sent again: ${redriven}. What does not arrive comes back to hansa delivery list.\n`,
        );
      }),
    );
}

function addWithdraw(delivery: Command, cli: Cli): void {
  delivery
    .command('withdraw')
    .argument('<id>', 'as `hansa delivery list` shows it')
    .option('-y, --yes', 'do not ask')
    .description('take back a message that was given up: its process stays as both sides know it')
    .addHelpText('after', examples('hansa delivery withdraw 17 --yes'))
    .action(
      action(cli, async (session, id: string, { yes }: { readonly yes?: boolean }) => {
        await session.confirm(`Withdraw the message ${id}? It is never sent then.`, yes);
        await session.answer(session.client.delete(path`/deliveries/dead/${id}`));
        session.show(
          { id, withdrawn: true },
          () => `Withdrawn: ${id}. Its process can be ended or go on another way.\n`,
        );
      }),
    );
}
