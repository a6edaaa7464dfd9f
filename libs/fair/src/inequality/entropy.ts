import { addCounts, type ConfusionCounts, type DisclosedCounts } from '../counts.js';
import { type Figure, figure, suppressedBecause, undefinedBecause } from '../figure.js';
import { areKnown, type CountedGroup, knownCounts, knownGroups } from './known-groups.js';

/** The inequality of benefits, split by groups: total = between + within. */
export interface EntropyDecomposition {
  readonly total: Figure;
  /** What would remain if everybody had the mean benefit of their group; may be defined where the total is not. */
  readonly between: Figure;
  /** The inequality inside the groups, weighted by their share of rows and benefit. */
  readonly within: Figure;
}

/**
 * Generalised entropy of the benefits b = decision − label + 1, which are 0 (false negative), 1 (right) and 2 (false
 * positive): mean of ((b/μ)^α − 1) / (α(α − 1)), with μ the mean benefit. 0 is equality. The larger α, the more weight
 * has a high benefit; with α of 0 or less one benefit of 0 leaves no finite figure, and the answer says so.
 * Speicher et al., KDD 2018.
 *
 * @param alpha 0 (mean log deviation) and 1 (Theil) are the limits of the formula.
 * @example
 * generalizedEntropyOf({ n: 4, tn: 1, fp: 1, fn: 1, tp: 1 }, 2); // { state: 'value', value: 0.25 }
 */
export function generalizedEntropyOf(counts: DisclosedCounts, alpha: number): Figure {
  const known = knownCounts(counts);
  return known ? entropyOf(benefitsOf(known), alpha) : suppressedBecause('small counts were withheld');
}

/** Theil's index of the benefits: generalised entropy with α = 1. */
export function theilOf(counts: DisclosedCounts): Figure {
  return generalizedEntropyOf(counts, 1);
}

/** The standard deviation of the benefits over their mean: √(2 · generalised entropy with α = 2). */
export function coefficientOfVariationOf(counts: DisclosedCounts): Figure {
  const entropy = generalizedEntropyOf(counts, 2);
  return entropy.state === 'value' ? figure(Math.sqrt(2 * entropy.value)) : entropy;
}

/** Splits the generalised entropy of an attribute's rows into that between its groups and that within them. */
export function decomposeEntropy(groups: readonly CountedGroup[], alpha: number): EntropyDecomposition {
  const known = knownGroups(groups);
  if (!areKnown(known)) return { total: known, between: known, within: known };
  const all = benefitsOf(addCounts(known.map(({ counts }) => counts)));
  const own = known.map(({ counts }) => benefitsOf(counts));
  const levelled = own.map((benefits) => [meanOf(benefits), rowsOf(benefits)] as const);
  return { total: entropyOf(all, alpha), between: entropyOf(levelled, alpha), within: withinOf(own, all, alpha) };
}

/** Pairs of a benefit and the rows that have it. */
type Benefits = readonly (readonly [benefit: number, rows: number])[];

function benefitsOf({ tn, fp, fn, tp }: ConfusionCounts): Benefits {
  return [
    [0, fn],
    [1, tn + tp],
    [2, fp],
  ];
}

const rowsOf = (benefits: Benefits): number => benefits.reduce((sum, [, rows]) => sum + rows, 0);
const meanOf = (benefits: Benefits): number =>
  benefits.reduce((sum, [benefit, rows]) => sum + benefit * rows, 0) / Math.max(1, rowsOf(benefits));

function entropyOf(benefits: Benefits, alpha: number): Figure {
  const reason = whyNone(benefits, alpha);
  if (reason) return undefinedBecause(reason);
  const mean = meanOf(benefits);
  const total = benefits.reduce(
    (sum, [benefit, rows]) => sum + (rows === 0 ? 0 : rows * term(benefit / mean, alpha)),
    0,
  );
  // All benefits alike: 0, which rounding may miss from below.
  return figure(Math.max(0, total / rowsOf(benefits)));
}

/** Σ over groups of (rows of the group / all rows) · (mean of the group / mean)^α · its own entropy. */
function withinOf(groups: readonly Benefits[], all: Benefits, alpha: number): Figure {
  const reason = whyNone(all, alpha);
  if (reason) return undefinedBecause(reason);
  let within = 0;
  for (const group of groups) {
    const own = entropyOf(group, alpha);
    // Nobody in the group has any benefit, so there is nothing unequal in it.
    if (own.state !== 'value') continue;
    within += (rowsOf(group) / rowsOf(all)) * (meanOf(group) / meanOf(all)) ** alpha * own.value;
  }
  return figure(within);
}

function whyNone(benefits: Benefits, alpha: number): string | undefined {
  const given = benefits.filter(([, rows]) => rows > 0);
  if (given.length === 0) return 'no rows';
  if (given.every(([benefit]) => benefit === 0)) return 'nobody has any benefit';
  if (alpha <= 0 && given.some(([benefit]) => benefit === 0))
    return 'somebody has no benefit, which alpha of 0 or less weighs as infinite';
  return undefined;
}

/** What one row with the relative benefit x adds. */
function term(x: number, alpha: number): number {
  if (alpha === 0) return -Math.log(x);
  if (alpha === 1) return x === 0 ? 0 : x * Math.log(x);
  return (x ** alpha - 1) / (alpha * (alpha - 1));
}
