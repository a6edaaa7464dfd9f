/** Unpredictable bits: as a whole number of that many bits, each equally likely. For tests from a seed. */
export type RandomBits = (bits: number) => bigint;

/** A uniform whole number from 0 to below `bound`, which is at least 1: bits are drawn until they are small enough. */
export function uniformBelow(bound: bigint, random: RandomBits): bigint {
  const bits = (bound - 1n).toString(2).length;
  for (;;) {
    const drawn = random(bits);
    if (drawn < bound) return drawn;
  }
}
