import { deviance, stirlingError } from './gamma.js';
import { normalQuantile } from './normal.js';

/** x^a y^b / B(a, b) with y = 1 − x, in Loader's form: precise also for a and b of many millions. */
function betaFactor(x: number, y: number, a: number, b: number): number {
  const n = a + b;
  const exponent = stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y);
  return Math.sqrt((a / n) * (b / (2 * Math.PI))) * Math.exp(exponent);
}

/** The continued fraction of I_x(a, b), DLMF 8.17.22, from its front (Lentz's method). For x below the mean. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let value = d;
  // It needs about the square root of the larger parameter; the limit is out of reach.
  for (let m = 1; m < 1_000_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    value *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    value *= c * d;
    if (Math.abs(c * d - 1) < 4e-16) break;
  }
  return value;
}

/** I_x(a, b) with y = 1 − x given, so that neither end loses digits. */
function betaLowerOf(x: number, y: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  if (x < (a + 1) / (a + b + 2)) return (betaFactor(x, y, a, b) * betaFraction(x, a, b)) / a;
  return 1 - (betaFactor(x, y, a, b) * betaFraction(y, b, a)) / b;
}

/**
 * The regularised incomplete beta function I_x(a, b): the chance that a beta variable is at most x. Small values keep
 * their relative precision; for the upper tail ask for `betaUpper`. DLMF 8.17.
 *
 * @param x from 0 to 1.
 * @param a greater than 0, as is b.
 */
export function betaLower(x: number, a: number, b: number): number {
  return betaLowerOf(x, 1 - x, a, b);
}

/** The chance 1 − I_x(a, b) that a beta variable exceeds x, precise where it is small. */
export function betaUpper(x: number, a: number, b: number): number {
  return betaLowerOf(1 - x, x, b, a);
}

/**
 * The quantile of the beta distribution: the x with I_x(a, b) = p. Newton's steps on ln I against the log-odds of x:
 * that curve is concave, so from its left side every step stays there and none goes astray.
 *
 * @param p from 0 to 1.
 * @example
 * betaQuantile(0.025, 1, 10); // 0.002529: the lower Clopper-Pearson bound of 1 in 10
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`no beta quantile of ${p}`);
  if (p === 0 || p === 1) return p;
  // The upper half is the lower half of the mirrored distribution.
  return p > 0.5 ? oddsToShare(-quantileLogOdds(1 - p, b, a)) : oddsToShare(quantileLogOdds(p, a, b));
}

const oddsToShare = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

function quantileLogOdds(p: number, a: number, b: number): number {
  let right = Math.log(a / b);
  let logOdds = right + normalQuantile(p) * Math.sqrt(1 / a + 1 / b);
  for (let i = 0; i < 200; i++) {
    const [x, y] = [oddsToShare(logOdds), oddsToShare(-logOdds)];
    const share = betaLowerOf(x, y, a, b);
    if (share < 1e-300 && p >= 1e-300) {
      // So far left, nothing is left to measure.
      logOdds = (logOdds + right) / 2;
      continue;
    }
    if (share >= p) right = logOdds;
    const step = (Math.log(share / p) * share) / betaFactor(x, y, a, b);
    logOdds -= step;
    // The error of a step is about the square of the step.
    if (Math.abs(step) < 1e-10) break;
  }
  return logOdds;
}
