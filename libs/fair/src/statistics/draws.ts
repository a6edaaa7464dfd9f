import type { Random } from '@hansa/kernel';
import { logBinomialMass, logHypergeometricMass } from './binomial.js';

/**
 * The generator behind every seeded result, to be named in it: `seededRandom` of the kernel. A change of the generator
 * or of a sampler below changes drawn figures, and so changes this version.
 */
export const generator = 'sfc32 seeded by splitmix32; hansa draws 1';

/** A uniform number in [0, 1) of 53 bits, from two numbers of 32 bits. */
export function uniform(random: Random): number {
  return (Math.floor(random() * 134217728) * 67108864 + Math.floor(random() * 67108864)) / 9007199254740992;
}

/**
 * How many of n trials of chance p succeed: an exact draw, for any n. Inversion where fewer than ten are expected, else
 * W. Hörmann's transformed rejection: The generation of binomial random variates (algorithm BTRS), Journal of
 * Statistical Computation and Simulation 46 (1993).
 */
export function drawBinomial(random: Random, n: number, p: number): number {
  if (n === 0 || p <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - drawBinomial(random, n, 1 - p);
  return n * p < 10 ? invertBinomial(random, n, p) : rejectBinomial(random, n, p);
}

function invertBinomial(random: Random, n: number, p: number): number {
  const odds = p / (1 - p);
  const none = Math.exp(n * Math.log1p(-p));
  for (;;) {
    let left = uniform(random);
    let mass = none;
    for (let k = 0; k <= n && mass > 0; k++) {
      if (left < mass) return k;
      left -= mass;
      mass *= ((n - k) / (k + 1)) * odds;
    }
    // Rounding left a crumb of the last uniform number; another one is drawn.
  }
}

function rejectBinomial(random: Random, n: number, p: number): number {
  const spread = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const quick = 0.92 - 4.2 / b;
  for (;;) {
    const u = uniform(random) - 0.5;
    const v = uniform(random);
    const edge = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / edge + b) * u + n * p + 0.5);
    if (edge >= 0.07 && v <= quick) return k;
    if (k < 0 || k > n) continue;
    const height = Math.log((v * (2.83 + 5.1 / b) * spread) / (a / (edge * edge) + b));
    const mode = Math.floor((n + 1) * p);
    if (height <= logBinomialMass(k, n, p) - logBinomialMass(mode, n, p)) return k;
  }
}

/**
 * Draws `n` things into cells with chances in proportion to `weights`, by one binomial draw a cell. The row bootstrap of
 * a table of counts is this draw with the counts as weights and their sum as n.
 *
 * @param into where the drawn counts are written; as long as `weights`.
 */
export function drawMultinomial(random: Random, n: number, weights: ArrayLike<number>, into: Float64Array): void {
  let weightLeft = 0;
  for (let i = 0; i < weights.length; i++) weightLeft += weights[i] ?? 0;
  let left = n;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] ?? 0;
    const drawn = weight >= weightLeft ? left : drawBinomial(random, left, weight / weightLeft);
    into[i] = drawn;
    left -= drawn;
    weightLeft -= weight;
  }
}

/**
 * How many good things a draw of `draws`, without putting back, from `good` and `bad` ones holds: exact, by inversion
 * from the most likely number outwards.
 */
export function drawHypergeometric(random: Random, good: number, bad: number, draws: number): number {
  const least = Math.max(0, draws - bad);
  const most = Math.min(good, draws);
  if (least === most) return least;
  const mode = Math.floor(((draws + 1) * (good + 1)) / (good + bad + 2));
  const peak = Math.exp(logHypergeometricMass(mode, good, bad, draws));
  for (;;) {
    let left = uniform(random) - peak;
    if (left < 0) return mode;
    let [below, above] = [peak, peak];
    let [low, high] = [mode, mode];
    while (low > least || high < most) {
      if (low > least) {
        below *= (low * (bad - draws + low)) / ((good - low + 1) * (draws - low + 1));
        low--;
        left -= below;
        if (left < 0) return low;
      }
      if (high < most) {
        above *= ((good - high) * (draws - high)) / ((high + 1) * (bad - draws + high + 1));
        high++;
        left -= above;
        if (left < 0) return high;
      }
      if (below < 1e-300 && above < 1e-300) break;
    }
  }
}

/**
 * Deals `good` good things among groups of the given sizes (together at least `good`), as a shuffle of all rows would:
 * a multivariate hypergeometric draw.
 *
 * @param into where each group's good things are written; as long as `sizes`.
 */
export function deal(random: Random, good: number, sizes: ArrayLike<number>, into: Float64Array): void {
  let total = 0;
  for (let i = 0; i < sizes.length; i++) total += sizes[i] ?? 0;
  let left = good;
  for (let i = 0; i < sizes.length; i++) {
    const size = sizes[i] ?? 0;
    const drawn = drawHypergeometric(random, left, total - left, size);
    into[i] = drawn;
    left -= drawn;
    total -= size;
  }
}
