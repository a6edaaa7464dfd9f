import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { Agreement, AgreementDependants, AgreementEnd } from '../api.js';
import { path } from '../client.js';
import { record, section } from '../print/table.js';
import { time } from '../print/text.js';
import type { Session } from '../session.js';
import { type WaitOptions, waiting, waitingForAcknowledgement } from '../waiting.js';
import { listing } from './listing.js';
import { negotiate } from './negotiation.js';

/** `hansa agreement`: what was agreed, and whether it still holds. */
export function addAgreementCommands(program: Command, cli: Cli): void {
  const agreement = program.command('agreement').description('agreements with other participants');

  listing<Agreement>(agreement, cli, {
    what: 'agreements',
    url: '/agreements',
    cursor: 'offset',
    empty: 'No agreements yet. Negotiate one: hansa negotiation start <did> <dataset>\n',
    columns: [
      { head: 'STATE', of: (a) => a.state },
      { head: 'ROLE', of: (a) => a.role },
      { head: 'COUNTERPARTY', of: (a) => a.counterparty },
      { head: 'AGREED', of: (a) => time(a.agreedAt) },
      { head: 'ENDED', of: (a) => a.end && time(a.end.at) },
      { head: 'ID', of: (a) => a.id },
    ],
  });

  agreement
    .command('show')
    .argument('<id>')
    .description('one agreement in words; -o json has its policy')
    .addHelpText('after', examples('hansa agreement show urn:uuid:…', 'hansa agreement show urn:uuid:… -o json'))
    .action(
      action(cli, async (session, id: string) => {
        const one = await session.answer(session.client.get<Agreement>(path`/agreements/${id}`));
        session.show(
          one,
          (a) =>
            record([
              ['id', a.id],
              ['state', a.state],
              ['role', a.role],
              ['counterparty', a.counterparty],
              ['dataset', a.datasetId],
              ['purpose', a.purpose],
              ['negotiation', a.negotiationId],
              ['agreed', time(a.agreedAt)],
              ['expires', a.expiresAt && time(a.expiresAt)],
              ['supersedes', a.supersedes],
              ['ended', a.end && endText(a.end)],
              ['other side', a.notice && noticeTexts[a.notice]],
            ]) + section('It says', a.sentences),
        );
      }),
    );

  addDependants(agreement, cli);
  addRenew(agreement, cli);
  addTerminate(agreement, cli);
}

function addDependants(agreement: Command, cli: Cli): void {
  agreement
    .command('dependants')
    .argument('<id>')
    .description('what stands on an agreement, and what would end with it')
    .addHelpText(
      'after',
      examples('hansa agreement dependants urn:uuid:…', 'hansa agreement dependants urn:uuid:… -o json'),
    )
    .action(
      action(cli, async (session, id: string) => {
        session.show(await dependantsOf(session, id), ({ negotiation, successors, renewals, transfers, ...rest }) => {
          const states = Object.entries(transfers.states).map(([state, number]) => `${number} ${state}`);
          return (
            record([
              ['negotiation', `${negotiation.id} ${negotiation.state}`],
              ['superseded by', successors.join(', ')],
              ['being renewed in', renewals.join(', ')],
              ['transfers', states.join(', ') || 'none'],
              ['access tokens', transfers.tokens],
              ['receipts', rest.receipts],
              ['model', rest.modelId],
            ]) + section('Ends with it', openTransfers(transfers.open))
          );
        });
      }),
    );
}

interface RenewOptions extends WaitOptions {
  readonly offer?: string;
  readonly purpose?: string;
}

