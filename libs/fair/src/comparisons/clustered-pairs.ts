import {
  type ClusteredSide,
  type ClusterMoments,
  contrastScale,
  joinedMoments,
  productsBetween,
} from '../clusters/cluster-moments.js';
import { clusterKey } from '../clusters/count-clusters.js';
import { addCounts, type DisclosedCounts } from '../counts.js';
import type { Group, Partition } from '../partition.js';
import { definitionOfRate, type RateName, shareOf } from '../rates.js';
import type { Share } from '../statistics/interval.js';
import type { ComparedGroup } from './comparison.js';
import type { Contrast } from './metrics.js';

interface Keyed {
  readonly key: string;
  readonly moments: ClusterMoments;
}

/** Two rates as a contrast takes them: of so many rows that its variance allows for clusters with rows of both. */
export type PairShares = (
  a: ComparedGroup,
  b: ComparedGroup,
  contrast: Contrast | 'ratio of complements',
) => readonly [Share, Share];

const unrelated: PairShares = (a, b) => [shareOf(a), shareOf(b)];

/**
 * The shares of pairs of groups by one rate. Where no rows are clustered, or no cluster has rows of both groups, each is
 * the share that its own interval takes.
 */
export function pairShares(rate: RateName, partition: Pick<Partition, 'groups' | 'stratum'>): PairShares {
  const keyed = keyedBy(partition);
  if (!keyed) return unrelated;
  return (a, b, contrast) => {
    const [one, other] = [keyed.get(a.group), keyed.get(b.group)];
    if (!one || !other) return unrelated(a, b, contrast);
    const scale = contrastScale(
      definitionOfRate(rate),
      [sideOf(a, one.moments), sideOf(b, other.moments)],
      productsBetween(one, other),
      contrast,
    );
    return [scaled(a, scale), scaled(b, scale)];
  };
}

/** All groups at once, for an interval or a test of all: each as in the pair that varies most for its size. */
export function sharesOfAll(groups: readonly ComparedGroup[], pair: PairShares, contrast: Contrast): readonly Share[] {
  const plain = groups.map((group) => shareOf(group));
  if (groups.every(({ effective }) => effective === undefined)) return plain;
  let most = groups.length < 2 ? 1 : 0;
  for (const [i, a] of groups.entries())
    for (const b of groups.slice(i + 1)) most = Math.max(most, (plain[i]?.n ?? 0) / pair(a, b, contrast)[0].n);
  return plain.map(({ k, n }) => ({ k: k / most, n: n / most }));
}

/** A group against some others, who are taken together. */
export function shareAgainst(
  rate: RateName,
  group: ComparedGroup,
  partition: Pick<Partition, 'groups' | 'stratum'>,
  rest: ComparedGroup,
  contrast: Contrast,
): readonly [Share, Share] {
  const keyed = keyedBy(partition);
  const own = keyed?.get(group.group);
  if (!keyed || !own) return unrelated(group, rest, contrast);
  const others = [...keyed].flatMap(([name, other]) => (name === group.group ? [] : [other]));
  const products = new Array<number>(16).fill(0);
  for (const other of others)
    for (const [at, product] of (productsBetween(own, other) ?? []).entries())
      products[at] = (products[at] ?? 0) + product;
  const sides = [sideOf(group, own.moments), sideOf(rest, joinedMoments(others))] as const;
  const scale = contrastScale(definitionOfRate(rate), sides, products, contrast);
  return [scaled(group, scale), scaled(rest, scale)];
}

/** The counts of some groups together; clusters with rows of several of them are one. */
export function joinedCounts(groups: readonly Group[], stratum: Partition['stratum']): DisclosedCounts {
  const counts = addCounts(groups.map((group) => group.counts));
  const keyed = keyedBy({ groups, ...(stratum && { stratum }) });
  return keyed && groups.length > 0 ? { ...counts, clusters: joinedMoments([...keyed.values()]) } : counts;
}

function keyedBy({ groups, stratum }: Pick<Partition, 'groups' | 'stratum'>): ReadonlyMap<string, Keyed> | null {
  const keyed = new Map<string, Keyed>();
  for (const { group, attributes, counts } of groups) {
    if (!counts.clusters) return null;
    keyed.set(group, { key: clusterKey(attributes, stratum), moments: counts.clusters });
  }
  return keyed;
}

const sideOf = ({ value, n }: ComparedGroup, moments: ClusterMoments): ClusteredSide => ({ value, n, moments });

function scaled(group: ComparedGroup, scale: number): Share {
  const { k, n } = shareOf(group);
  return { k: k / scale, n: n / scale };
}
