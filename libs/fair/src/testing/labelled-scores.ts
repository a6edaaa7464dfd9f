import { must } from '@hansa/kernel';
import { addGroups, countScores, type GroupScores, type ScoreGrid, type ScoreHistogram } from '../index.js';

/** Scores and labels of one group, row by row. */
export interface LabelledScores {
  readonly score: readonly number[];
  readonly label: readonly number[];
}

/** Groups of rows as one histogram. */
export function histogramOf(groups: Readonly<Record<string, LabelledScores>>, grid: ScoreGrid): ScoreHistogram {
  const levels = Object.keys(groups);
  const all = levels.map((level) => groups[level] ?? { score: [], label: [] });
  const [histogram] = must(
    countScores({
      label: Uint8Array.from(all.flatMap(({ label }) => label)),
      score: Float64Array.from(all.flatMap(({ score }) => score)),
      groups: [
        { attribute: 'group', levels, codes: Uint16Array.from(all.flatMap(({ score }, i) => score.map(() => i))) },
      ],
      grid,
    }),
  );
  if (histogram === undefined) throw new Error('there is one attribute');
  return histogram;
}

/** One group of a histogram. */
export function groupOf(histogram: ScoreHistogram, name: string): GroupScores {
  const found = histogram.groups.find(({ group }) => group === name);
  if (found === undefined) throw new Error(`no group ${name}`);
  return found;
}

/** Everybody. */
export const everybody = (histogram: ScoreHistogram): GroupScores => addGroups('all', histogram.groups);
