import { type Digest, digestOfJson, type Problem, type Result, refuse } from '@hansa/kernel';
import { compareLevels, type JointAttribute } from '../../counting/joint-counts.js';

/** Everything that cities and coordinator agree on before a secure sum; each side holds the same terms. */
export interface SecureTerms {
  /** The name of this run. A name must never be used again: messages of another run are told apart by it. */
  readonly id: string;
  /** The digest of what was agreed about meaning: plan, model, what counts as positive. */
  readonly agreed: Digest;
  /** The plan's columns in its order, with every level that any city may have, sorted. */
  readonly columns: readonly JointAttribute[];
  /** Who relays and adds; none of the cities. */
  readonly coordinator: string;
  /** Sorted by code unit. */
  readonly cities: readonly string[];
  /**
   * So many cities must stay to the end, and so many together could unmask another: at least 3, since of a sum of two
   * each learns the other's counts, and more than half, so that a coordinator that tells cities different things never
   * gets enough shares of both kinds.
   */
  readonly quorum: number;
}

export type SecureProblem = Problem<
  | 'secure.wrong-terms'
  | 'secure.unknown-city'
  | 'secure.weighted'
  | 'secure.other-level'
  | 'secure.too-large'
  | 'secure.malformed'
  | 'secure.unexpected'
  | 'secure.other-session'
  | 'secure.other-roster'
  | 'secure.unknown-sender'
  | 'secure.wrong-signature'
  | 'secure.repeated'
  | 'secure.too-few'
  | 'secure.wrong-keys'
  | 'secure.wrong-shares'
  | 'secure.other-sharers'
  | 'secure.both-shares'
  | `joint.${string}`
>;

/** Combinations that a secure sum may have: each is sent by each city, also where it has no rows. */
export const maxSecureCombinations = 65_536;
/** So many cities with 2^53 rows each stay below 2^64. */
const maxCities = 1000;

/** The digest that names a run in all its messages. */
export function sessionOf(terms: SecureTerms): Digest {
  return digestOfJson(terms);
}

/** How many combinations of levels there are. */
export function combinationsOfTerms({ columns }: Pick<SecureTerms, 'columns'>): number {
  return columns.reduce((product, { levels }) => product * levels.length, 1);
}

/** What is wrong with terms, if anything is. */
export function termsProblem(terms: SecureTerms): Result<never, SecureProblem> | undefined {
  const { cities, columns, coordinator, quorum } = terms;
  const wrong = (detail: string, at: string) => refuse('secure.wrong-terms', detail, at);
  if (cities.some((city, i) => i > 0 && (cities[i - 1] ?? '') >= city) || cities.length > maxCities)
    return wrong(`Cities must be sorted, each once, ${maxCities} at most.`, '/cities');
  if (cities.includes(coordinator)) return wrong('The coordinator must be none of the cities.', '/coordinator');
  if (!Number.isInteger(quorum) || quorum < 3 || quorum * 2 <= cities.length || quorum > cities.length)
    return wrong(
      `Of ${cities.length} cities the quorum must be more than half, at least 3 and at most all; it is ${quorum}.`,
      '/quorum',
    );
  const names = new Set(columns.map(({ attribute }) => attribute));
  const unsorted = columns.find(
    ({ levels }) =>
      levels.length === 0 || levels.some((level, i) => i > 0 && compareLevels(levels[i - 1] ?? '', level) >= 0),
  );
  if (columns.length === 0 || names.size < columns.length || unsorted)
    return wrong('Columns must be there once each, with their levels in order, each once.', '/columns');
  if (combinationsOfTerms(terms) > maxSecureCombinations)
    return wrong(`There are more than ${maxSecureCombinations} combinations of levels; agree on fewer.`, '/columns');
  return undefined;
}
