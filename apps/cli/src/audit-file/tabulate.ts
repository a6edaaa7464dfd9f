import { type HumanDecisions, type JointCounts, jointCounts, notStated, peopleAgree, peopleRefuse } from '@hansa/fair';
import { ok, type Result, refuse } from '@hansa/kernel';
import type { CountedColumn, JointCount } from '@hansa/tabular';
import type { AuditFileProblem, LeftOut, MonthFacts, OutcomeFacts } from './audit-file.js';
import { missing, positive } from './outcome.js';

/** How the values of the first two columns of a counting are read: {@link positive}, negative or {@link missing}. */
export interface Outcomes {
  readonly label: Uint8Array;
  readonly decision: Uint8Array;
}

/** Combinations of a counting with their outcomes; its first two columns are the label and the decision. */
function* combinationsOf(count: JointCount, { label, decision }: Outcomes) {
  const width = count.columns.length;
  for (const [i, rows] of count.rows.entries()) {
    const codes = count.codes.subarray(i * width, (i + 1) * width);
    const [y, d, ...others] = codes;
    yield { i, rows, label: label[y ?? 0] ?? missing, decision: decision[d ?? 0] ?? missing, others };
  }
}

/** The confusion tables of the combinations of all further columns. Rows without a label or decision are left out. */
export function tabulate(count: JointCount, outcomes: Outcomes): Result<JointCounts, AuditFileProblem> {
  const kept = [...combinationsOf(count, outcomes)].filter((c) => c.label !== missing && c.decision !== missing);
  const { weights } = count;
  return jointCounts({
    attributes: count.columns.slice(2).map(({ column, values }) => ({ attribute: column, values })),
    codes: Uint32Array.from(kept.flatMap(({ others }) => others)),
    label: Uint8Array.from(kept, (c) => c.label),
    decision: Uint8Array.from(kept, (c) => c.decision),
    rows: Float64Array.from(kept, ({ rows }) => rows),
    ...(weights && {
      weights: {
        sums: kept.map(({ i }) => weights.sums[i] ?? 0n),
        squares: kept.map(({ i }) => weights.squares[i] ?? 0n),
      },
    }),
  });
}

/**
 * The confusion tables apart by what people decided, which is the last column of the counting. Rows about which they
 * did not decide are left out, and counted where the others are.
 */
export function tabulateBaseline(
  count: JointCount,
  outcomes: Outcomes,
  people: Uint8Array,
): Result<Pick<HumanDecisions, 'joint' | 'leftOut'>, AuditFileProblem> {
  const width = count.columns.length;
  const known: number[] = [];
  let leftOut = 0;
  for (const { i, rows, label, decision, others } of combinationsOf(count, outcomes)) {
    if (people[others.at(-1) ?? 0] !== missing) known.push(i);
    else if (label !== missing && decision !== missing) leftOut += rows;
  }
  const column = count.columns.at(-1);
  if (known.length === 0)
    return refuse('audit-file.no-rows', `No row has a decision by people ("${column?.column}").`, column?.column);
  const levels = Array.from(people, (code) => (code === positive ? peopleAgree : peopleRefuse));
  const joint = tabulate(
    {
      columns: count.columns.map((own) => (own === column ? { ...own, values: levels } : own)),
      codes: Uint32Array.from(known.flatMap((i) => [...count.codes.subarray(i * width, (i + 1) * width)])),
      rows: Float64Array.from(known, (i) => count.rows[i] ?? 0),
    },
    outcomes,
  );
  return joint.ok ? ok({ joint: joint.value, leftOut }) : joint;
}

/** Rows of the values of one column of a counting. */
export function rowsByValue(count: JointCount, column: number): Float64Array {
  const width = count.columns.length;
  const rows = new Float64Array(count.columns[column]?.values.length ?? 0);
  for (const [i, own] of count.rows.entries()) {
    const code = count.codes[i * width + column] ?? 0;
    rows[code] = (rows[code] ?? 0) + own;
  }
  return rows;
}

/** How a label or decision was read, value by value. */
export function outcomeFacts(name: string, column: CountedColumn, codes: Uint8Array, rows: Float64Array): OutcomeFacts {
  const values = column.values.flatMap((value, code) =>
    value === null ? [] : [{ value, rows: rows[code] ?? 0, positive: codes[code] === positive }],
  );
  const at = column.values.indexOf(null);
  return { column: name, values, missing: at < 0 ? 0 : (rows[at] ?? 0) };
}

/** Whom the confusion tables leave out, group by group; nothing when they leave out nobody. */
export function leftOut(count: JointCount, outcomes: Outcomes): readonly LeftOut[] {
  const attributes = count.columns.slice(2);
  const found = attributes.map(({ column, values }) =>
    values.map((value) => {
      return { attribute: column, level: value ?? notStated, rows: 0, withoutLabel: 0, withoutDecision: 0 };
    }),
  );
  let any = false;
  for (const { rows, label, decision, others } of combinationsOf(count, outcomes)) {
    any ||= label === missing || decision === missing;
    for (const [k, code] of others.entries()) {
      const level = found[k]?.[code];
      if (!level) continue;
      level.rows += rows;
      if (label === missing) level.withoutLabel += rows;
      if (decision === missing) level.withoutDecision += rows;
    }
  }
  return any ? found.flat() : [];
}

/** Outcomes by the third column of a counting, which is the month. */
export function monthFacts(count: JointCount, outcomes: Outcomes): readonly MonthFacts[] {
  const months = (count.columns[2]?.values ?? []).map((month) => {
    return { month, rows: 0, labelPositive: 0, decidedPositive: 0 };
  });
  for (const { rows, label, decision, others } of combinationsOf(count, outcomes)) {
    const month = months[others[0] ?? 0];
    if (!month || label === missing || decision === missing) continue;
    month.rows += rows;
    if (label === positive) month.labelPositive += rows;
    if (decision === positive) month.decidedPositive += rows;
  }
  return months;
}
