import type { Did } from '@hansa/kernel';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { Negotiation } from '../api.js';
import { did, readObject } from '../arguments.js';
import { path } from '../client.js';
import { standing } from '../processes.js';
import type { Session } from '../session.js';
import { acknowledgementHelp, showAcknowledged, type WaitOptions, waitingForAcknowledgement } from '../waiting.js';
import { type RulesOptions, rulesOf, withRules } from './rules-options.js';

interface OfferToOptions extends WaitOptions, RulesOptions {
  readonly offer?: string;
  readonly purpose?: string;
  readonly policy?: string;
}

/** What people decide: `hansa negotiation approve`, `agree`, `accept`, `offer`, `refuse`, `offer-to`. */
export function addDecisionCommands(negotiation: Command, cli: Cli): void {
  addYes(negotiation, cli, 'approve', 'say yes to what is on the table; two people may have to').option(
    '--terms <digest>',
    'only to the terms that were read: the digest that show prints',
  );
  addYes(negotiation, cli, 'agree', 'as the provider: agree to what is on the table');
  addYes(negotiation, cli, 'accept', 'as the consumer: accept the offer of the provider');
  addOffer(negotiation, cli);
  addRefuse(negotiation, cli);
  addOfferTo(negotiation, cli);
}

function addYes(negotiation: Command, cli: Cli, verb: string, description: string): Command {
  const command = negotiation.command(verb).argument('<id>').description(description);
  return waitingForAcknowledgement(command)
    .addHelpText('after', examples(`hansa negotiation ${verb} urn:uuid:…`) + acknowledgementHelp)
    .action(
      action(cli, async (session, id: string, { terms, ...options }: WaitOptions & { readonly terms?: string }) => {
        const url = `${path`/negotiations/${id}`}/${verb}`;
        const read = terms === undefined ? {} : { terms };
        await showSaid(session, await session.answer(session.client.post<Negotiation>(url, read)), options);
      }),
    );
}

function addOffer(negotiation: Command, cli: Cli): void {
  const command = negotiation
    .command('offer')
    .argument('<id>')
    .requiredOption('--policy <file>', 'the terms, as an ODRL policy in JSON')
    .description('put other terms on the table: an offer of the provider, a counter-offer of the consumer');
  waitingForAcknowledgement(command)
    .addHelpText('after', examples('hansa negotiation offer urn:uuid:… --policy terms.json') + acknowledgementHelp)
    .action(
      action(cli, async (session, id: string, { policy, ...options }: WaitOptions & { readonly policy: string }) => {
        const terms = { policy: readObject(policy, session.terminal) };
        const url = path`/negotiations/${id}/offer`;
        await showSaid(session, await session.answer(session.client.post<Negotiation>(url, terms)), options);
      }),
    );
}

function addRefuse(negotiation: Command, cli: Cli): void {
  const command = negotiation
    .command('refuse')
    .argument('<id>')
    .requiredOption('--reason <text>', 'why; the other side is told')
    .option('-y, --yes', 'do not ask')
    .description('say no to what is held for a decision');
  waitingForAcknowledgement(command)
    .addHelpText(
      'after',
      examples('hansa negotiation refuse urn:uuid:… --reason "The purpose is too wide." --yes') + acknowledgementHelp,
    )
    .action(
      action(cli, async (session, id: string, { reason, yes, ...options }: WaitOptions & Refusal) => {
        await session.confirm(`Refuse the negotiation ${id}?`, yes);
        const url = path`/negotiations/${id}/refuse`;
        const sent = await session.answer(session.client.post<Negotiation>(url, { reason }));
        await showAcknowledged(session, 'negotiation', sent, 'TERMINATED', options);
      }),
    );
}

interface Refusal {
  readonly reason: string;
  readonly yes?: boolean;
}

function addOfferTo(negotiation: Command, cli: Cli): void {
  const command = negotiation
    .command('offer-to')
    .argument('<did>', 'the participant', did)
    .argument('<dataset>', 'id of a dataset of this node')
    .option('--offer <id>', 'the offer to make (default: the only one)')
    .option('--purpose <iri>', 'what the data may be used for, where the terms ask for a purpose')
    .option('--policy <file>', 'terms other than those of the offer, as an ODRL policy in JSON')
    .description('offer a dataset to a participant that has not asked for it');
  waitingForAcknowledgement(withRules(command, 'provider'))
    .addHelpText(
      'after',
      examples(
        'hansa negotiation offer-to did:web:bruges.example urn:uuid:… --purpose dpv:AcademicResearch',
        'hansa negotiation offer-to did:web:bruges.example urn:uuid:… --policy terms.json --decide-within P14D',
      ) + acknowledgementHelp,
    )
    .action(
      action(cli, async (session, counterparty: Did, datasetId: string, options: OfferToOptions) => {
        const { offer: offerId, purpose, policy, wait, timeout, ...rules } = options;
        const terms = policy === undefined ? undefined : readObject(policy, session.terminal);
        const negotiation = rulesOf(rules, session.terminal);
        const asked = { counterparty, datasetId, offerId, purpose, policy: terms, negotiation };
        const sent = await session.answer(session.client.post<Negotiation>('/negotiations/offers', asked));
        await showSaid(session, sent, { wait, timeout });
      }),
    );
}

/** Waits until what was said is acknowledged, and shows where the negotiation stands then. */
async function showSaid(session: Session, sent: Negotiation, { wait, timeout }: WaitOptions): Promise<void> {
  const isTaken = ({ pending, state }: Negotiation) => pending === null || state !== sent.state;
  const last = wait
    ? await session.waitUntil(
        () => session.answer(session.client.get<Negotiation>(path`/negotiations/${sent.id}`)),
        isTaken,
        ({ counterparty }) => `Waiting for ${counterparty} …`,
        timeout,
      )
    : sent;
  session.show(last, (n) => `${standing('negotiation', n)}\nLook again: hansa negotiation show ${n.id}\n`);
  const failed = last.state === 'REFUSED' || last.awaiting?.code === 'peer.refused';
  if (wait && (!isTaken(last) || failed)) session.exitCode = 1;
}
