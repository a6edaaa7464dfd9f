import type { Did } from '@hansa/kernel';
import { renderTrace } from '@hansa/odrl';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { Negotiation } from '../api.js';
import { did, readObject } from '../arguments.js';
import { path } from '../client.js';
import { commandLine } from '../print/command-line.js';
import { record, section } from '../print/table.js';
import { time } from '../print/text.js';
import { restDetector, standing } from '../processes.js';
import type { Session } from '../session.js';
import {
  acknowledgementHelp,
  showAcknowledged,
  type WaitOptions,
  waiting,
  waitingForAcknowledgement,
} from '../waiting.js';
import { listing } from './listing.js';
import { addDecisionCommands } from './negotiation-decisions.js';
import { type RulesOptions, rulesOf, withRules } from './rules-options.js';

interface StartOptions extends WaitOptions, RulesOptions {
  readonly offer?: string;
  readonly policy?: string;
  readonly purpose?: string;
}

interface TerminateOptions extends WaitOptions {
  readonly reason: string;
  readonly yes?: boolean;
}

/** `hansa negotiation`: from an offer to an agreement. */
export function addNegotiationCommands(program: Command, cli: Cli): void {
  const negotiation = program.command('negotiation').description('negotiations with other participants');
  addStart(negotiation, cli);

  listing<Negotiation>(negotiation, cli, {
    what: 'negotiations',
    url: '/negotiations',
    cursor: 'offset',
    empty: 'No negotiations yet. Look for offers: hansa catalog show <did>\n',
    columns: [
      { head: 'STATE', of: (n) => n.state },
      { head: 'ROLE', of: (n) => n.role },
      { head: 'WAITS FOR', of: (n) => n.awaiting?.who },
      { head: 'COUNTERPARTY', of: (n) => n.counterparty },
      { head: 'UPDATED', of: (n) => time(n.updatedAt) },
      { head: 'ID', of: (n) => n.id },
    ],
    filter: { name: 'awaiting', choices: ['us', 'them'], description: 'only those in which we, or they, must act' },
  });

  negotiation
    .command('show')
    .argument('<id>')
    .description('one negotiation: the terms, who must act and why, what was decided')
    .addHelpText('after', examples('hansa negotiation show urn:uuid:…'))
    .action(
      action(cli, async (session, id: string) => {
        session.show(await session.answer(session.client.get<Negotiation>(path`/negotiations/${id}`)), negotiationText);
      }),
    );

  addDecisionCommands(negotiation, cli);
  addTerminate(negotiation, cli);
}

function addTerminate(negotiation: Command, cli: Cli): void {
  const terminate = negotiation
    .command('terminate')
    .argument('<id>')
    .requiredOption('--reason <text>', 'why; the other side is told')
    .option('-y, --yes', 'do not ask')
    .description('end a negotiation that is not finalised');
  waitingForAcknowledgement(terminate)
    .addHelpText(
      'after',
      examples('hansa negotiation terminate urn:uuid:… --reason "The dataset is being revised." --yes') +
        acknowledgementHelp,
    )
    .action(
      action(cli, async (session, id: string, { reason, yes, ...options }: TerminateOptions) => {
        await session.confirm(`Terminate the negotiation ${id}?`, yes);
        const url = path`/negotiations/${id}/terminate`;
        const sent = await session.answer(session.client.post<Negotiation>(url, { reason }));
        await showAcknowledged(session, 'negotiation', sent, 'TERMINATED', options);
      }),
    );
}

