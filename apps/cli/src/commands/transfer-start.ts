import { type Command, Option } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { Transfer } from '../api.js';
import { path } from '../client.js';
import { badUsage } from '../failure.js';
import { restDetector, standing } from '../processes.js';
import { type WaitOptions, waiting } from '../waiting.js';

interface StartOptions extends WaitOptions {
  readonly push?: boolean;
  readonly format?: string;
  readonly to?: string;
  readonly authorization?: string;
  readonly put?: boolean;
}

/** `hansa transfer start`: asking for what was agreed, to be fetched or to be brought. */
export function addStart(transfer: Command, cli: Cli): void {
  const start = transfer.command('start').argument('<agreement>', 'id of the agreement');
  waiting(start, 'until the provider has answered, or has brought the data', 30)
    .description('ask for what was agreed: access to fetch it, or to have it brought')
    .option('--push', 'the provider brings the data; finite data complete the transfer')
    .addOption(
      new Option('--format <format>', 'with --push: what the data arrive as (default: csv)').choices([
        'csv',
        'json',
        'parquet',
        'arrow',
      ]),
    )
    .option('--to <url>', 'with --push: where to; without it to this node')
    .option('--authorization <secret>', 'with --to: the bearer token that opens it')
    .option('--put', 'with --to: by PUT and not by POST')
    .addHelpText(
      'after',
      `${examples(
        'hansa transfer start urn:uuid:…',
        'hansa transfer start urn:uuid:… --push --format parquet',
        'hansa transfer start urn:uuid:… --push --to https://lake.example/in --authorization "$TOKEN"',
      )}\nExit code: 0 when started, or completed (or not waited for), 1 otherwise.\n`,
    )
    .action(
      action(cli, async (session, agreementId: string, options: StartOptions) => {
        const push = pushOf(options);
        const asked = await session.answer(session.client.post<Transfer>('/transfers', { agreementId, push }));
        const hasStarted = ({ state }: Transfer) => state === 'COMPLETED' || (state === 'STARTED' && !push);
        const last = options.wait
          ? await session.waitUntil(
              () => session.answer(session.client.get<Transfer>(path`/transfers/${asked.id}`)),
              restDetector<Transfer>(hasStarted),
              (t) => `Asking ${t.counterparty}: ${t.state} …`,
              options.timeout,
            )
          : asked;
        session.show(last, startText);
        if (options.wait && last.state !== 'STARTED' && last.state !== 'COMPLETED') session.exitCode = 1;
      }),
    );
}

function pushOf({ push, format, to, authorization, put }: StartOptions): object | undefined {
  if (!push) {
    if ((format ?? to ?? authorization) === undefined && !put) return undefined;
    throw badUsage('--format, --to, --authorization and --put go with --push.', '--push');
  }
  if (to === undefined) {
    if (authorization === undefined && !put) return { format };
    throw badUsage('--authorization and --put go with --to.', '--to');
  }
  return { format, sink: { endpoint: to, authorization, ...(put ? { method: 'PUT' } : {}) } };
}

function startText(t: Transfer): string {
  const isPush = t.sink !== undefined;
  if (t.state === 'COMPLETED')
    return `Completed: ${t.id}\nSee what came to this node: hansa transfer received ${t.id}\n`;
  if (t.state === 'STARTED' && isPush)
    return `Started: ${t.id}\nThe data come by themselves: hansa transfer received ${t.id}\n`;
  if (t.state === 'STARTED') return `Started: ${t.id}\nFetch the data: hansa transfer pull ${t.id}\n`;
  return `${standing('transfer', t)}\nLook again: hansa transfer show ${t.id}\n`;
}
