import { must, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { marginal } from '../counting/joint-algebra.js';
import { groupsOf, type JointCounts } from '../counting/joint-counts.js';
import { notStated } from '../partition.js';
import type { AuditPlan } from '../plan.js';
import { type ScoreTable, scoreBins } from '../scores/score-table.js';
import type { HandedTable, WithheldScores } from './handed-tables.js';

export type WithheldScoresProblem = Problem<'withhold.no-range' | 'withhold.missing-scores'>;

/** A group with the rows of each fine bin: tn, fp, fn, tp. */
export interface BinnedGroup {
  readonly codes: readonly number[];
  readonly cells: Float64Array;
}

export interface BinnedTable {
  readonly attributes: readonly string[];
  readonly groups: readonly BinnedGroup[];
}

/**
 * The scores of everybody, and those of the groups of columns of which no number is withheld, neither alone nor crossed
 * with others: so the scores narrow down no withheld number, because any way to fill those in goes with any scores of
 * the same labels and decisions. All groups have the same bins. A bin is one of a fixed tree over the 1000 of the plan
 * (halves, then fifths), and is divided only if every part holds, in every group and for both labels, `minimumCell`
 * rows or more: and as many of each decision, unless all rows of the part were decided alike. So whoever knows how
 * scores decide learns no smaller number either.
 */
export function withholdScores(
  { joint, range }: ScoreTable,
  tables: readonly HandedTable[],
  plan: AuditPlan,
  minimumCell: number,
): Result<WithheldScores, WithheldScoresProblem> {
  if (range === null || plan.score?.range === undefined)
    return refuse(
      'withhold.no-range',
      'Where numbers are withheld, scores are handed out in bins that were agreed on: give the plan a range of scores.',
      'plan.score.range',
    );
  if (joint.attributes.at(-1)?.levels.includes(notStated))
    return refuse(
      'withhold.missing-scores',
      'Some rows have no score, and how many are few enough to be withheld: leave them out by a condition.',
      'plan.score',
    );
  const open = [[], ...comparedColumns(plan)].filter((names) => isOpen(names, tables));
  const binned = open.map((attributes) => binnedTable(joint, attributes));
  const bins = divide(binned, 0, scoreBins, minimumCell);
  const ends = [...bins.slice(1), scoreBins];
  const merged = (cells: Float64Array, label: 0 | 1) =>
    bins.map((from, i) => rowsIn(cells, from, ends[i] ?? scoreBins, label * 2, label * 2 + 1));
  return ok({
    range,
    bins,
    tables: binned.map(({ attributes, groups }) => ({
      attributes,
      groups: groups.map(({ codes, cells }) => ({ codes, negative: merged(cells, 0), positive: merged(cells, 1) })),
    })),
  });
}

/** What a plan compares, column by column. */
export function comparedColumns({ attributes, intersections = [] }: AuditPlan): readonly (readonly string[])[] {
  return [...attributes.map((name) => [name]), ...intersections];
}

/** Whether nothing is withheld of these columns, nor of any that tables cross with them, directly or by way of others. */
export function isOpen(names: readonly string[], tables: readonly HandedTable[]): boolean {
  const reached = new Set(names);
  for (let before = -1; before < reached.size; ) {
    before = reached.size;
    for (const { attributes } of tables)
      if (attributes.some((name) => reached.has(name))) for (const name of attributes) reached.add(name);
  }
  return tables.every(
    ({ attributes, groups }) =>
      !attributes.some((name) => reached.has(name)) || groups.every(({ cells }) => !cells.includes(null)),
  );
}

/** The groups of some columns with their rows in each of the plan's bins; no group, where there are no rows. */
export function binnedTable(joint: JointCounts, attributes: readonly string[]): BinnedTable {
  const score = joint.attributes.at(-1)?.attribute ?? '';
  const columns = attributes.map((name) => joint.attributes.find(({ attribute }) => attribute === name)?.levels ?? []);
  const groups = new Map<string, BinnedGroup>();
  // The plan's columns are those of the counts: whoever calls has checked it.
  for (const { levels, counts } of groupsOf(must(marginal(joint, [...attributes, score])))) {
    const codes = columns.map((own, k) => own.indexOf(levels[k] ?? ''));
    const key = codes.join();
    const group = groups.get(key) ?? { codes, cells: new Float64Array(scoreBins * 4) };
    groups.set(key, group);
    group.cells.set([counts.tn, counts.fp, counts.fn, counts.tp], Number(levels.at(-1)) * 4);
  }
  return { attributes, groups: [...groups.values()] };
}

/** The first of the bins that are put together, between two of them. */
function divide(tables: readonly BinnedTable[], from: number, to: number, minimumCell: number): readonly number[] {
  const width = to - from;
  const parts = width % 2 === 0 ? 2 : width % 5 === 0 ? 5 : 1;
  if (parts === 1) return [from];
  const starts = Array.from({ length: parts }, (_, i) => from + (width / parts) * i);
  const holds = (start: number) => isLarge(tables, start, start + width / parts, minimumCell);
  if (!starts.every(holds)) return [from];
  return starts.flatMap((start) => divide(tables, start, start + width / parts, minimumCell));
}

function isLarge(tables: readonly BinnedTable[], from: number, to: number, minimumCell: number): boolean {
  const all = tables[0]?.groups[0]?.cells ?? new Float64Array(0);
  const kinds = [rowsIn(all, from, to, 0, 2), rowsIn(all, from, to, 1, 3)];
  const decided = [0, 1].filter((decision) => (kinds[decision] ?? 0) > 0);
  const cells = decided.flatMap((decision) => [decision, decision + 2]);
  if (decided.length === 0) return false;
  return tables.every(({ groups }) =>
    groups.every((group) => cells.every((cell) => rowsIn(group.cells, from, to, cell) >= minimumCell)),
  );
}

function rowsIn(cells: Float64Array, from: number, to: number, ...wanted: readonly number[]): number {
  let rows = 0;
  for (let bin = from; bin < to; bin++) for (const cell of wanted) rows += cells[bin * 4 + cell] ?? 0;
  return rows;
}
