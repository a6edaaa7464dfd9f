import type { JsonObject } from '@hansa/kernel';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { Offer } from '../api.js';
import { assignments, readObject, several } from '../arguments.js';
import { path } from '../client.js';
import { badUsage } from '../failure.js';
import { section } from '../print/table.js';
import { time } from '../print/text.js';
import type { Terminal } from '../terminal.js';
import { listing } from './listing.js';
import { type RulesOptions, rulesOf, withRules } from './rules-options.js';

interface AddOptions extends RulesOptions {
  readonly template?: string;
  readonly set?: readonly string[];
  readonly policy?: string;
}

/** `hansa offer`: datasets under policies, as other participants find them. */
export function addOfferCommands(program: Command, cli: Cli): void {
  const offer = program.command('offer').description('what this node offers, and under which policy');
  addAdd(offer, cli);

  listing<Offer>(offer, cli, {
    what: 'offers',
    url: '/offers',
    cursor: 'after',
    empty: 'Nothing is offered yet. Offer a dataset: hansa offer add <dataset> --template members-only\n',
    columns: [
      { head: 'POLICY', of: (o) => o.template?.name ?? 'own policy' },
      { head: 'OFFERED', of: (o) => time(o.createdAt) },
      { head: 'WITHDRAWN', of: (o) => o.withdrawnAt && time(o.withdrawnAt) },
      { head: 'DATASET', of: (o) => o.datasetId },
      { head: 'ID', of: (o) => o.id },
    ],
  });

  offer
    .command('withdraw')
    .argument('<id>')
    .description('stop offering; agreements made under the offer stay')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', examples('hansa offer withdraw urn:uuid:… --yes'))
    .action(
      action(cli, async (session, id: string, { yes }: { readonly yes?: boolean }) => {
        await session.confirm(`Withdraw the offer ${id}?`, yes);
        await session.answer(session.client.delete(path`/offers/${id}`));
        session.show({ id, withdrawn: true }, () => `Withdrawn: ${id}. Agreements made under it stay.\n`);
      }),
    );
}

function addAdd(offer: Command, cli: Cli): void {
  const add = offer
    .command('add')
    .argument('<dataset>', 'id of the dataset')
    .description('offer a dataset under a policy; from then on it stands in the catalogue')
    .option('--template <name>', 'a policy template (see hansa policy list)')
    .option('--set <name=value>', 'a parameter of the template; JSON or text; may be repeated', several)
    .option('--policy <file>', 'instead of a template: an ODRL policy as JSON');
  withRules(add, 'provider')
    .addHelpText(
      'after',
      examples(
        'hansa offer add urn:uuid:… --template members-only',
        'hansa offer add urn:uuid:… --template purpose-bound --set purpose=dpv:AcademicResearch',
        'hansa offer add urn:uuid:… --policy my-policy.jsonld',
        'hansa offer add urn:uuid:… --template time-limited --set until=2026-12-31 --bound until=2027-12-31',
        'hansa offer add urn:uuid:… --template members-only --hold --approvals 2 --decide-within P5D',
      ),
    )
    .action(
      action(cli, async (session, datasetId: string, options: AddOptions) => {
        const terms = termsOf(options, session.terminal);
        const negotiation = rulesOf(options, session.terminal, terms.template);
        const added = await session.answer(session.client.post<Offer>('/offers', { datasetId, ...terms, negotiation }));
        session.show(added, (o) => `Offered: ${o.id}\n${section('It says', o.sentences)}`);
      }),
    );
}

interface Terms {
  readonly template?: { readonly name: string; readonly parameters: JsonObject };
  readonly policy?: JsonObject;
}

function termsOf({ template, set = [], policy }: AddOptions, terminal: Terminal): Terms {
  if (template !== undefined && policy === undefined)
    return { template: { name: template, parameters: assignments(set, '--set') } };
  if (policy === undefined || template !== undefined || set.length > 0)
    throw badUsage('Give either --template with its parameters, or a --policy file.', '--template');
  return { policy: readObject(policy, terminal) };
}
