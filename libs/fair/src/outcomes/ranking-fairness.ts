import { compareLevels } from '../counting/joint-counts.js';
import { type Figure, figure, undefinedBecause } from '../figure.js';
import type { GroupFigure } from '../spread.js';
import { type GroupRanks, lengthOf, type RankTable } from './ranking.js';

/** Weights that say which share of every prefix a group ought to have: whole numbers are best, such as population counts. */
export type RankTarget = Readonly<Record<string, number>>;

/** The attention that ranks bring. */
export interface Exposure {
  /** The mean of 1 / log2(1 + rank) over the members of each group. */
  readonly groups: readonly GroupFigure[];
  /** Smallest over largest mean: 1 is parity. Singh and Joachims, KDD 2018. */
  readonly ratio: Figure;
}

/** The mean exposure of every group's members. */
export function exposureOf({ groups }: RankTable): Exposure {
  const own = groups.map(({ group, n, at }) => {
    const total = at.reduce((sum, count, i) => sum + count * attention(i + 1), 0);
    return { group, figure: figure(total / n) };
  });
  const means = own.flatMap((each) => (each.figure.state === 'value' ? [each.figure.value] : []));
  const ratio =
    means.length < 2 ? undefinedBecause('fewer than two groups') : figure(Math.min(...means) / Math.max(...means));
  return { groups: own, ratio };
}

/** A group among the first ranks. */
export interface TopShare {
  readonly group: string;
  /** Its members among the first, and all rows there. */
  readonly k: number;
  readonly n: number;
  readonly share: Figure;
  /** The share it ought to have. */
  readonly target: Figure;
  /** ln(share / target): 0 is as it ought to be, below 0 too few. Geyik, Ambler and Kenthapadi, KDD 2019. */
  readonly skew: Figure;
}

/**
 * Every group's share of the first ranks; groups that the target names and nobody ranked belongs to are there too.
 *
 * @param first how many ranks.
 * @param target by default the groups' own numbers in the table.
 */
export function topSharesOf(
  table: RankTable,
  first: number,
  target: RankTarget = membersOf(table),
): readonly TopShare[] {
  const { groups, weights, all } = targeted(table, target);
  const prefix = groups.map(({ at }) => at.subarray(0, first).reduce((sum, count) => sum + count, 0));
  const n = prefix.reduce((sum, k) => sum + k, 0);
  return groups.map(({ group }, i) => {
    const [k, wanted] = [prefix[i] ?? 0, (weights[i] ?? 0) / all];
    const share = n === 0 ? undefinedBecause('no rows in the first ranks') : figure(k / n);
    return { group, k, n, share, target: figure(wanted), skew: skewOf(k, n, wanted) };
  });
}

/**
 * Normalised discounted Kullback-Leibler divergence: how far the shares in every prefix are from the target, in nats,
 * averaged with weight 1 / log2(1 + length). 0 is as it ought to be. Geyik et al., KDD 2019. Of one ranking.
 */
export function ndklOf(table: RankTable, target: RankTarget = membersOf(table)): Figure {
  const reason = notOne(table);
  if (reason) return undefinedBecause(reason);
  const { groups, weights, all } = targeted(table, target);
  if (weights.includes(0)) return undefinedBecause('a group that is ranked has a target of 0');
  let [sum, weight] = [0, 0];
  forPrefixes(groups, (counts, length) => {
    const divergence = counts.reduce((d, k, i) => d + term(k / length, (weights[i] ?? 0) / all), 0);
    sum += attention(length) * divergence;
    weight += attention(length);
  });
  // Rounding may end just below 0.
  return figure(Math.max(0, sum / weight));
}

/**
 * Normalised discounted difference (rND) of one group: |its share of the first i − its share of all|, summed over
 * i = step, 2 · step, … with weight 1 / log2(i), over the largest sum that the same numbers allow (the group all last, or
 * all first). From 0 (spread evenly) to 1. Yang and Stoyanovich, SSDBM 2017. Of one ranking.
 */
