/**
 * The quantiles of some numbers, linear between neighbours (type 7 of R. J. Hyndman and Y. Fan, 1996). It finds the
 * places it needs instead of sorting (C. A. R. Hoare, Algorithm 65: Find, 1961).
 *
 * @param values at least one, none of them NaN; put into another order.
 * @param shares from 0 to 1, rising.
 */
export function quantilesOf(values: Float64Array, shares: readonly number[]): readonly number[] {
  let from = 0;
  return shares.map((share) => {
    const position = (values.length - 1) * share;
    const below = Math.floor(position);
    const low = select(values, from, below);
    from = below;
    if (position === below) return low;
    let next = Number.POSITIVE_INFINITY;
    for (let i = below + 1; i < values.length; i++) next = Math.min(next, values[i] ?? next);
    return low + (position - below) * (next - low);
  });
}

/** Brings the number of a place there, with none that is larger before it and none that is smaller behind. */
function select(values: Float64Array, from: number, place: number): number {
  let [left, right] = [from, values.length - 1];
  while (left < right) {
    const pivot = values[(left + right) >> 1] ?? 0;
    let [i, j] = [left, right];
    while (i <= j) {
      while ((values[i] ?? 0) < pivot) i++;
      while ((values[j] ?? 0) > pivot) j--;
      if (i > j) break;
      const moved = values[i] ?? 0;
      values[i] = values[j] ?? 0;
      values[j] = moved;
      i++;
      j--;
    }
    if (place <= j) right = j;
    else if (place >= i) left = i;
    else break;
  }
  return values[place] ?? 0;
}
