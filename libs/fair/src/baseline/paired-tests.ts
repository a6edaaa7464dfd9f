import { type Undefined, undefinedBecause } from '../figure.js';
import type { Interval } from '../statistics/interval.js';
import { mcnemar } from '../statistics/mcnemar.js';
import { holm } from '../statistics/multiplicity.js';
import { pairedDifference } from '../statistics/paired-difference.js';
import { toldP } from '../statistics/told-p.js';
import type { PairedCounts, PairedGroup } from './paired-counts.js';

/** The rates in which a model and people are held against each other row by row: the rows of each are the same for both. */
export const pairedRates = ['selectionRate', 'truePositiveRate', 'falsePositiveRate', 'accuracy'] as const;
export type PairedRate = (typeof pairedRates)[number];

/** How a model and people differ in one rate of one group. */
export type PairedTest = {
  /** `{}` for everybody. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly rate: PairedRate;
} & (
  | {
      readonly state: 'value';
      /** The rows of the rate: all, or those with a positive or a negative label. */
      readonly n: number;
      /** Rows that only the model decided positive; for the accuracy, rightly. */
      readonly onlyModel: number;
      readonly onlyPeople: number;
      /** The model's rate less that of people. */
      readonly difference: number;
      readonly interval: Interval;
      /** McNemar's exact p; undefined where both decide alike on every row. `adjusted` by Holm for all tests here. */
      readonly test: { readonly state: 'value'; readonly p: number; readonly adjusted: number } | Undefined;
    }
  | Undefined
);

/** Every rate for everybody and every group, with p-values adjusted for all of them together. */
export function pairedTests(
  total: PairedCounts,
  groups: readonly PairedGroup[],
  level: number,
): { readonly size: number; readonly tests: readonly PairedTest[] } {
  const seen = new Map([['', { attributes: {}, counts: total }]]);
  for (const { attributes, counts } of groups) seen.set(JSON.stringify(attributes), { attributes, counts });
  const pairs = [...seen.values()].flatMap(({ attributes, counts }) =>
    pairedRates.map((rate) => ({ attributes, rate, ...discordant(rate, counts) })),
  );
  const family = pairs.flatMap(({ onlyModel, onlyPeople }, i) => {
    const test = mcnemar(onlyModel, onlyPeople);
    return test.state === 'value' ? [{ name: String(i), p: test.p }] : [];
  });
  const adjusted = new Map(holm(family).hypotheses.map((hypothesis) => [hypothesis.name, hypothesis]));
  const tests = pairs.map(({ attributes, rate, n, onlyModel, onlyPeople, among }, i): PairedTest => {
    if (n === 0) return { attributes, rate, ...undefinedBecause(`no ${among}`) };
    const { value: difference, interval } = pairedDifference(onlyModel, onlyPeople, n, level);
    const found = adjusted.get(String(i));
    const test = found
      ? ({ state: 'value', p: toldP(found.p), adjusted: toldP(found.adjusted) } as const)
      : undefinedBecause('both decide alike on every row');
    return { attributes, rate, state: 'value', n, onlyModel, onlyPeople, difference, interval, test };
  });
  return { size: family.length, tests };
}

/** The rows of a rate, and those on which only one side is counted. */
function discordant(rate: PairedRate, { ifPeopleRefuse: no, ifPeopleAgree: yes }: PairedCounts) {
  const positives = { onlyModel: no.tp, onlyPeople: yes.fn, n: no.fn + no.tp + yes.fn + yes.tp };
  const negatives = { onlyModel: no.fp, onlyPeople: yes.tn, n: no.tn + no.fp + yes.tn + yes.fp };
  const n = positives.n + negatives.n;
  switch (rate) {
    case 'truePositiveRate':
      return { ...positives, among: 'rows with a positive label' };
    case 'falsePositiveRate':
      return { ...negatives, among: 'rows with a negative label' };
    case 'selectionRate':
      return {
        onlyModel: positives.onlyModel + negatives.onlyModel,
        onlyPeople: positives.onlyPeople + negatives.onlyPeople,
        n,
        among: 'rows',
      };
    // Of a negative label the one who is right is the one who says no.
    case 'accuracy':
      return {
        onlyModel: positives.onlyModel + negatives.onlyPeople,
        onlyPeople: positives.onlyPeople + negatives.onlyModel,
        n,
        among: 'rows',
      };
  }
}
