import { errorOf, type NoisyRates } from './noisy-rates.js';

/**
 * Groups as they might truly be, the largest gap between them being `gap`. One is known to lie on each end; where the
 * others lie is known by chances only, so each has `places` equally likely rates.
 */
export interface FittedGroups {
  readonly gap: number;
  /** For each group, one after the other, its rates in rising order. */
  readonly rates: Float64Array;
  /** For each of those rates the standard error that the group's observed rate then has. */
  readonly errorsAt: Float64Array;
  /** The standard error of each group's observed rate at the mean of its rates. */
  readonly errors: Float64Array;
  /** Groups that may be observed as the one with the largest rate, by their standard error. */
  readonly high: readonly number[];
  /** Those that may be observed as the one with the smallest. */
  readonly low: readonly number[];
}

/** Equally likely rates of each group. */
export const places = 64;
/** Groups further than this many standard errors from an end are never observed as an extreme. */
const reach = 5;

/** Cells of a band: its lower edge, equal parts of what lies between, its upper edge. */
const cells = 11;
const parts = cells - 2;

/** How the true rates of groups may be spread over the cells of a band. */
interface Spread {
  /** The share of groups in each cell. */
  readonly shares: Float64Array;
  /** What it is preferred by, as a log-likelihood. */
  readonly preference: number;
}

/** Of spreads that are about as likely, wide ones are preferred: with them the interval is wider. From 0 to 1 at the edges. */
const preferenceForWidth = 1.5;

/**
 * Exponentials of a square function over the band, from all groups at one place to halves of them at both edges: a grid
 * in B. Efron's family for deconvolution (Empirical Bayes deconvolution estimates, Biometrika 103 (2016)).
 */
const spreads: readonly Spread[] = [-60, -20, -6, 0, 6, 14, 30, 60].flatMap((curve) =>
  [0, -50, 50, -15, 15, -6, 6, -2.5, 2.5, -1, 1].map((slope) => {
    const at = (cell: number): number => cell / (cells - 1) - 0.5;
    const raw = Float64Array.from({ length: cells }, (_, q) => Math.exp(slope * at(q) + curve * at(q) * at(q)));
    const sum = raw.reduce((total, one) => total + one, 0);
    const shares = raw.map((one) => one / sum);
    const mean = shares.reduce((total, share, q) => total + share * at(q), 0);
    const variance = shares.reduce((total, share, q) => total + share * (at(q) - mean) ** 2, 0);
    return { shares, preference: 4 * variance * preferenceForWidth };
  }),
);

/** A band of the tested width, and for each group where it would lie in each cell, and how likely it then is. */
interface Band {
  readonly rates: Float64Array;
  readonly likelihoods: Float64Array;
  /** The groups that must lie on the edges. */
  readonly top: number;
  readonly bottom: number;
  /** The log-likelihood of those two, and what the others' likelihoods were divided by. */
  readonly base: number;
}

/** Bands are tried this many standard errors (the middle one of all groups) apart. */
const shifts = [0, -0.6, 0.6];

/**
 * The likeliest rates of groups whose largest gap is `gap`: within a band of that width, the two groups that lie furthest
 * out on its edges, all others spread over it as the likeliest of a family of spreads says, each by its own rate.
 */
export function fitWithin(noisy: NoisyRates, gap: number): FittedGroups {
  const { drawn, errors } = noisy;
  const middle = [...errors].sort((a, b) => a - b)[errors.length >> 1] ?? 0;
  const from = edgeOf(drawn, errors, gap);
  const bands = shifts.map((shift) => bandAt(noisy, Math.min(1 - gap, Math.max(0, from + shift * middle)), gap));
  let [best, chosen, most] = [bands[0], spreads[0], Number.NEGATIVE_INFINITY];
  const family = errors.length > 2 ? spreads : spreads.slice(0, 1);
  for (const band of bands)
    for (const spread of family) {
      const likelihood = band.base + spread.preference + likelihoodOf(band, spread.shares, errors.length);
      // Rounding must not choose between two that are equal.
      if (likelihood <= most + 1e-9) continue;
      [best, chosen, most] = [band, spread, likelihood];
    }
  if (!best || !chosen) throw new RangeError('there is no band');
  return placed(noisy, gap, best, chosen.shares);
}

function bandAt({ observed, errors }: NoisyRates, from: number, gap: number): Band {
  const rates = new Float64Array(observed.length * cells);
  const likelihoods = new Float64Array(rates.length);
  let base = 0;
  let [top, highest] = [0, Number.NEGATIVE_INFINITY];
  for (const [i, rate] of observed.entries()) {
    const error = errors[i] ?? 1;
    const above = (rate - from - gap) / error;
    if (above > highest) [top, highest] = [i, above];
    base += fillCells(rates.subarray(i * cells, (i + 1) * cells), likelihoods.subarray(i * cells, (i + 1) * cells), {
      rate,
      error,
      from,
      gap,
    });
  }
  const bottom = lowestBut(top, from, { observed, errors });
  const ends = [likelihoods[top * cells + cells - 1] ?? 0, likelihoods[bottom * cells] ?? 0];
  base += ends.reduce((sum, likelihood) => sum + Math.log(Math.max(likelihood, Number.MIN_VALUE)), 0);
  return { rates, likelihoods, top, bottom, base };
}

