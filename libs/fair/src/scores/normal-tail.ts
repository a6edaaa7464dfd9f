/**
 * The share of the standard normal distribution above z ≥ 0, with a relative error of about 1e-14. A series near 0,
 * Laplace's continued fraction in the tail (Abramowitz and Stegun 26.2.10 and 26.2.14).
 */
export function normalUpperTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z > 3) {
    let fraction = z;
    for (let k = 80; k >= 1; k--) fraction = z + k / fraction;
    return density / fraction;
  }
  let [term, sum] = [z, z];
  for (let k = 3; Math.abs(term) > sum * 1e-17; k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return 0.5 - density * sum;
}

/** The least p that is told: a smaller one would come out as 0, which it is not. */
const leastP = 1e-300;

/** A probability for a report: 1e-300 stands for that or less. */
export function toldP(p: number): number {
  return Math.min(1, Math.max(leastP, p));
}
