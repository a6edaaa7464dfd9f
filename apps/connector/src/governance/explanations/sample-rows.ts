import type { Random } from '@hansa/kernel';

/**
 * `count` different positions below `size`, in rising order, each set equally likely; all of them when there are not
 * more. Floyd's method: no list of all positions.
 *
 * @example
 * samplePositions(5388, 64, seededRandom(1)); // 64 rising numbers below 5388
 */
export function samplePositions(size: number, count: number, random: Random): readonly number[] {
  const chosen = new Set<number>();
  for (let last = Math.max(0, size - count); last < size; last++) {
    const drawn = Math.floor(random() * (last + 1));
    chosen.add(chosen.has(drawn) ? last : drawn);
  }
  return [...chosen].sort((a, b) => a - b);
}
