import { ok, type Result, refuse } from '@hansa/kernel';
import type { JointCounts } from '../counting/joint-counts.js';
import { type AuditPlan, crossed } from '../plan.js';
import { labelScores } from '../scores/joint-scores.js';
import { edgesGrid, type ScoreGrid } from '../scores/score-grid.js';
import type { GroupScores, ScoreHistogram } from '../scores/score-histogram.js';
import type { CountedScores } from '../scores/score-part.js';
import { countedScores, type ScoreTable, scoreBins } from '../scores/score-table.js';
import type { AuditCounts } from './audit-counts.js';
import { compareGroups } from './merge-tables.js';
import type { CityCounts } from './read-audit-counts.js';
import { addScoreTables, type ScoreTablesProblem } from './score-tables.js';
import { binnedTable, comparedColumns } from './withheld-scores.js';

/** Rows of a group in some bins, by what was true. */
interface Bars {
  readonly levels: readonly string[];
  readonly negative: readonly number[];
  readonly positive: readonly number[];
}

/** One place's scores: the bins that it tells apart, and its groups by the columns that it hands out. */
interface PlaceScores {
  readonly bins: readonly number[];
  readonly by: (names: readonly string[]) => readonly Bars[] | null;
}

/**
 * The scores of several cities as those of one population; to the bit those of one file with all rows where nobody
 * withheld anything. Else in the bins that all cities tell apart, and only of the columns of which no city withholds
 * anything.
 */
export function mergeScores(
  cities: readonly CityCounts[],
  plan: AuditPlan,
): Result<CountedScores | undefined, ScoreTablesProblem> {
  if (!plan.score) return ok(undefined);
  const tables = cities.flatMap(({ scores }) => scores ?? []);
  if (tables.length === cities.length) {
    const sum = addScoreTables(tables);
    return sum.ok ? countedScores(sum.value, plan) : sum;
  }
  const { range } = plan.score;
  if (range === undefined) return refuse('merge.other-scores', 'The plan has no range of scores.', 'plan.score.range');
  const places = cities.map((city) => placeOf(city));
  const bins = (places[0]?.bins ?? []).filter((bin) => places.every((place) => place.bins.includes(bin)));
  const edgeAt = (bin: number) => (bin === scoreBins ? range[1] : range[0] + ((range[1] - range[0]) * bin) / scoreBins);
  const grid = edgesGrid([...bins, scoreBins].map(edgeAt));
  if (!grid.ok) return grid;
  const compared = comparedColumns(plan);
  const histograms = compared.flatMap((names) => histogramOf(places, names, bins, grid.value) ?? []);
  const everybody = histogramOf(places, [], bins, grid.value);
  const handed = histograms.map(({ attribute }) => attribute);
  const withheld = compared.map(crossed).filter((name) => !handed.includes(name));
  const withoutScore = tables.reduce((rows, table) => rows + rowsWithoutScore(table, plan), 0);
  return ok({ histograms, withoutScore, ...(everybody && { everybody }), withheld });
}

function rowsWithoutScore(table: ScoreTable, plan: AuditPlan): number {
  const counted = countedScores(table, plan);
  return counted.ok ? counted.value.withoutScore : 0;
}

function placeOf({ document, scores }: CityCounts): PlaceScores {
  const all = Array.from({ length: scoreBins }, (_, bin) => bin);
  if (scores) return { bins: all, by: (names) => barsOf(scores.joint, names) };
  const handed = document.counts.kind === 'tables' ? document.counts.scores : undefined;
  return { bins: handed?.bins ?? [], by: (names) => handedBars(document, names) };
}

function barsOf(joint: JointCounts, names: readonly string[]): readonly Bars[] {
  const levels = names.map((name) => joint.attributes.find(({ attribute }) => attribute === name)?.levels ?? []);
  const pairs = (cells: Float64Array, at: number) =>
    Array.from({ length: scoreBins }, (_, bin) => (cells[bin * 4 + at] ?? 0) + (cells[bin * 4 + at + 1] ?? 0));
  return binnedTable(joint, names).groups.map(({ codes, cells }) => ({
    levels: codes.map((code, k) => levels[k]?.[code] ?? ''),
    negative: pairs(cells, 0),
    positive: pairs(cells, 2),
  }));
}

function handedBars({ columns, counts }: AuditCounts, names: readonly string[]): readonly Bars[] | null {
  const tables = counts.kind === 'tables' ? (counts.scores?.tables ?? []) : [];
  const table = tables.find(({ attributes }) => crossed(attributes) === crossed(names));
  if (!table) return null;
  const levels = names.map((name) => columns.find(({ attribute }) => attribute === name)?.levels ?? []);
  return table.groups.map(({ codes, negative, positive }) => {
    return { levels: codes.map((code, k) => levels[k]?.[code] ?? ''), negative, positive };
  });
}

/** One histogram of all places; nothing where one of them withholds it. */
function histogramOf(
  places: readonly PlaceScores[],
  names: readonly string[],
  bins: readonly number[],
  grid: ScoreGrid,
): ScoreHistogram | undefined {
  const sums = new Map<string, { levels: readonly string[]; negative: Float64Array; positive: Float64Array }>();
  for (const { bins: own, by } of places) {
    const groups = by(names);
    if (groups === null) return undefined;
    for (const { levels, negative, positive } of groups) {
      const key = JSON.stringify(levels);
      const sum = sums.get(key) ?? { levels, negative: emptyOf(bins), positive: emptyOf(bins) };
      sums.set(key, sum);
      addBars(sum.negative, negative, own, bins);
      addBars(sum.positive, positive, own, bins);
    }
  }
  const groups = [...sums.values()].sort((a, b) => compareGroups(a.levels, b.levels));
  return {
    attribute: crossed(names),
    grid,
    groups: groups.map(({ levels, negative, positive }): GroupScores => {
      const group = names.length === 0 ? 'everybody' : levels.join(', ');
      return { group, negative: labelScores(negative, grid), positive: labelScores(positive, grid) };
    }),
  };
}

const emptyOf = (bins: readonly number[]) => new Float64Array(bins.length);

/** Adds narrow bins to the wide ones in which they lie. */
function addBars(sum: Float64Array, bars: readonly number[], own: readonly number[], wide: readonly number[]): void {
  let at = 0;
  for (const [i, rows] of bars.entries()) {
    while (at + 1 < wide.length && (own[i] ?? 0) >= (wide[at + 1] ?? 0)) at++;
    sum[at] = (sum[at] ?? 0) + rows;
  }
}
