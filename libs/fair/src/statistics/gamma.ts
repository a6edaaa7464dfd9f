/**
 * The natural logarithm of the gamma function for x > 0, to about 1e-15 of its value, also beside its zeros 1 and 2.
 * DLMF 5.7.3 (series around 2), 5.5.1 (recurrence), 5.11.1 (Stirling).
 *
 * @example
 * logGamma(5); // ln 24 = 3.1780538303479458
 */
export function logGamma(x: number): number {
  if (x >= 10) return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + stirlingSeries(x);
  if (x < 0.5) return logGamma(x + 1) - Math.log(x);
  if (x < 1.5) return aroundTwo(x - 1) - Math.log1p(x - 1);
  let product = 1;
  let rest = x;
  while (rest > 2.5) {
    rest -= 1;
    product *= rest;
  }
  return aroundTwo(rest - 2) + Math.log(product);
}

const halfLogTwoPi = 0.9189385332046728;

/** ζ(k) − 1 for k = 2, 3, …: the coefficients of ln Γ(2 + z). */
const zetaMinusOne = [
  0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993, 0.01734306198444914,
  0.008349277381922827, 0.004077356197944339, 0.0020083928260822143, 0.0009945751278180853, 0.0004941886041194645,
  0.0002460865533080483, 0.0001227133475784891, 0.00006124813505870483, 0.00003058823630702049, 0.00001528225940865187,
  0.000007637197637899763, 0.00000381729326499984, 0.000001908212716553939, 9.53962033872796e-7, 4.769329867878064e-7,
  2.38450502727733e-7, 1.1921992596531106e-7, 5.960818905125948e-8, 2.980350351465228e-8, 1.490155482836504e-8,
  7.45071178983543e-9, 3.725334024788457e-9, 1.862659723513049e-9,
];
const oneMinusEuler = 0.42278433509846713;

/** ln Γ(2 + z) for |z| ≤ 0.5; the terms fall like 4^−k. */
function aroundTwo(z: number): number {
  let sum = 0;
  for (let i = zetaMinusOne.length - 1; i >= 0; i--) sum = (zetaMinusOne[i] ?? 0) / (i + 2) - z * sum;
  return z * (oneMinusEuler + z * sum);
}

/** ln Γ(x) less Stirling's formula, for x ≥ 10. DLMF 5.11.1. */
function stirlingSeries(x: number): number {
  const r = 1 / (x * x);
  const tail = r * (1 / 1188 - r * (691 / 360360 - r * (1 / 156 - r * (3617 / 122400))));
  return (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - tail)))) / x;
}

/** The table of whole x below 16, which counts ask for most. */
const smallErrors = Float64Array.from({ length: 16 }, (_, x) => (x === 0 ? 0 : errorOfStirling(x)));

function errorOfStirling(x: number): number {
  return x >= 10 ? stirlingSeries(x) : logGamma(x + 1) - (x + 0.5) * Math.log(x) + x - halfLogTwoPi;
}

/**
 * ln x! less Stirling's formula (x + ½) ln x − x + ½ ln 2π, for x > 0. Loader's form of a probability is built of it, so
 * that nothing large cancels: C. Loader, Fast and Accurate Computation of Binomial Probabilities (2000).
 */
export function stirlingError(x: number): number {
  return (x < 16 ? smallErrors[x] : undefined) ?? errorOfStirling(x);
}

/**
 * Loader's deviance x ln(x/m) + m − x of an observed x > 0 from its mean m > 0, without cancellation where both are
 * close.
 */
export function deviance(x: number, mean: number): number {
  if (Math.abs(x - mean) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x;
  const v = (x - mean) / (x + mean);
  let sum = (x - mean) * v;
  let term = 2 * x * v;
  // Each term is at most a hundredth of the one before.
  for (let j = 3; j < 25; j += 2) {
    term *= v * v;
    sum += term / j;
  }
  return sum;
}

/** x^a e^−x / Γ(a), for a > 0 and x > 0. */
function gammaFactor(a: number, x: number): number {
  return Math.sqrt(a / (2 * Math.PI)) * Math.exp(-stirlingError(a) - deviance(a, x));
}

/**
 * The regularised upper incomplete gamma function Q(a, x): the chance that a gamma variable of shape a exceeds x. Small
 * values keep their relative precision. DLMF 8.7.1 (series), 8.9.2 (continued fraction).
 *
 * @param a greater than 0.
 * @param x at least 0.
 */
export function gammaUpper(a: number, x: number): number {
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x);
}

function gammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let i = 1; term > sum * 1e-17; i++) {
    term *= x / (a + i);
    sum += term;
  }
  return sum * gammaFactor(a, x);
}

function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let i = 1; i < 100_000; i++) {
    const numerator = -i * (i - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    value *= c * d;
    if (Math.abs(c * d - 1) < 4e-16) break;
  }
  return value * gammaFactor(a, x);
}

/**
 * The chance that chi-square with `df` degrees of freedom exceeds x: the p-value of a test. DLMF 8.2.4.
 *
 * @example
 * chiSquareUpperTail(3.841458820694124, 1); // 0.05
 */
export function chiSquareUpperTail(x: number, df: number): number {
  return gammaUpper(df / 2, x / 2);
}
