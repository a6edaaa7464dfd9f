import { ok, type Result, refuse } from '@hansa/kernel';
import type { JointCount, SourceProfile, TableEngine, TableSource } from '@hansa/tabular';
import type { AuditFileFacts, AuditFileProblem, MissingCode } from './audit-file.js';
import { firstRows } from './first-rows.js';
import { lookalikes, missingCodes } from './suspicious-values.js';
import { leftOut, monthFacts, type Outcomes, outcomeFacts, rowsByValue } from './tabulate.js';

/** Countings of one file; the first two columns of each are the label and the decision. */
export interface Counts {
  readonly all: JointCount;
  /** With the cluster as its last column. */
  readonly clusters?: JointCount;
  readonly months?: JointCount;
  readonly scores?: JointCount;
  readonly scoreMonths?: JointCount;
  /** With the decisions of people as its last column. */
  readonly baseline?: JointCount;
}

/** What is said about the file beside its confusion tables. */
export async function factsOf(
  tables: TableEngine,
  source: TableSource,
  profile: SourceProfile,
  { all, months }: Counts,
  outcomes: Outcomes,
  counted: number,
): Promise<Result<AuditFileFacts, AuditFileProblem>> {
  const [labels, decisions] = all.columns;
  if (!labels || !decisions) throw new Error('a counting lacks its columns');
  const rows = all.rows.reduce((sum, own) => sum + own, 0);
  if (rows !== profile.rows)
    return refuse('audit-file.changed', 'The file changed while it was read; start again when it is complete.');
  const codes = await withFirstRows(tables, source, missingCodes(all));
  if (!codes.ok) return codes;
  const label = outcomeFacts(labels.column, labels, outcomes.label, rowsByValue(all, 0));
  const decision = outcomeFacts(decisions.column, decisions, outcomes.decision, rowsByValue(all, 1));
  return ok({
    format: source.format,
    bytes: profile.bytes,
    digest: profile.digest,
    rows,
    counted,
    columns: profile.columns,
    duplicates: profile.duplicates,
    constantColumns: profile.columns.filter(({ constant }) => constant).map(({ name }) => name),
    label,
    decision,
    leftOut: leftOut(all, outcomes),
    missingCodes: codes.value,
    lookalikes: lookalikes(all),
    ...(months && { months: monthFacts(months, outcomes) }),
  });
}

async function withFirstRows(
  tables: TableEngine,
  source: TableSource,
  codes: readonly Omit<MissingCode, 'firstRow'>[],
): Promise<Result<readonly MissingCode[], AuditFileProblem>> {
  if (codes.length === 0) return ok([]);
  const rows = await firstRows(tables, source, [...new Set(codes.map(({ column }) => column))]);
  if (!rows.ok) return rows;
  return ok(codes.map((code) => ({ ...code, firstRow: rows.value.get(code.column)?.get(code.value) ?? 0 })));
}