/** The group that lies lowest for its error, of all others. */
function lowestBut(top: number, from: number, { observed, errors }: Pick<NoisyRates, 'observed' | 'errors'>): number {
  let [bottom, lowest] = [top, Number.POSITIVE_INFINITY];
  for (const [i, rate] of observed.entries()) {
    const below = (rate - from) / (errors[i] ?? 1);
    if (i !== top && below < lowest) [bottom, lowest] = [i, below];
  }
  return bottom;
}

interface InBand {
  readonly rate: number;
  readonly error: number;
  readonly from: number;
  readonly gap: number;
}

const rootOfTwoPi = 2.5066282746310002;

/**
 * Where one group would lie in each cell, and how likely it then is, as a share of the likeliest. A group that is known
 * more precisely than the parts are wide lies where it was observed, and fills a share of its part only.
 *
 * @returns the log-likelihood of the likeliest
 */
function fillCells(rates: Float64Array, likelihoods: Float64Array, { rate, error, from, gap }: InBand): number {
  const half = gap / parts / 2;
  const own = (half * half) / (half * half + error * error);
  const filled = Math.log1p((2 * half) / (error * rootOfTwoPi));
  let most = Number.NEGATIVE_INFINITY;
  for (let q = 0; q < cells; q++) {
    const isEdge = q === 0 || q === cells - 1;
    const middle = q === 0 ? from : isEdge ? from + gap : from + half * (2 * q - 1);
    const at = isEdge ? middle : middle + own * Math.min(half, Math.max(-half, rate - middle));
    const z = (rate - at) / error;
    const log = -(z * z) / 2 - (isEdge ? 0 : filled);
    rates[q] = at;
    likelihoods[q] = log;
    if (log > most) most = log;
  }
  for (let q = 0; q < cells; q++) likelihoods[q] = Math.exp((likelihoods[q] ?? 0) - most);
  return most;
}

/** The log-likelihood of all groups but the two on the edges. */
function likelihoodOf({ likelihoods, top, bottom }: Band, shares: Float64Array, groups: number): number {
  let [log, product] = [0, 1];
  for (let i = 0; i < groups; i++) {
    if (i === top || i === bottom) continue;
    let sum = 0;
    for (let q = 0; q < cells; q++) sum += (shares[q] ?? 0) * (likelihoods[i * cells + q] ?? 0);
    product *= sum;
    if (product > 1e-200) continue;
    log += Math.log(Math.max(product, Number.MIN_VALUE));
    product = 1;
  }
  return log + Math.log(product);
}

/** Each group's likely rates, given how all are spread. */
function placed({ rows }: NoisyRates, gap: number, band: Band, shares: Float64Array): FittedGroups {
  const rates = new Float64Array(rows.length * places);
  for (let i = 0; i < rows.length; i++) {
    const chances = shares.map((share, q) => share * (band.likelihoods[i * cells + q] ?? 0));
    const fixed = i === band.top ? cells - 1 : i === band.bottom ? 0 : undefined;
    if (fixed !== undefined) chances.fill(0)[fixed] = 1;
    const sum = chances.reduce((total, chance) => total + chance, 0);
    let [cell, reached] = [0, (chances[0] ?? 0) / sum];
    for (let place = 0; place < places; place++) {
      while (reached < (place + 0.5) / places && cell < cells - 1) reached += (chances[++cell] ?? 0) / sum;
      rates[i * places + place] = band.rates[i * cells + cell] ?? 0;
    }
  }
  const errorsAt = rates.map((rate, at) => errorOf(rate, rows[Math.floor(at / places)] ?? 1));
  const meanOf = (i: number): number =>
    rates.subarray(i * places, (i + 1) * places).reduce((sum, rate) => sum + rate, 0) / places;
  const errors = rows.map((n, i) => errorOf(meanOf(i), n));
  const all = Array.from(rows, (_, i) => i).sort((a, b) => (errors[a] ?? 0) - (errors[b] ?? 0));
  const from = band.rates[0] ?? 0;
  const isHigh = (i: number) => from + gap - (rates[(i + 1) * places - 1] ?? 0) <= reach * (errors[i] ?? 0);
  const isLow = (i: number) => (rates[i * places] ?? 0) - from <= reach * (errors[i] ?? 0);
  return { gap, rates, errorsAt, errors, high: all.filter(isHigh), low: all.filter(isLow) };
}

/**
 * The lower edge of the band of this width that moves the rates least, by weighted squares: their slope grows with it.
 * Of a band wider than all of them they lie in the middle.
 */
function edgeOf(rates: Float64Array, errors: Float64Array, width: number): number {
  const [least, most] = [Math.min(...rates), Math.max(...rates)];
  if (most - least <= width) return (least + most - width) / 2;
  let [low, high] = [least - width, most];
  for (let step = 0; step < 40; step++) {
    const edge = (low + high) / 2;
    let slope = 0;
    for (const [i, rate] of rates.entries()) {
      const error = errors[i] ?? 1;
      const moved = rate < edge ? edge - rate : Math.min(0, edge + width - rate);
      slope += moved / (error * error);
    }
    if (slope > 0) high = edge;
    else low = edge;
  }
  return (low + high) / 2;
}
