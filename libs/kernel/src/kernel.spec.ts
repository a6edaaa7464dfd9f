import { describe, expect, test } from '@jest/globals';
import { backoff, digestOf, digestOfJson, isDid, isDigest, seededRandom, uuids } from './index.js';

describe('digests', () => {
  test('SHA-256 of "abc" is the value of FIPS 180-2', () => {
    expect(digestOf('abc')).toBe('sha-256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(isDigest(digestOf('abc'))).toBe(true);
    expect(isDigest('sha-256:xyz')).toBe(false);
  });

  test('the digest of JSON does not depend on the order of members', () => {
    expect(digestOfJson({ a: 1, b: 2 })).toBe(digestOfJson({ b: 2, a: 1 }));
  });
});

describe('ids', () => {
  test('are UUIDs of version 7 that begin with the time, and never the same', () => {
    const before = Date.now();
    const ids = Array.from({ length: 10_000 }, () => uuids.next());
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) {
      expect(id).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      const made = Number.parseInt(id.slice(9, 17) + id.slice(18, 22), 16);
      expect(made >= before && made <= Date.now()).toBe(true);
    }
  });
});

describe('seededRandom', () => {
  test('repeats itself for a seed and differs between seeds', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test('is uniform: each tenth of the range gets its share of 100,000 draws', () => {
    const random = seededRandom(1);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const bin = Math.floor(random() * 10);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    const chiSquare = counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(27.9); // 99.9 % quantile with 9 degrees of freedom
  });
});

describe('backoff', () => {
  test('doubles up to its cap, keeps half of the delay fixed, and gives up', () => {
    const low = backoff(() => 0, { base: 100, cap: 1000, giveUpAfter: 5000 });
    const high = backoff(() => 0.999999, { base: 100, cap: 1000, giveUpAfter: 5000 });
    expect([1, 2, 3, 4, 5, 6].map((failures) => low({ failures, elapsed: 0 }))).toEqual([50, 100, 200, 400, 500, 500]);
    expect([1, 4, 6].map((failures) => high({ failures, elapsed: 0 }))).toEqual([100, 800, 1000]);
    expect(low({ failures: 9, elapsed: 5000 })).toBeNull();
  });
});

describe('isDid', () => {
  test.each(['did:web:berlin.example', 'did:web:localhost%3A7001', 'did:web:city.example:node:a'])(
    'accepts %s',
    (did) => {
      expect(isDid(did)).toBe(true);
    },
  );

  test.each(['', 'did:', 'did:web:', 'did:web:a b', 'did:web:a/b', 'DID:web:a', 'did:web:a#key', 'did:web:a:', 7])(
    'refuses %p',
    (did) => {
      expect(isDid(did)).toBe(false);
    },
  );
});
