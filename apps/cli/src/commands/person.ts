import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { AdmittedPerson, Person } from '../api.js';
import { path } from '../client.js';
import { time } from '../print/text.js';
import { listing } from './listing.js';

/** `hansa person`: who may use the node under their own name. */
export function addPersonCommands(program: Command, cli: Cli): void {
  const person = program.command('person').description('people who use this node under their own names');

  listing<Person>(person, cli, {
    what: 'people with a token of their own',
    url: '/people',
    empty: 'Nobody has a token of their own. Make one: hansa person admit <name>\n',
    columns: [
      { head: 'NAME', of: (p) => p.name },
      { head: 'ADMITTED', of: (p) => time(p.admittedAt) },
    ],
  });

  person
    .command('admit')
    .argument('<name>', 'as it shall stand in the ledger')
    .description('make a token for a person; it is shown this once')
    .addHelpText('after', examples('hansa person admit "Ann Peters"'))
    .action(
      action(cli, async (session, name: string) => {
        const made = await session.answer(session.client.post<AdmittedPerson>('/people', { name }));
        session.show(
          made,
          (p) => `${p.token}\n\nThis is the token of ${p.name}; it is not shown again. It goes into HANSA_TOKEN.\n`,
        );
      }),
    );

  person
    .command('remove')
    .argument('<name>')
    .option('-y, --yes', 'do not ask')
    .description("end a person's access; the token dies at once")
    .addHelpText('after', examples('hansa person remove "Ann Peters" --yes'))
    .action(
      action(cli, async (session, name: string, { yes }: { readonly yes?: boolean }) => {
        await session.confirm(`Remove ${name}?`, yes);
        await session.answer(session.client.delete(path`/people/${name}`));
        session.show({ name, removed: true }, (p) => `Removed: ${p.name}. What ${p.name} has decided stays.\n`);
      }),
    );
}