function addStart(negotiation: Command, cli: Cli): void {
  const start = negotiation
    .command('start')
    .argument('<did>', 'the provider', did)
    .argument('<dataset>', "the dataset's id in the provider's catalogue")
    .option('--offer <id>', 'the offer to ask for (default: the only one)')
    .option('--purpose <iri>', 'what the data are for, as a term of the Data Privacy Vocabulary')
    .option('--policy <file>', 'terms of our own instead of those of the offer, as an ODRL policy in JSON')
    .description('ask a provider for a contract and wait for the outcome');
  waiting(withRules(start, 'consumer'), 'until the negotiation comes to rest', 30)
    .addHelpText(
      'after',
      `${examples(
        'hansa negotiation start did:web:berlin.example urn:uuid:… --purpose dpv:AcademicResearch',
        'hansa negotiation start did:web:berlin.example urn:uuid:… --offer urn:uuid:… --no-wait',
      )}\nExit code: 0 when finalised (or not waited for), 1 otherwise.\n`,
    )
    .action(
      action(cli, async (session, counterparty: Did, datasetId: string, options: StartOptions) => {
        const { offer: offerId, purpose, policy } = options;
        const terms = policy === undefined ? undefined : readObject(policy, session.terminal);
        const negotiation = rulesOf(options, session.terminal);
        await negotiate(session, { counterparty, datasetId, offerId, purpose, policy: terms, negotiation }, options);
      }),
    );
}

/** Opens a negotiation and shows how it ends; the exit code is 1 where it was waited for and not finalised. */
export async function negotiate(session: Session, request: object, { wait, timeout }: WaitOptions): Promise<void> {
  const started = await session.answer(session.client.post<Negotiation>('/negotiations', request));
  const isFinal = ({ state }: Negotiation) => state === 'FINALIZED';
  const url = path`/negotiations/${started.id}`;
  const last = wait
    ? await session.waitUntil(
        () => session.answer(session.client.get<Negotiation>(url)),
        restDetector<Negotiation>(isFinal),
        (n) => `Negotiating with ${n.counterparty}: ${n.state} …`,
        timeout,
      )
    : started;
  session.show(last, (n) => outcomeText(n));
  if (wait && !isFinal(last)) session.exitCode = 1;
}

function outcomeText(n: Negotiation): string {
  if (n.state === 'FINALIZED')
    return `Agreed with ${n.counterparty}: ${n.agreementId}\nFetch the data next: ${commandLine('transfer start', [n.agreementId ?? ''])}\n`;
  return `${standing('negotiation', n)}\nLook again: hansa negotiation show ${n.id}\n`;
}

function negotiationText(n: Negotiation): string {
  const { decision } = n;
  const trace = decision ? renderTrace(decision.trace).split('\n') : [];
  return (
    record([
      ['id', n.id],
      ['state', n.state],
      ['role', n.role],
      ['counterparty', n.counterparty],
      ['dataset', n.datasetId],
      ['purpose', n.purpose],
      ['agreement', n.agreementId],
      ['begun by', n.unasked ? 'the provider' : 'the consumer'],
      ['waits for', n.awaiting && (n.awaiting.who === 'us' ? 'somebody at this node' : n.counterparty)],
      ['why', n.awaiting?.text],
      ['decide by', n.awaiting?.deadline && time(n.awaiting.deadline)],
      ['approvals', approvalsText(n)],
      ['terms', n.awaiting?.who === 'us' ? n.terms : null],
      ['ended by', n.termination && (n.termination.by === n.role ? 'this node' : n.counterparty)],
      ['code', n.termination?.code],
      ['begun', time(n.createdAt)],
      ['updated', time(n.updatedAt)],
    ]) +
    (n.state === 'FINALIZED' ? '' : `\n${standing('negotiation', n)}\n`) +
    section('On the table', n.sentences ?? []) +
    section(
      'Not met',
      (decision?.unmet ?? []).map(({ code, text }) => `${text} (${code})`),
    ) +
    section('Decision', trace)
  );
}

/** Who has approved, where more than one person must. */
function approvalsText({ awaiting }: Negotiation): string | null {
  const approvals = awaiting?.approvals;
  if (!approvals || approvals.needed === 1) return null;
  const names = approvals.given.map(({ by }) => by).join(', ');
  return `${approvals.given.length} of ${approvals.needed}${names === '' ? '' : `: ${names}`}`;
}
