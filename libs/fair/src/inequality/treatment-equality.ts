import { type Figure, figure, suppressedBecause, undefinedBecause } from '../figure.js';
import { type GroupFigure, type Spread, spreadOf } from '../spread.js';
import type { CountedGroup } from './known-groups.js';

/** The kind of error that each group bears. */
export interface TreatmentEquality {
  /** False negatives for each false positive; undefined without false positives. */
  readonly groups: readonly GroupFigure[];
  readonly spread: Spread;
}

/**
 * Treatment equality: false negatives over false positives, for each group. Berk, Heidari, Jabbari, Kearns and Roth,
 * Sociological Methods & Research 50 (2021).
 */
export function treatmentEqualityOf(groups: readonly CountedGroup[]): TreatmentEquality {
  const own = groups.map(({ group, counts }) => ({ group, figure: ratioOf(counts.fn, counts.fp) }));
  return { groups: own, spread: spreadOf(own) };
}

function ratioOf(fn: number | null, fp: number | null): Figure {
  if (fn === null || fp === null) return suppressedBecause('small counts of errors were withheld');
  return fp === 0 ? undefinedBecause('no false positives') : figure(fn / fp);
}
