import { canonicalJson, type Result, refuse } from '@hansa/kernel';
import type { JointAttribute } from '../counting/joint-counts.js';
import { scoreBins } from '../scores/score-table.js';
import type { AuditCounts, AuditCountsProblem } from './audit-counts.js';
import type { HandedScores, HandedTable, WithheldTables } from './handed-tables.js';
import { comparedColumns, isOpen } from './withheld-scores.js';

/** What is wrong with the scores of a document from elsewhere. */
export function withheldScoresProblem(
  { columns, plan }: AuditCounts,
  { tables, scores, minimumCell }: WithheldTables,
): Result<never, AuditCountsProblem> | undefined {
  if (!scores) return undefined;
  const no = (detail: string, at: string) => refuse('audit-counts.not-canonical', detail, `/counts/scores/${at}`);
  const { range, bins, tables: handed } = scores;
  if (canonicalJson(range) !== canonicalJson(plan.score?.range ?? null))
    return no('The scores have another range than the plan.', 'range');
  if (bins[0] !== 0 || bins.some((bin, i) => i > 0 && !(bin > (bins[i - 1] ?? 0) && bin < scoreBins)))
    return no('Bins begin with 0 and rise.', 'bins');
  const open = [[], ...comparedColumns(plan)].filter((names) => isOpen(names, tables));
  if (canonicalJson(handed.map(({ attributes }) => attributes)) !== canonicalJson(open))
    return no('The scores are not those of the columns of which nothing is withheld.', 'tables');
  const wrong = handed.findIndex((table) => !fits(table, { bins, columns, tables, minimumCell }));
  return wrong < 0 ? undefined : no('The scores are not of the rows of their groups.', `tables/${wrong}`);
}

function fits(
  { attributes, groups }: HandedScores,
  about: {
    readonly bins: readonly number[];
    readonly columns: readonly JointAttribute[];
    readonly tables: readonly HandedTable[];
    readonly minimumCell: number;
  },
): boolean {
  const { bins, columns, tables, minimumCell } = about;
  const order = columns.map(({ attribute }) => attribute).filter((name) => attributes.includes(name));
  const table = tables.find((own) => canonicalJson(own.attributes) === canonicalJson(order));
  if (!table || groups.length !== table.groups.length) return false;
  const sum = (rows: readonly number[]) => rows.reduce((total, own) => total + own, 0);
  return groups.every(({ codes, negative, positive }) => {
    const placed = order.map((name) => codes[attributes.indexOf(name)] ?? -1);
    const cells = table.groups.find((own) => canonicalJson(own.codes) === canonicalJson(placed))?.cells;
    const [tn, fp, fn, tp] = cells ?? [null, null, null, null];
    if (tn === null || fp === null || fn === null || tp === null) return false;
    const bars = [...negative, ...positive];
    if (bars.length !== bins.length * 2 || negative.length !== bins.length) return false;
    return sum(negative) === tn + fp && sum(positive) === fn + tp && bars.every((rows) => rows >= minimumCell);
  });
}
