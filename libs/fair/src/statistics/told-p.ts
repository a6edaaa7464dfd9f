/** The least p that is told: a smaller one would come out as 0, which it is not. */
const leastP = 1e-300;

/** A probability for a report: 1e-300 stands for that or less. */
export function toldP(p: number): number {
  return Math.min(1, Math.max(leastP, p));
}
