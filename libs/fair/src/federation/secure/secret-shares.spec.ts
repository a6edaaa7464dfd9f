import { checkPrimeSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seededBytes } from '../../testing/node-crypto.js';
import { combineShares, fieldPrime, shareLength, splitSecret } from './secret-shares.js';

const secretArbitrary = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('shares of a secret', () => {
  test('are numbers of a prime field that holds 32 bytes, the smallest such field', () => {
    expect(checkPrimeSync(fieldPrime)).toBe(true);
    for (let smaller = 2n ** 256n; smaller < fieldPrime; smaller++) expect(checkPrimeSync(smaller)).toBe(false);
  });

  test('give it back from any as many as the quorum, in any order', () => {
    const quorums = new Set<number>();
    fc.assert(
      fc.property(
        secretArbitrary,
        fc.integer({ min: 1, max: 9 }).chain((quorum) =>
          fc.record({
            quorum: fc.constant(quorum),
            places: fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: quorum, maxLength: 12 }),
          }),
        ),
        fc.nat(60_000),
        (secret, { quorum, places }, seed) => {
          quorums.add(quorum);
          const shares = splitSecret(secret, places, quorum, seededBytes(seed));
          expect(shares.every(({ share }) => share.length === shareLength)).toBe(true);
          expect(combineShares([...shares].reverse().slice(0, quorum))).toEqual(secret);
        },
      ),
      { numRuns: 60, seed: 4 },
    );
    expect([...quorums].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('also of the largest and the smallest secret', () => {
    for (const byte of [0, 255]) {
      const secret = new Uint8Array(32).fill(byte);
      expect(combineShares(splitSecret(secret, [1, 2, 3], 3, seededBytes(1)))).toEqual(secret);
    }
  });

  test('say nothing when one is missing: for every secret there is a last share that gives it', () => {
    const [secret, other] = [new Uint8Array(32).fill(7), new Uint8Array(32).fill(200)];
    const known = splitSecret(secret, [1, 2, 3], 3, seededBytes(2)).slice(0, 2);
    expect(combineShares(known)).not.toEqual(secret);
    // The polynomial through the known shares and the other secret has a value at 3, which is a share like any other.
    const zero = { place: 0, share: Uint8Array.of(0, ...other) };
    const last = { place: 3, share: valueAt(3, [...known, zero]) };
    expect(combineShares([...known, last])).toEqual(other);
  });

  test('that fit together to no secret give none', () => {
    const share = new Uint8Array(shareLength);
    share[0] = 1;
    expect(combineShares([{ place: 1, share }])).toBeUndefined();
  });
});

/** Lagrange's interpolation by the definition, apart from the code under test. */
function valueAt(x: number, points: readonly { readonly place: number; readonly share: Uint8Array }[]): Uint8Array {
  const modulo = (n: bigint) => ((n % fieldPrime) + fieldPrime) % fieldPrime;
  const inverseOf = (n: bigint): bigint => {
    let [a, b, u, v] = [modulo(n), fieldPrime, 1n, 0n];
    while (a !== 1n) [a, b, u, v] = a > b ? [a - b * ((a - 1n) / b), b, u - v * ((a - 1n) / b), v] : [b, a, v, u];
    return modulo(u);
  };
  let sum = 0n;
  for (const { place, share } of points) {
    let term = BigInt(`0x${Buffer.from(share).toString('hex')}`);
    for (const { place: other } of points)
      if (other !== place) term = modulo(term * BigInt(x - other) * inverseOf(BigInt(place - other)));
    sum = modulo(sum + term);
  }
  return Uint8Array.from(Buffer.from(sum.toString(16).padStart(shareLength * 2, '0'), 'hex'));
}
