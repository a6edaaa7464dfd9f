import { count } from './format.js';
import type { RateFigure, RateRow } from './rate-figure.js';

/** The rows of a figure that are shown: all of them, or both ends of what would be too many. */
export interface ShownRows {
  readonly first: readonly RateRow[];
  /** How many are left out after the first. */
  readonly between: number;
  readonly last: readonly RateRow[];
}

/**
 * At most so many rows. Judged groups come before those that are too small; of too many judged groups two thirds are the
 * worst-off and one third the best-off.
 */
export function shownRows({ rows }: RateFigure, most: number): ShownRows {
  const judged = rows.filter(({ standing }) => standing !== 'small');
  if (judged.length <= most) return { first: rows.slice(0, most), between: Math.max(0, rows.length - most), last: [] };
  const last = Math.floor(most / 3);
  return {
    first: judged.slice(0, most - last),
    between: judged.length - most,
    last: judged.slice(judged.length - last),
  };
}

/** Which groups a figure shows and which it leaves out; null when it shows them all. */
export function leftOutSentence(figure: RateFigure, { first, last }: ShownRows): string | null {
  const { length: all } = figure.rows;
  const shown = first.length + last.length;
  if (shown === all) return null;
  const which =
    last.length === 0
      ? `${count(shown)} of ${count(all)} groups are drawn, those that can be judged first`
      : `The ${count(first.length)} worst-off and the ${count(last.length)} best-off of ${count(all)} groups are drawn`;
  return `${which}. The table has more of them, report.json has all.`;
}
