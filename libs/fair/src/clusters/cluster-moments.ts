import { betaQuantile } from '../statistics/beta.js';
import { normalQuantile } from '../statistics/normal.js';

/**
 * How the rows of a group lie together in clusters (all decisions on one person, all persons of one household), as far
 * as the variances of its rates need it. Cells are in the order tn, fp, fn, tp.
 */
export interface ClusterMoments {
  /** How many clusters have rows in just these cells of the group: at 1 only tn, at 2 only fp, at 3 both, … at 15 all. */
  readonly patterns: readonly number[];
  /** Sums over clusters of the product of two cells, row by row of a 4 × 4 table. */
  readonly products: readonly number[];
  /** The same of a cell here and one of another group with rows in the same clusters, by that group's key. */
  readonly shared?: Readonly<Record<string, readonly number[]>>;
}

/** A rate of clustered rows. */
export interface ClusteredShare {
  /** Clusters with rows that could have been counted. */
  readonly clusters: number;
  /** So many unrelated rows would tell as much. The interval is that of as many. */
  readonly effective: number;
  /** The variance of the rate over that of as many unrelated rows (L. Kish, Survey Sampling, 1965); null where it is not known, because all rows or none are counted, or they lie in one cluster. */
  readonly designEffect: number | null;
}

type Cell = 'n' | 'tn' | 'fp' | 'fn' | 'tp';

/** A rate as a sum over cells: which are counted, and which could have been. */
export interface RateOfCells {
  readonly k: readonly Cell[];
  readonly n: readonly Cell[];
}

const cellNames = ['tn', 'fp', 'fn', 'tp'] as const;

const maskOf = (cells: RateOfCells['k']): readonly number[] =>
  cellNames.map((cell) => (cells.includes(cell) || cells.includes('n') ? 1 : 0));

/** How far each cell's rows lie above a rate of p: their sum over all rows is 0. */
function residual({ k, n }: RateOfCells, p: number): readonly number[] {
  const among = maskOf(n);
  return maskOf(k).map((counted, i) => counted - p * (among[i] ?? 0));
}

function bilinear(products: readonly number[], left: readonly number[], right: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < 4; j++) sum += (left[i] ?? 0) * (products[i * 4 + j] ?? 0) * (right[j] ?? 0);
  return sum;
}

/** Clusters with a row in one of the cells. */
function clustersWith({ patterns }: ClusterMoments, cells: readonly number[]): number {
  const bits = cells.reduce((sum, own, i) => sum + own * 2 ** i, 0);
  return patterns.reduce((sum, clusters, pattern) => sum + ((pattern & bits) === 0 ? 0 : clusters), 0);
}

/**
 * The rate p of n clustered rows as one of unrelated rows: p(1 − p) over its variance, which is linearised over clusters
 * (the ratio estimator with m / (m − 1): W. G. Cochran, Sampling Techniques, 1977, section 11.7; the sandwich with that
 * factor gives the same), and never more than the rows there are. Where the variance is not known, as for 0 of 20 rows,
 * rows of one cluster are taken for copies of each other. With few clusters the variance is itself uncertain: the number
 * is lowered by the squared quotient of the normal quantile and Student's of m − 1, both at 0.975 (E. L. Korn and
 * B. I. Graubard, Survey Methodology 24, 1998). J. N. K. Rao and A. J. Scott, Biometrics 48 (1992), for analyses of
 * clustered shares by effective numbers of rows.
 */
export function clusteredShare(rate: RateOfCells, moments: ClusterMoments, p: number, n: number): ClusteredShare {
  const among = maskOf(rate.n);
  const clusters = clustersWith(moments, among);
  const squares = Math.max(0, bilinear(moments.products, residual(rate, p), residual(rate, p)));
  if (clusters < 2 || p <= 0 || p >= 1) {
    const copies = (n * n) / bilinear(moments.products, among, among);
    return { clusters, effective: copies * fewClusters(clusters), designEffect: null };
  }
  const variance = ((clusters / (clusters - 1)) * squares) / (n * n);
  const designEffect = (variance * n) / (p * (1 - p));
  const effective = Math.min(n, n / Math.max(designEffect, Number.MIN_VALUE));
  return { clusters, effective: effective * fewClusters(clusters), designEffect };
}

