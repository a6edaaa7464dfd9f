import type { ConfusionCounts } from '../counts.js';
import { type Figure, figure, type Suppressed, type Undefined, undefinedBecause } from '../figure.js';
import { areKnown, type CountedGroup, knownGroups } from './known-groups.js';

/** Epsilon, and the two groups that decided it. */
export type DifferentialFairness =
  | {
      readonly state: 'value';
      /** 0 is parity; the probabilities of an outcome differ by a factor of e^epsilon at most. */
      readonly epsilon: number;
      readonly groups: readonly [string, string];
      /** The outcome whose probabilities differ most. */
      readonly outcome: 'positive' | 'negative';
      readonly concentration: number;
    }
  | Undefined
  | Suppressed;

/** Whether a figure speaks of what the model decided, or of what turned out to be true. */
export type Speaks = 'decision' | 'label';

/**
 * Smoothed empirical differential fairness: the largest |ln| of the ratio of two groups' probabilities of an outcome,
 * over all pairs of groups and both outcomes, with probability (k + c/2) / (n + c). Meant for the groups made by all
 * attributes together. Foulds, Islam, Keya and Pan, ICDE 2020; AIF360 counts the same with c = 1.
 *
 * @param concentration c, the rows added to every group, half of them positive; more than 0.
 * @example
 * differentialFairnessOf(groups, 'decision'); // { epsilon: 1.1404, groups: ['Native American', 'Other'], … }
 */
export function differentialFairnessOf(
  groups: readonly CountedGroup[],
  of: Speaks,
  concentration = 1,
): DifferentialFairness {
  if (!(concentration > 0)) throw new RangeError(`a concentration of ${concentration} smooths nothing`);
  const known = knownGroups(groups);
  if (!areKnown(known)) return known;
  if (known.length < 2) return undefinedBecause('fewer than two groups');
  const spreads = (['positive', 'negative'] as const).map((outcome) => {
    const logs = known.map(({ group, counts }) => ({
      group,
      log: Math.log(smoothed(counts, of, outcome, concentration)),
    }));
    const high = logs.reduce((best, next) => (next.log > best.log ? next : best));
    const low = logs.reduce((best, next) => (next.log < best.log || best === high ? next : best));
    return { outcome, epsilon: high.log - low.log, groups: [high.group, low.group] as const };
  });
  const widest = spreads.reduce((best, next) => (next.epsilon > best.epsilon ? next : best));
  return { state: 'value', ...widest, concentration };
}

/**
 * How much less differentially fair the decisions are than the labels: epsilon of the decisions minus epsilon of the
 * labels. Above 0 the model widens what it found.
 */
export function biasAmplificationOf(groups: readonly CountedGroup[], concentration = 1): Figure {
  const decisions = differentialFairnessOf(groups, 'decision', concentration);
  const labels = differentialFairnessOf(groups, 'label', concentration);
  if (decisions.state !== 'value') return decisions;
  return labels.state === 'value' ? figure(decisions.epsilon - labels.epsilon) : labels;
}

function smoothed(
  counts: ConfusionCounts,
  of: Speaks,
  outcome: 'positive' | 'negative',
  concentration: number,
): number {
  const positives = counts.tp + (of === 'decision' ? counts.fp : counts.fn);
  const k = outcome === 'positive' ? positives : counts.n - positives;
  return (k + concentration / 2) / (counts.n + concentration);
}
