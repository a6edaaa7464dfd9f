import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { Agreement, AgreementEnd } from '../api.js';
import { path } from '../client.js';
import { record, section } from '../print/table.js';
import { time } from '../print/text.js';
import { listing } from './listing.js';

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

  agreement
    .command('terminate')
    .argument('<id>')
    .requiredOption('--reason <text>', 'why; it stands in the ledger')
    .option('-y, --yes', 'do not ask')
    .description('end an agreement: its access tokens die at once')
    .addHelpText('after', examples('hansa agreement terminate urn:uuid:… --reason "The project has ended." --yes'))
    .action(
      action(cli, async (session, id: string, { reason, yes }: { readonly reason: string; readonly yes?: boolean }) => {
        await session.confirm(`Terminate the agreement ${id}? This cannot be undone.`, yes);
        const ended = await session.answer(
          session.client.post<Agreement>(path`/agreements/${id}/terminate`, { reason }),
        );
        session.show(
          ended,
          ({ counterparty }) =>
            `Terminated: ${id}. Nothing can be fetched under it any more; ${counterparty} learns it as its transfers end.\n`,
        );
      }),
    );
}

const noticeTexts: Readonly<Record<NonNullable<Agreement['notice']>, string>> = {
  pending: 'is being told',
  acknowledged: 'has acknowledged the termination',
  refused: 'does not take the message; it learns the end from its transfers',
};

function endText(end: AgreementEnd): string {
  if (end.kind === 'expired') return `${time(end.at)}, expired`;
  if (end.kind === 'superseded') return `${time(end.at)}, superseded by ${end.by}`;
  return `${time(end.at)}, terminated by the ${end.by}: ${end.reason.join(' ') || 'no reason given'}`;
}
