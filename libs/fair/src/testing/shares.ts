import fc from 'fast-check';

/**
 * Numbers from 0 to 1. Doubles alone would nearly all be tiny, because they are drawn by their bits: half of these are
 * spread evenly, some of them tied, some on the edges of common grids.
 */
export const shareArbitrary = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.nat(999_983).map((n) => n / 999_983),
  fc.nat(16).map((n) => n / 16),
);
