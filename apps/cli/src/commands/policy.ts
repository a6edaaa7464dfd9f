import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { Page, PolicyTemplate } from '../api.js';
import { CommandFailure } from '../failure.js';
import { record, section } from '../print/table.js';
import { shortened } from '../print/text.js';
import { listing } from './listing.js';

/** `hansa policy`: the templates that offers are made from. */
export function addPolicyCommands(program: Command, cli: Cli): void {
  const policy = program.command('policy').description('the policy templates of this node');

  listing<PolicyTemplate>(policy, cli, {
    what: 'policy templates',
    url: '/policy-templates',
    empty: 'This node has no policy templates. Is the folder policies/ part of its installation?\n',
    columns: [
      { head: 'NAME', of: (t) => t.name },
      { head: 'PARAMETERS', of: (t) => t.parameters.join(', ') },
      { head: 'IN WORDS', of: (t) => shortened(t.sentences.join(' '), 80) },
    ],
  });

  policy
    .command('show')
    .argument('<name>')
    .description('what a template permits and demands, in words')
    .addHelpText('after', examples('hansa policy show purpose-bound'))
    .action(
      action(cli, async (session, name: string) => {
        const { items } = await session.answer(session.client.get<Page<PolicyTemplate>>('/policy-templates'));
        const found = items.find((template) => template.name === name);
        if (!found) {
          const known = items.map((template) => template.name).join(', ');
          throw new CommandFailure({
            kind: 'template.not-found',
            detail: `There is no template "${name}". There are: ${known}.`,
          });
        }
        session.show(found, (t) => {
          const set = t.parameters.map((parameter) => ` --set ${parameter}=…`).join('');
          return (
            record([
              ['name', t.name],
              ['parameters', t.parameters.join(', ')],
            ]) +
            section('In words', t.sentences) +
            section('To offer a dataset under it', [`hansa offer add <dataset> --template ${t.name}${set}`])
          );
        });
      }),
    );
}