export function rndOf(table: RankTable, name: string, step = 10): Figure {
  const own = table.groups.find(({ group }) => group === name);
  const reason = notOne(table) ?? (own ? undefined : 'no rows of the group');
  if (reason || own === undefined) return undefinedBecause(reason ?? '');
  if (!Number.isInteger(step) || step < 2) throw new RangeError(`a step of ${step} has no weight at its first prefix`);
  const [length, n] = [lengthOf(table), own.n];
  const difference = (before: (i: number) => number) => {
    let sum = 0;
    for (let i = step; i <= length; i += step) sum += Math.abs(before(i) / i - n / length) * (Math.LN2 / Math.log(i));
    return sum;
  };
  const worst = Math.max(
    difference((i) => Math.max(0, i - (length - n))),
    difference((i) => Math.min(i, n)),
  );
  if (worst === 0) return undefinedBecause(`no order can differ in prefixes of ${step}`);
  const before = prefixSums(own);
  return figure(difference((i) => before[i] ?? 0) / worst);
}

/** Prefixes in which a group has fewer members than the target asks for. */
export interface InfeasibleIndex {
  /** How many there are. */
  readonly index: Figure;
  /** How long the first of them is; null if there is none. */
  readonly first: number | null;
}

/**
 * Infeasible index: the number of prefixes, of length 1 to all, in which some group has fewer than ⌊target share ·
 * length⌋ members. Geyik et al., KDD 2019. Of one ranking.
 */
export function infeasibleIndexOf(table: RankTable, target: RankTarget = membersOf(table)): InfeasibleIndex {
  const reason = notOne(table);
  if (reason) return { index: undefinedBecause(reason), first: null };
  const { groups, weights, all } = targeted(table, target);
  const short: number[] = [];
  forPrefixes(groups, (counts, length) => {
    if (counts.some((k, i) => k < Math.floor(((weights[i] ?? 0) * length) / all))) short.push(length);
  });
  return { index: figure(short.length), first: short[0] ?? null };
}

/** 1 / log2(1 + rank). */
const attention = (rank: number): number => Math.LN2 / Math.log1p(rank);

const term = (p: number, q: number): number => (p === 0 ? 0 : p * Math.log(p / q));

function skewOf(k: number, n: number, target: number): Figure {
  if (n === 0) return undefinedBecause('no rows in the first ranks');
  if (target === 0) return undefinedBecause('the target is 0');
  return k === 0 ? undefinedBecause('nobody of the group in the first ranks') : figure(Math.log(k / n / target));
}

function notOne(table: RankTable): string | undefined {
  if (lengthOf(table) === 0) return 'no rows';
  return table.rankings === 1 ? undefined : 'defined for one ranking, not for the sum of several';
}

function membersOf({ groups }: RankTable): RankTarget {
  return Object.fromEntries(groups.map(({ group, n }) => [group, n]));
}

/** The groups of a table and of a target, each with its weight, 0 for one that the target does not name. */
function targeted({ groups }: RankTable, target: RankTarget) {
  const all = Object.values(target).reduce((sum, weight) => sum + weight, 0);
  const usable = Object.values(target).every((weight) => Number.isFinite(weight) && weight >= 0);
  if (!usable || all === 0) throw new RangeError('the weights of a target are not negative, and not all 0');
  const absent = Object.keys(target).filter((name) => !groups.some(({ group }) => group === name));
  const nowhere = new Float64Array(groups[0]?.at.length ?? 0);
  const everybody = [
    ...groups,
    ...absent.sort(compareLevels).map((group): GroupRanks => ({ group, n: 0, at: nowhere })),
  ];
  return { groups: everybody, weights: everybody.map(({ group }) => target[group] ?? 0), all };
}

/** Calls with the members of each group in every prefix of one ranking, the shortest first. */
function forPrefixes(groups: readonly GroupRanks[], visit: (counts: readonly number[], length: number) => void): void {
  const counts = groups.map(() => 0);
  const length = groups[0]?.at.length ?? 0;
  for (let rank = 0; rank < length; rank++) {
    groups.forEach(({ at }, i) => {
      counts[i] = (counts[i] ?? 0) + (at[rank] ?? 0);
    });
    visit(counts, rank + 1);
  }
}

/** Members among the first 0, 1, 2, … ranks. */
function prefixSums({ at }: GroupRanks): Float64Array {
  const sums = new Float64Array(at.length + 1);
  at.forEach((count, rank) => {
    sums[rank + 1] = (sums[rank] ?? 0) + count;
  });
  return sums;
}
