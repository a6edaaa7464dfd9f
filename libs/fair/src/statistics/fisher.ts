import { type Estimated, type Figure, figure, undefinedBecause } from '../figure.js';
import { logHypergeometricMass } from './binomial.js';
import type { Share } from './interval.js';

/** What Fisher's exact test finds in two shares. */
export type FisherTest = Estimated<{
  readonly test: 'fisher-exact';
  /** Two-sided. */
  readonly p: number;
  /** The odds of a over the odds of b, as observed; undefined where one of them is infinite or both are 0. */
  readonly oddsRatio: Figure;
}>;

/** Tables whose chance is equal to that of the observed one but for rounding count as equally unlikely, as in R. */
const tie = 1 + 1e-7;

/**
 * Fisher's exact test of two shares: the chance, were they equal and given the totals, of a table no likelier than the
 * one observed. Undefined when all rows or none succeed, because then only one table is possible. The sums run from
 * their largest term outwards, so p keeps its relative precision for tens of millions of rows. R. A. Fisher, Journal of
 * the Royal Statistical Society 98 (1935); the two-sided rule is J. O. Irwin's, Metron 12 (1935).
 *
 * @example
 * fisherExact({ k: 8, n: 10 }, { k: 1, n: 6 }); // p 0.034965
 */
export function fisherExact(a: Share, b: Share): FisherTest {
  const [good, bad] = [a.k + b.k, a.n + b.n - a.k - b.k];
  if (a.n === 0 || b.n === 0) return undefinedBecause('one side has no rows');
  if (good === 0 || bad === 0) return undefinedBecause(`all rows ${good === 0 ? 'fail' : 'succeed'}`);
  const cross = (a.n - a.k) * b.k;
  const oddsRatio = cross === 0 ? undefinedBecause('a cell below the ratio is 0') : figure((a.k * (b.n - b.k)) / cross);
  return { state: 'value', test: 'fisher-exact', p: twoSided(a.k, { good, bad, draws: a.n }), oddsRatio };
}

/** How many good things a draw without putting back may hold. */
interface Urn {
  readonly good: number;
  readonly bad: number;
  readonly draws: number;
}

function twoSided(k: number, urn: Urn): number {
  const mode = Math.floor(((urn.draws + 1) * (urn.good + 1)) / (urn.good + urn.bad + 2));
  const observed = logMass(k, urn);
  if (observed + Math.log(tie) >= logMass(mode, urn)) return 1;
  const above = k > mode;
  const other = firstAsUnlikely(observed + Math.log(tie), mode, urn, above ? -1 : 1);
  const own = massBeyond(k, urn, above ? 1 : -1);
  return Math.min(1, own + (other === null ? 0 : massBeyond(other, urn, above ? -1 : 1)));
}

const logMass = (k: number, { good, bad, draws }: Urn): number => logHypergeometricMass(k, good, bad, draws);

/** Going from the mode in one direction: the first number whose chance is at most so large. The chances only fall. */
function firstAsUnlikely(limit: number, mode: number, urn: Urn, direction: 1 | -1): number | null {
  const end = direction === 1 ? Math.min(urn.good, urn.draws) : Math.max(0, urn.draws - urn.bad);
  if (logMass(end, urn) > limit) return null;
  let [likely, unlikely] = [mode, end];
  while (Math.abs(unlikely - likely) > 1) {
    const middle = Math.floor((likely + unlikely) / 2);
    if (logMass(middle, urn) > limit) likely = middle;
    else unlikely = middle;
  }
  return unlikely;
}

/** The chance of k and of everything beyond it, away from the mode. */
function massBeyond(from: number, urn: Urn, direction: 1 | -1): number {
  const { good, bad, draws } = urn;
  let ratio = 1;
  let sum = 1;
  for (let k = from; ratio > sum * 1e-17; k += direction) {
    ratio *=
      direction === 1
        ? ((good - k) * (draws - k)) / ((k + 1) * (bad - draws + k + 1))
        : (k * (bad - draws + k)) / ((good - k + 1) * (draws - k + 1));
    sum += ratio;
  }
  return sum * Math.exp(logMass(from, urn));
}
