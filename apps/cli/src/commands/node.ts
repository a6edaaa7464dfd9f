import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { NodeInfo } from '../api.js';
import { record } from '../print/table.js';

/** `hansa node`: the node that commands speak to. */
export function addNodeCommands(program: Command, cli: Cli): void {
  const node = program.command('node').description('the node itself');

  node
    .command('show')
    .description('who the node is and how it runs')
    .addHelpText('after', examples('hansa node show', 'hansa node show --url http://127.0.0.1:7002 --data data/bruges'))
    .action(
      action(cli, async (session) => {
        const info = await session.answer(session.client.get<NodeInfo>('/node'));
        session.show(info, (n) =>
          record([
            ['city', n.city],
            ['did', n.did],
            ['address', n.publicUrl],
            ['version', n.version],
            ['database', n.database === 'embedded' ? 'embedded, in the data directory' : 'PostgreSQL server'],
            ['jobs', n.jobs === 'redis' ? 'in Redis' : 'in the database'],
            ['role', n.authority ? 'authority: issues membership credentials' : 'participant'],
          ]),
        );
      }),
    );
}
