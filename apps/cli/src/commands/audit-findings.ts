import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { AuditFinding, Page } from '../api.js';
import { path } from '../client.js';
import { badUsage } from '../failure.js';
import { table } from '../print/table.js';
import type { Session } from '../session.js';

interface AnswerOptions {
  readonly state?: string;
  readonly owner?: string;
  readonly due?: string;
  readonly reason?: string;
  readonly evidence?: string;
}

/** `hansa audit findings` and `hansa audit answer`: who answers for what was found, until when, and what came of it. */
export function addAuditFindings(audit: Command, cli: Cli): void {
  audit
    .command('findings')
    .argument('<id>')
    .description('the findings of an audit: who answers for each, until when, and what came of it')
    .addHelpText(
      'after',
      examples('hansa audit findings urn:uuid:…', 'hansa audit findings urn:uuid:… -o json > findings.json'),
    )
    .action(
      action(cli, async (session, id: string) => {
        const { items } = await findingsOf(session, id);
        session.show({ items }, () => findingsText(items, session));
      }),
    );
  audit
    .command('answer')
    .argument('<id>')
    .argument('<finding>', 'the digest of the finding, or its first characters')
    .option('--state <state>', 'open, accepted (with --reason) or resolved (with --evidence)')
    .option('--owner <who>', 'who answers for it')
    .option('--due <day>', 'until which day, as 2026-12-23')
    .option('--reason <text>', 'why it is accepted')
    .option('--evidence <text>', 'what shows that it is resolved: an address, a digest, another audit')
    .description('say who answers for a finding, until when, or what came of it; it stands in the ledger')
    .addHelpText(
      'after',
      `${examples(
        'hansa audit answer urn:uuid:… sha-256:4b1f --owner "Head of Benefits" --due 2026-12-23',
        'hansa audit answer urn:uuid:… sha-256:4b1f --state accepted --reason "The model is out of use."',
      )}
While a grave finding is open nobody can counter-sign the audit.
`,
    )
    .action(
      action(cli, async (session, id: string, start: string, options: AnswerOptions) => {
        const { items } = await findingsOf(session, id);
        const found = items.filter(
          ({ finding }) => finding.startsWith(start) || finding.startsWith(`sha-256:${start}`),
        );
        const [one] = found;
        if (one === undefined || found.length > 1)
          throw badUsage(`${found.length} findings begin with ${start}. See: hansa audit findings ${id}`);
        const { state, owner, due, reason, evidence } = options;
        const answered = await session.answer(
          session.client.put<Page<AuditFinding>>(path`/audits/${id}/findings/${one.finding}`, {
            ...{ state, owner, due, reason, evidence },
          }),
        );
        session.show(answered, (shown) => findingsText(shown.items, session));
      }),
    );
}

function findingsOf(session: Session, id: string): Promise<Page<AuditFinding>> {
  return session.answer(session.client.get<Page<AuditFinding>>(path`/audits/${id}/findings`));
}

function findingsText(items: readonly AuditFinding[], { paint }: Session): string {
  if (items.length === 0) return 'The audit has no findings.\n';
  return table<AuditFinding>(
    [
      { head: 'FINDING', of: ({ finding }) => finding.slice(0, 20) },
      { head: 'SEVERITY', of: ({ severity }) => severity },
      { head: 'STATE', of: ({ state, isOverdue }) => (isOverdue ? `${state}, overdue` : state) },
      { head: 'OWNER', of: ({ owner }) => owner },
      { head: 'DUE', of: ({ due }) => due },
      { head: 'TEXT', of: ({ text }) => text },
    ],
    items,
    paint.bold,
  );
}
