import type { Side, Told, View } from './side.js';

/** What is asked of a side, apart from its view. */
export type Witness = Pick<Side, 'city' | 'toldTwice' | 'histories'>;

/** What must never be, and what of it was seen. */
export interface Findings {
  /** The two sides do not say the same. */
  readonly divergences: string[];
  readonly lostAgreements: string[];
  readonly duplicates: string[];
}

export const noFindings = (): Findings => ({ divergences: [], lostAgreements: [], duplicates: [] });

const stories = (told: readonly Told[]): readonly string[] =>
  told
    // Whom the other side has refused, it does not know.
    .filter(({ state }) => state !== 'REFUSED')
    .map(({ story }) => story)
    .sort();

/** Where two views differ; empty when they agree. */
export function differences(a: View, b: View): readonly string[] {
  const lists = [
    ['negotiations', stories(a.negotiations), stories(b.negotiations)],
    ['transfers', stories(a.transfers), stories(b.transfers)],
    ['agreements', entriesOf(a.agreements), entriesOf(b.agreements)],
  ] as const;
  return lists.flatMap(([what, here, there]) => {
    const [left, right] = [missing(here, there), missing(there, here)];
    return left.length + right.length === 0 ? [] : [`${what}: ${left.join(' | ')} <> ${right.join(' | ')}`];
  });
}

/** Whether nobody has anything left to say or to send. */
export const isAtRest = ({ negotiations, transfers, messagesWaiting }: View): boolean =>
  messagesWaiting === 0 && [...negotiations, ...transfers].every(({ atRest }) => atRest);

/** Holds two sides at rest against each other, and against the agreements that were ever seen on either. */
export function judge(
  sides: readonly [Witness, Witness],
  views: readonly [View, View],
  seen: Map<string, string>,
): Findings {
  const findings = noFindings();
  findings.divergences.push(...differences(...views), ...historyDifferences(sides));
  for (const [i, view] of views.entries()) {
    const { city } = sides[i as 0 | 1];
    for (const id of view.withoutAgreement) findings.lostAgreements.push(`${city}: ${id} is FINALIZED without one`);
    for (const [id, bytes] of seen)
      if (view.agreements.get(id) !== bytes) findings.lostAgreements.push(`${city}: ${id} is gone or changed`);
    for (const id of view.agreedTwice) findings.duplicates.push(`${city}: ${id} was agreed twice`);
    for (const what of sides[i as 0 | 1].toldTwice()) findings.duplicates.push(`${city}: ${what}`);
    if (view.messagesGivenUp > 0) findings.divergences.push(`${city}: ${view.messagesGivenUp} messages were given up`);
  }
  for (const view of views) for (const [id, bytes] of view.agreements) seen.set(id, bytes);
  return findings;
}

/** The ledgers of both sides tell of the same processes, and of the same states in the same order. */
function historyDifferences([a, b]: readonly [Witness, Witness]): readonly string[] {
  const [here, there] = [a.histories(), b.histories()];
  return [...missing(here, there), ...missing(there, here)].map((history) => `only one ledger has: ${history}`);
}

const entriesOf = (map: ReadonlyMap<string, string>): readonly string[] =>
  [...map].map(([id, text]) => `${id}: ${text}`).sort();

/** What is in the one list more often than in the other. */
function missing(from: readonly string[], other: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const item of other) counts.set(item, (counts.get(item) ?? 0) + 1);
  return from.filter((item) => {
    const left = counts.get(item) ?? 0;
    counts.set(item, left - 1);
    return left < 1;
  });
}
