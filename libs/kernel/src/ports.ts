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

/** Random UUIDs (RFC 9562 version 4) as `urn:uuid:…`, the form that the DSP examples use. */
export const uuids: Ids = { next: () => `urn:uuid:${randomUUID()}` };

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
