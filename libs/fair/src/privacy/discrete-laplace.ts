import { type RandomBits, uniformBelow } from './random-bits.js';

/**
 * A whole number with discrete Laplace distribution: y comes with probability (1 − a)/(1 + a) · a^|y|, a = exp(−1/scale).
 * Exact: bits are drawn and whole numbers compared, so that no number that could come is missing and none comes too
 * often. C. Canonne, G. Kamath, T. Steinke, The discrete Gaussian for differential privacy (2020), algorithm 2.
 *
 * @param scale a fraction of whole numbers from 1: the standard deviation is about its value times √2.
 * @example
 * discreteLaplace({ numerator: 10n, denominator: 1n }, random); // -7n
 */
export function discreteLaplace(
  { numerator: t, denominator: s }: { readonly numerator: bigint; readonly denominator: bigint },
  random: RandomBits,
): bigint {
  for (;;) {
    const u = uniformBelow(t, random);
    if (!chanceOfExp(u, t, random)) continue;
    let v = 0n;
    while (chanceOfExp(1n, 1n, random)) v++;
    const magnitude = (u + t * v) / s;
    const isNegative = random(1) === 1n;
    // Zero has one sign only.
    if (isNegative && magnitude === 0n) continue;
    return isNegative ? -magnitude : magnitude;
  }
}

/** True with probability exp(−a/b), for a from 0 to b: algorithm 1 of the same paper. */
export function chanceOfExp(a: bigint, b: bigint, random: RandomBits): boolean {
  let k = 1n;
  while (uniformBelow(b * k, random) < a) k++;
  return k % 2n === 1n;
}
