import { normalCdf } from './normal.js';

/**
 * The chance that the largest and the smallest of k independent standard normal variables lie more than w apart: the
 * studentised range with infinite degrees of freedom. J. W. Tukey, The Problem of Multiple Comparisons (1953).
 */
export function rangeUpperTail(w: number, k: number): number {
  let within = 0;
  for (const { z, weight, below } of nodes)
    within += weight * k * Math.exp((k - 1) * Math.log(below - normalCdf(z - w)));
  return 1 - within;
}

interface Node {
  /** A possible largest value. */
  readonly z: number;
  /** Its chance for one variable: density times step. */
  readonly weight: number;
  /** The chance of a smaller one. */
  readonly below: number;
}

/** The trapezoidal rule is exact to about 1e-15 for a function as smooth as this. */
const step = 0.25;
const nodes: readonly Node[] = Array.from({ length: 73 }, (_, i) => {
  const z = (i - 36) * step;
  return { z, weight: (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * step, below: normalCdf(z) };
});

/** Quantiles already found: they depend on nothing but their key. */
const found = new Map<string, number>();

/** The w that the range of k variables exceeds with the chance alpha, by bisection. */
export function rangeQuantile(k: number, alpha: number): number {
  const key = `${k} ${alpha}`;
  const known = found.get(key);
  if (known !== undefined) return known;
  let [low, high] = [0, 20];
  for (let i = 0; i < 40; i++) {
    const w = (low + high) / 2;
    if (rangeUpperTail(w, k) > alpha) low = w;
    else high = w;
  }
  found.set(key, high);
  return high;
}
