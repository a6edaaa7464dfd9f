import { sharesOfAll } from '../comparisons/clustered-pairs.js';
import type { ComparedGroup, LeftOutGroup } from '../comparisons/comparison.js';
import { comparableOf } from '../comparisons/fairlearn.js';
import { type Figure, figure, undefinedBecause } from '../figure.js';
import type { Partition } from '../partition.js';
import type { AuditPlan } from '../plan.js';
import { effectiveOf, type RateName, rateOf, shareOf } from '../rates.js';
import type { Interval, Share } from '../statistics/interval.js';
import { permutationGap } from '../statistics/permutation.js';
import { detectableGap } from '../statistics/power.js';
import { shrink } from '../statistics/shrinkage.js';
import type { TestSettings } from './settings.js';

/** The largest gap of one planned rate between the groups of one attribute, beside what chance and numbers allow. */
export interface GapFacts {
  readonly rate: RateName;
  readonly attribute: string;
  /** Groups that are large enough to be judged. */
  readonly groups: number;
  /** The largest minus the smallest rate that was found. */
  readonly found: Figure;
  /** The mean of that, were all rates the same: noise always has a largest and a smallest. */
  readonly underNoDifference: Figure;
  /** The smallest true gap between any two of the groups that would have been found with the power of the plan. */
  readonly detectable: Figure;
  /** Groups too small to be judged: their rates as counted, and drawn towards the mean of all groups. */
  readonly smallGroups: readonly SmallGroup[];
}

/** A rate that hangs on few rows, raw and shrunken. */
export interface SmallGroup {
  readonly group: string;
  readonly k: number;
  readonly n: number;
  readonly value: number;
  readonly shrunken: { readonly value: number; readonly interval: Interval; readonly weight: number };
}

/** More groups are not shuffled: that would take longer than all the rest. */
const mostShuffled = 200;

export function gapFacts(whole: Partition, rate: RateName, plan: AuditPlan, settings: TestSettings): GapFacts {
  const { compared, leftOut, pair } = comparableOf(rate, whole, plan.floors);
  return {
    rate,
    attribute: whole.attribute,
    groups: compared.length,
    ...chanceGap(compared, settings),
    detectable: detectable(sharesOfAll(compared, pair, 'difference'), 1 - plan.level, settings.power),
    smallGroups: smallGroups(whole, rate, leftOut, plan.level),
  };
}

function chanceGap(
  groups: readonly ComparedGroup[],
  { replicates, seed }: TestSettings,
): Pick<GapFacts, 'found' | 'underNoDifference'> {
  const tooFew = undefinedBecause('fewer than two groups are large enough');
  if (groups.length < 2) return { found: tooFew, underNoDifference: tooFew };
  const values = groups.map(({ value }) => value);
  const found = figure(Math.max(...values) - Math.min(...values));
  if (groups.some(({ effective }) => effective !== undefined))
    return { found, underNoDifference: undefinedBecause('shuffling rows would part clusters') };
  if (groups.length > mostShuffled)
    return { found, underNoDifference: undefinedBecause(`more than ${mostShuffled} groups`) };
  const test = permutationGap([groups], { replicates, seed });
  return { found, underNoDifference: test.state === 'value' ? figure(test.expected) : test };
}

/**
 * For the two smallest groups, in the harder direction, with the error shared out over all pairs of groups: so any two
 * of them that lay so far apart would have been found.
 */
function detectable(groups: readonly Share[], alpha: number, power: number): Figure {
  const [smallest, next] = [...groups].sort((a, b) => a.n - b.n);
  if (!smallest || !next) return undefinedBecause('fewer than two groups are large enough');
  const [k, n] = [groups.reduce((sum, g) => sum + g.k, 0), groups.reduce((sum, g) => sum + g.n, 0)];
  if (k === 0 || k === n) return undefinedBecause(`all rows ${k === 0 ? 'fail' : 'succeed'}, so no spread is known`);
  const pairs = (groups.length * (groups.length - 1)) / 2;
  const { above, below } = detectableGap({ n1: smallest.n, n2: next.n, p: k / n, alpha: alpha / pairs }, power);
  if (above.state !== 'value') return below;
  return below.state === 'value' && below.value > above.value ? below : above;
}

function smallGroups(
  { groups }: Partition,
  rate: RateName,
  leftOut: readonly LeftOutGroup[],
  level: number,
): readonly SmallGroup[] {
  const small = new Set(leftOut.flatMap(({ group, why }) => (why === 'below-floor' ? [group] : [])));
  if (small.size === 0) return [];
  const known = groups.flatMap(({ group, counts }) => {
    const own = rateOf(rate, counts, level);
    return own.state === 'value'
      ? [
          {
            share: shareOf({ ...own, effective: effectiveOf(own) }),
            raw: { group, k: own.k, n: own.n, value: own.value },
          },
        ]
      : [];
  });
  const shrunken = shrink(
    known.map((own) => own.share),
    level,
  );
  if (shrunken.state !== 'value') return [];
  return known.flatMap((own, i) => {
    const drawn = shrunken.groups[i];
    return drawn && small.has(own.raw.group) ? [{ ...own.raw, shrunken: drawn }] : [];
  });
}
