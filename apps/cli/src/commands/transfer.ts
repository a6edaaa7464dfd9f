import { type Command, Option } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { Pulled, Transfer } from '../api.js';
import { path } from '../client.js';
import { record } from '../print/table.js';
import { bytes, count, time } from '../print/text.js';
import { reasonsOf, standing } from '../processes.js';
import { acknowledgementHelp, showAcknowledged, type WaitOptions, waitingForAcknowledgement } from '../waiting.js';
import { listing } from './listing.js';
import { addReceived } from './transfer-received.js';
import { addStart } from './transfer-start.js';

/** `hansa transfer`: fetching what was agreed. */
export function addTransferCommands(program: Command, cli: Cli): void {
  const transfer = program.command('transfer').description('transfers under agreements');
  addStart(transfer, cli);

  listing<Transfer>(transfer, cli, {
    what: 'transfers',
    url: '/transfers',
    cursor: 'offset',
    empty: 'No transfers yet. Start one: hansa transfer start <agreement>\n',
    columns: [
      { head: 'STATE', of: (t) => t.state },
      { head: 'ROLE', of: (t) => t.role },
      { head: 'COUNTERPARTY', of: (t) => t.counterparty },
      { head: 'UPDATED', of: (t) => time(t.updatedAt) },
      { head: 'ID', of: (t) => t.id },
    ],
  });

  transfer
    .command('show')
    .argument('<id>')
    .description('one transfer: where it stands and why')
    .addHelpText('after', examples('hansa transfer show urn:uuid:…'))
    .action(
      action(cli, async (session, id: string) => {
        session.show(await session.answer(session.client.get<Transfer>(path`/transfers/${id}`)), transferText);
      }),
    );

  addPull(transfer, cli);
  addReceived(transfer, cli);
  addMove(transfer, cli, 'suspend', 'pause a transfer; it can be resumed');
  addMove(transfer, cli, 'resume', 'go on with a suspended transfer');
  addMove(transfer, cli, 'complete', 'say that everything was fetched');
  addMove(transfer, cli, 'terminate', 'end a transfer; the agreement stays');
}

interface PullOptions {
  readonly format?: string;
  readonly complete?: boolean;
}

function addPull(transfer: Command, cli: Cli): void {
  transfer
    .command('pull')
    .argument('<id>')
    .addOption(
      new Option('--format <format>', 'what to fetch it as (default: parquet)').choices([
        'csv',
        'json',
        'parquet',
        'arrow',
      ]),
    )
    .option('--complete', 'then say that everything was fetched, unless the data go on changing')
    .description('fetch the data of a started transfer into the data directory of the node')
    .addHelpText(
      'after',
      `${examples('hansa transfer pull urn:uuid:…', 'hansa transfer pull urn:uuid:… --format csv --complete')}\nExit code: 1 when the digest differs from the one that the provider states.\n`,
    )
    .action(
      action(cli, async (session, id: string, { format, complete }: PullOptions) => {
        session.progress('The node fetches the data …');
        const pulled = await session.answer(
          session.client.post<Pulled>(path`/transfers/${id}/pull`, { format, complete }),
        );
        session.settle();
        session.show(pulled, (p) => {
          const facts = [
            ['file', p.path],
            ['format', p.format],
            ['size', bytes(p.bytes)],
            ['rows', count(p.rows)],
            ['digest', p.digest],
          ] as const;
          return `${record(facts)}${digestSentence(p)}\n`;
        });
        if (!pulled.matches && pulled.providerDigest !== null) session.exitCode = 1;
      }),
    );
}

function digestSentence({ matches, providerDigest }: Pulled): string {
  if (matches) return 'The digest is the one that the provider states.';
  return providerDigest === null
    ? 'The provider states no digest to compare with.'
    : `The digest differs from the one that the provider states (${providerDigest}): do not use the file, pull again.`;
}

/** The state that each move leads to once the other side has acknowledged it (DSP 2025-1, Transfer Process Protocol). */
const goals = { suspend: 'SUSPENDED', resume: 'STARTED', complete: 'COMPLETED', terminate: 'TERMINATED' } as const;

interface MoveOptions extends WaitOptions {
  readonly reason?: string;
  readonly yes?: boolean;
}

function addMove(transfer: Command, cli: Cli, move: keyof typeof goals, description: string): void {
  const isFinal = move === 'terminate';
  const command = transfer.command(move).argument('<id>').description(description);
  if (isFinal || move === 'suspend') command.option('--reason <text>', 'why; the other side is told');
  if (isFinal) command.option('-y, --yes', 'do not ask');
  const sample = `hansa transfer ${move} urn:uuid:…${isFinal ? ' --reason "The project has ended." --yes' : ''}`;
  waitingForAcknowledgement(command)
    .addHelpText('after', examples(sample) + acknowledgementHelp)
    .action(
      action(cli, async (session, id: string, { reason, yes, ...options }: MoveOptions) => {
        if (isFinal) await session.confirm(`Terminate the transfer ${id}?`, yes);
        const url = `${path`/transfers/${id}`}/${move}`;
        const sent = await session.answer(session.client.post<Transfer>(url, { reason }));
        await showAcknowledged(session, 'transfer', sent, goals[move], options);
      }),
    );
}

function transferText(t: Transfer): string {
  return `${record([
    ['id', t.id],
    ['state', t.state],
    ['role', t.role],
    ['counterparty', t.counterparty],
    ['agreement', t.agreementId],
    ['dataset', t.datasetId],
    ['format', t.format],
    ['endpoint', t.endpoint],
    ['sink', t.sink],
    ['brought', t.push && pushText(t.push)],
    ['suspended', t.state === 'SUSPENDED' ? reasonsOf(t.suspension).join(' ') : null],
    ['begun', time(t.createdAt)],
    ['updated', time(t.updatedAt)],
  ])}\n${standing('transfer', t)}\n`;
}

function pushText({ deliveries, fraction, failures, problem }: NonNullable<Transfer['push']>): string {
  const times = `${count(deliveries)} ${deliveries === 1 ? 'time' : 'times'}`;
  const now = fraction === null ? '' : `; ${Math.round(fraction * 100)} % of the next is sent`;
  return `${times}${now}${problem === null ? '' : `; ${failures} failed since: ${problem}`}`;
}