/** By how much fewer clusters tell less of a variance; from 0 to 1. */
function fewClusters(clusters: number): number {
  const degrees = Math.max(1, clusters - 1);
  // Student's t² is degrees · (1 − x) / x of a beta variable x.
  const x = betaQuantile(0.05, degrees / 2, 0.5);
  const z = normalQuantile(0.975);
  return Math.min(1, (z * z * x) / (degrees * (1 - x)));
}

/** One side of a contrast. */
export interface ClusteredSide {
  readonly value: number;
  readonly n: number;
  readonly moments: ClusterMoments;
}

/** However alike two groups vary, a contrast is not taken to vary less than this part of what it would unrelated. */
const leastScale = 0.1;

/**
 * The variance of the contrast of two rates over what it would be if no cluster had rows of both: below 1 where the rates
 * of both rise and fall together from cluster to cluster, above 1 where one rises as the other falls.
 *
 * @param products sums over clusters of the product of a cell of a and one of b; none where they share no cluster
 */
export function contrastScale(
  rate: RateOfCells,
  [a, b]: readonly [ClusteredSide, ClusteredSide],
  products: readonly number[] | undefined,
  contrast: 'difference' | 'ratio' | 'ratio of complements',
): number {
  if (!products || a.n === 0 || b.n === 0) return 1;
  const [one, other] = [a, b].map(({ value, n, moments }) => {
    // A ratio varies as the difference of logarithms does.
    const unit = contrast === 'difference' ? n : n * (contrast === 'ratio' ? value : 1 - value);
    const weights = residual(rate, value).map((weight) => (unit === 0 ? 0 : weight / unit));
    return { weights, variance: bilinear(moments.products, weights, weights) };
  });
  if (!one || !other) return 1;
  const apart = one.variance + other.variance;
  const together = 2 * bilinear(products, one.weights, other.weights);
  return apart > 0 ? Math.min(2, Math.max(leastScale, (apart - together) / apart)) : 1;
}

/** The sums over clusters of the product of a cell of one group and one of the other; none where they share no cluster. */
export function productsBetween(
  a: { readonly key: string; readonly moments: ClusterMoments },
  b: { readonly key: string; readonly moments: ClusterMoments },
): readonly number[] | undefined {
  const own = a.moments.shared?.[b.key];
  if (own) return own;
  const turned = b.moments.shared?.[a.key];
  return turned && transposed(turned);
}

const transposed = (products: readonly number[]): readonly number[] =>
  products.map((_, at) => products[(at % 4) * 4 + Math.floor(at / 4)] ?? 0);

/** Groups taken together. How many clusters they have together is not known: at least as many as the one with the most. */
export function joinedMoments(
  groups: readonly { readonly key: string; readonly moments: ClusterMoments }[],
): ClusterMoments {
  const products = new Array<number>(16).fill(0);
  const add = (own: readonly number[] = []) => {
    for (const [at, product] of own.entries()) products[at] = (products[at] ?? 0) + product;
  };
  for (const [i, a] of groups.entries()) {
    add(a.moments.products);
    for (const b of groups.slice(i + 1)) {
      const between = productsBetween(a, b);
      if (!between) continue;
      add(between);
      add(transposed(between));
    }
  }
  const clusters = ({ patterns }: ClusterMoments) => patterns.reduce((sum, own) => sum + own, 0);
  const none: readonly number[] = new Array<number>(16).fill(0);
  const isShared = groups.some(({ moments }) => moments.shared);
  const patterns = isShared
    ? groups.reduce(
        (most, { moments }) =>
          clusters(moments) > most.clusters ? { clusters: clusters(moments), of: moments.patterns } : most,
        { clusters: -1, of: none },
      ).of
    : none.map((_, at) => groups.reduce((sum, { moments }) => sum + (moments.patterns[at] ?? 0), 0));
  return { patterns, products };
}

/** The same clusters with the negative decision as the one that counts: tn and tp change places, and so do fp and fn. */
export function turnedMoments({ patterns, products, shared }: ClusterMoments): ClusterMoments {
  // Cell i becomes cell 3 − i.
  const turn = (own: readonly number[]) => [...own].reverse();
  const bits = (pattern: number) =>
    ((pattern & 1) << 3) | ((pattern & 2) << 1) | ((pattern & 4) >> 1) | ((pattern & 8) >> 3);
  return {
    patterns: patterns.map((_, at) => patterns[bits(at)] ?? 0),
    products: turn(products),
    ...(shared && { shared: Object.fromEntries(Object.entries(shared).map(([key, own]) => [key, turn(own)])) }),
  };
}
