import type { Did } from '@hansa/kernel';
import { renderTrace } from '@hansa/odrl';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { Negotiation } from '../api.js';
import { did } from '../arguments.js';
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

interface StartOptions extends WaitOptions {
  readonly offer?: string;
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
      { head: 'COUNTERPARTY', of: (n) => n.counterparty },
      { head: 'UPDATED', of: (n) => time(n.updatedAt) },
      { head: 'ID', of: (n) => n.id },
    ],
  });

  negotiation
    .command('show')
    .argument('<id>')
    .description('one negotiation: where it stands, what was decided and why')
    .addHelpText('after', examples('hansa negotiation show urn:uuid:…'))
    .action(
      action(cli, async (session, id: string) => {
        session.show(await session.answer(session.client.get<Negotiation>(path`/negotiations/${id}`)), negotiationText);
      }),
    );

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
    .description('ask a provider for a contract and wait for the outcome');
  waiting(start, 'until the negotiation comes to rest', 30)
    .addHelpText(
      'after',
      `${examples(
        'hansa negotiation start did:web:berlin.example urn:uuid:… --purpose dpv:AcademicResearch',
        'hansa negotiation start did:web:berlin.example urn:uuid:… --offer urn:uuid:… --no-wait',
      )}\nExit code: 0 when finalised (or not waited for), 1 otherwise.\n`,
    )
    .action(
      action(cli, async (session, counterparty: Did, datasetId: string, options: StartOptions) => {
        const { offer: offerId, purpose } = options;
        await negotiate(session, { counterparty, datasetId, offerId, purpose }, options);
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
      ['begun', time(n.createdAt)],
      ['updated', time(n.updatedAt)],
    ]) +
    (n.state === 'FINALIZED' ? '' : `\n${standing('negotiation', n)}\n`) +
    section(
      'Not met',
      (decision?.unmet ?? []).map(({ code, text }) => `${text} (${code})`),
    ) +
    section('Decision', trace)
  );
}