function addRenew(agreement: Command, cli: Cli): void {
  const renew = agreement
    .command('renew')
    .argument('<id>')
    .option('--offer <id>', 'the offer to ask for (default: the only one that there is for the dataset now)')
    .option('--purpose <iri>', 'what the data are for (default: the purpose of this agreement)')
    .description('negotiate an agreement about the same dataset that takes the place of this one');
  waiting(renew, 'until the negotiation comes to rest', 30)
    .addHelpText(
      'after',
      `${examples(
        'hansa agreement renew urn:uuid:…',
        'hansa agreement renew urn:uuid:… --offer urn:uuid:… --purpose dpv:AcademicResearch',
      )}\nThe old agreement holds until the new one is concluded; its transfers end then.
Exit code: 0 when finalised (or not waited for), 1 otherwise.\n`,
    )
    .action(
      action(cli, async (session, id: string, options: RenewOptions) => {
        const old = await session.answer(session.client.get<Agreement>(path`/agreements/${id}`));
        const { counterparty, datasetId } = old;
        const purpose = options.purpose ?? old.purpose ?? undefined;
        const request = { counterparty, datasetId, offerId: options.offer, purpose, supersedes: id };
        await negotiate(session, request, options);
      }),
    );
}

interface TerminateOptions extends WaitOptions {
  readonly reason: string;
  readonly yes?: boolean;
}

function addTerminate(agreement: Command, cli: Cli): void {
  const terminate = agreement
    .command('terminate')
    .argument('<id>')
    .requiredOption('--reason <text>', 'why; the other side is told')
    .option('-y, --yes', 'do not ask')
    .description('end an agreement: its access tokens die at once');
  waitingForAcknowledgement(terminate)
    .addHelpText(
      'after',
      examples('hansa agreement terminate urn:uuid:… --reason "The project has ended." --yes') +
        '\nExit code: 0 when the other side knows (or was not waited for), 1 otherwise. The agreement has ended in both cases.\n',
    )
    .action(
      action(cli, async (session, id: string, { reason, yes, wait, timeout }: TerminateOptions) => {
        if (!yes) await session.confirm(questionOf(id, await dependantsOf(session, id)), yes);
        const url = path`/agreements/${id}`;
        const ended = await session.answer(session.client.post<Agreement>(`${url}/terminate`, { reason }));
        const last = wait
          ? await session.waitUntil(
              () => session.answer(session.client.get<Agreement>(url)),
              ({ notice }) => notice !== 'pending',
              ({ counterparty }) => `Waiting for ${counterparty} …`,
              timeout,
            )
          : ended;
        session.show(last, ({ counterparty, notice }) => {
          const told = notice === null ? '' : `; ${counterparty} ${noticeTexts[notice]}`;
          return `Terminated: ${id}. Nothing can be fetched under it any more${told}.\n`;
        });
        if (wait && last.notice === 'pending') session.exitCode = 1;
      }),
    );
}

const dependantsOf = (session: Session, id: string): Promise<AgreementDependants> =>
  session.answer(session.client.get<AgreementDependants>(path`/agreements/${id}/dependants`));

const openTransfers = (open: AgreementDependants['transfers']['open']): readonly string[] =>
  open.map(({ id, state }) => `transfer ${id} ${state}`);

function questionOf(id: string, { transfers, modelId }: AgreementDependants): string {
  const ends = [
    ...openTransfers(transfers.open),
    ...(transfers.tokens > 0 ? [`access tokens: ${transfers.tokens}`] : []),
    ...(modelId === null ? [] : [`access to the model ${modelId}`]),
  ];
  const what =
    ends.length === 0 ? 'Nothing else ends with it.' : `With it ends:\n${ends.map((line) => `  ${line}\n`).join('')}`;
  return `Terminate the agreement ${id}? ${what.trimEnd()}\nThis cannot be undone.`;
}

const noticeTexts: Readonly<Record<NonNullable<Agreement['notice']>, string>> = {
  pending: 'has not acknowledged it yet',
  acknowledged: 'has acknowledged the end',
  refused: 'does not take messages about agreements, and learns the end from its transfers',
};

function endText(end: AgreementEnd): string {
  if (end.kind === 'expired') return `${time(end.at)}, expired`;
  if (end.kind === 'superseded') return `${time(end.at)}, superseded by ${end.by}`;
  return `${time(end.at)}, terminated by the ${end.by}: ${end.reason.join(' ') || 'no reason given'}`;
}
