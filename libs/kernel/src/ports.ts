import { randomUUID } from 'node:crypto';

/** The present moment. Pure code receives a `Date`; only the edge holds a clock. */
export interface Clock {
  now(): Date;
}

/** Unique identifiers for new things. */
export interface Ids {
  next(): string;
}

/** Uniform numbers in [0, 1). */
export type Random = () => number;

export const systemClock: Clock = { now: () => new Date() };

/**
 * UUIDs of version 7 (RFC 9562 §5.7) as `urn:uuid:…`, the form that the DSP examples use: 48 bits of the time in
 * milliseconds, then 74 random bits. Ids of one time stand together in an index, so that a large table takes new rows as
 * fast as a small one. They tell when they were made; whoever must not know that must not see them.
 */
export const uuids: Ids = {
  next: () => {
    const time = Date.now().toString(16).padStart(12, '0');
    // The random id gives the variant and everything after the version.
    return `urn:uuid:${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
  },
};

/**
 * A reproducible stream of uniform numbers: the same seed gives the same numbers on every machine.
 *
 * sfc32 by Chris Doty-Humphrey (PractRand), seeded by splitmix32; period at least 2^32, 32 bits a number.
 *
 * @example
 * const random = seededRandom(42);
 * random(); // always the same first number
 */
export function seededRandom(seed: number): Random {
  let s = seed >>> 0;
  const splitmix = (): number => {
    s = (s + 0x9e3779b9) | 0;
    let t = s ^ (s >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return (t ^ (t >>> 15)) | 0;
  };
  let [a, b, c, d] = [splitmix(), splitmix(), splitmix(), splitmix()];
  return () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
}
