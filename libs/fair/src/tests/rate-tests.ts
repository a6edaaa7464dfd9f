import { sharesOfAll } from '../comparisons/clustered-pairs.js';
import type { ComparedGroup } from '../comparisons/comparison.js';
import { type Comparable, comparableOf } from '../comparisons/fairlearn.js';
import type { CellCounts, Partition } from '../partition.js';
import { type AuditPlan, comparedBy } from '../plan.js';
import type { RateName } from '../rates.js';
import { chiSquare } from '../statistics/chi-square.js';
import { fisherExact } from '../statistics/fisher.js';
import { generalisedMantelHaenszel } from '../statistics/generalised-mantel-haenszel.js';
import type { Share } from '../statistics/interval.js';
import { breslowDay } from '../statistics/mantel-haenszel.js';
import { permutationGap } from '../statistics/permutation.js';
import { toldP } from '../statistics/told-p.js';
import type { TestSettings } from './settings.js';

/**
 * What is asked of a rate: whether it is the same in all groups; whether it is so within the levels of a control; whether
 * the odds of the two groups that lie farthest apart are to each other as they are in every level.
 */
export type TestQuestion = 'same-in-groups' | 'same-within-levels' | 'same-gap-in-levels';

/** A test of one rate over the groups of one attribute, before p-values are adjusted. */
export interface RateTest {
  readonly question: TestQuestion;
  readonly rate: RateName;
  readonly attribute: string;
  /** The part of the population that is tested by itself. */
  readonly stratum?: Readonly<Record<string, string>>;
  /** The attribute within whose levels groups are compared. */
  readonly control?: string;
  /** The two groups, where the question is about two. */
  readonly between?: readonly [string, string];
  /** Groups that were large enough to be tested. */
  readonly groups: number;
  readonly result:
    | { readonly state: 'value'; readonly test: string; readonly p: number }
    | { readonly state: 'undefined'; readonly reason: string };
}

type TestResult = RateTest['result'];

/** Each kind of mistake and of answer once: a rate and its complement have the same test. */
const complements: Readonly<Partial<Record<RateName, RateName>>> = {
  trueNegativeRate: 'falsePositiveRate',
  falseNegativeRate: 'truePositiveRate',
  falseDiscoveryRate: 'positivePredictiveValue',
  falseOmissionRate: 'negativePredictiveValue',
};

/** The rate under whose name a rate is tested. */
export function testedAs(rate: RateName): RateName {
  return complements[rate] ?? rate;
}

/** The tests of some rates by every attribute, and within the levels of every control that the plan names. */
export function plannedTests(
  counts: CellCounts,
  plan: AuditPlan,
  rates: readonly RateName[],
  settings: TestSettings,
): readonly RateTest[] {
  return wholes(counts, plan).flatMap((whole) =>
    rates.flatMap((rate) => [
      overGroups(whole, rate, plan, settings),
      ...(plan.controls ?? []).flatMap((control) => withinLevels(counts, whole, control, rate, plan)),
    ]),
  );
}

/** Tests for exploration: other rates by every attribute, and the planned ones in each level of a control and between them. */
export function exploratoryTests(
  counts: CellCounts,
  plan: AuditPlan,
  rates: { readonly planned: readonly RateName[]; readonly others: readonly RateName[] },
  settings: TestSettings,
): readonly RateTest[] {
  return wholes(counts, plan).flatMap((whole) => [
    ...rates.others.map((rate) => overGroups(whole, rate, plan, settings)),
    ...strataOf(counts, whole).flatMap((stratum) =>
      rates.planned.map((rate) => overGroups(stratum, rate, plan, settings)),
    ),
    ...(plan.controls ?? []).flatMap((control) =>
      rates.planned.flatMap((rate) => sameGap(counts, whole, control, rate, plan)),
    ),
  ]);
}

/** The partitions of everybody that a plan compares by. */
export function wholes(counts: CellCounts, plan: AuditPlan): readonly Partition[] {
  return comparedBy(plan).flatMap((name) =>
    counts.partitions.filter(({ attribute, stratum }) => attribute === name && !stratum),
  );
}

const strataOf = ({ partitions }: CellCounts, { attribute }: Partition): readonly Partition[] =>
  partitions.filter(({ attribute: own, stratum }) => own === attribute && stratum !== undefined);

function overGroups(partition: Partition, rate: RateName, plan: AuditPlan, settings: TestSettings): RateTest {
  const { attribute, stratum } = partition;
  const part = comparableOf(rate, partition, plan.floors);
  const { compared } = part;
  const head = { question: 'same-in-groups', rate, attribute, ...(stratum && { stratum }) } as const;
  return {
    ...head,
    groups: compared.length,
    result: plan.cluster === undefined ? fittingTest(compared, settings) : clusteredTest(part),
  };
}

/** Fisher's exact test for two groups, chi-square for more, a permutation where too little is expected for chi-square. */
function fittingTest(groups: readonly ComparedGroup[], { replicates, seed }: TestSettings): TestResult {
  const [a, b, third] = groups;
  if (!a || !b) return { state: 'undefined', reason: 'fewer than two groups are large enough' };
  if (!third) return told(fisherExact(a, b));
  const found = chiSquare(groups.map(({ k, n }) => [k, n - k]));
  if (found.state === 'value' && found.sparseCells * 5 > found.cells)
    return told(permutationGap([groups], { replicates, seed }));
  return told(found);
}

/** Pearson's test of effective numbers of rows: J. N. K. Rao and A. J. Scott, Biometrics 48 (1992). */
function clusteredTest({ compared, pair }: Comparable): TestResult {
  if (compared.length < 2) return { state: 'undefined', reason: 'fewer than two groups are large enough' };
  const shares = sharesOfAll(compared, pair, 'difference');
  const found = chiSquare(shares.map(({ k, n }) => [k, n - k]));
  if (found.state === 'value' && found.sparseCells * 5 > found.cells)
    return {
      state: 'undefined',
      reason: 'too little is expected for chi-square, and shuffling rows would part clusters',
    };
  return told(found.state === 'value' ? { ...found, test: 'chi-square of effective rows' } : found);
}

const partsClusters: TestResult = {
  state: 'undefined',
  reason: 'there is no test within levels for clusters, which may have rows in several of them',
};

function told(found: { state: 'value'; test: string; p: number } | { state: 'undefined'; reason: string }): TestResult {
  if (found.state === 'undefined') return { state: 'undefined', reason: found.reason };
  return { state: 'value', test: found.test, p: toldP(found.p) };
}

/** The groups that are compared in the whole, as they are in each level of a control. */
function levelsOf(counts: CellCounts, whole: Partition, control: string, rate: RateName, plan: AuditPlan) {
  const { compared } = comparableOf(rate, whole, plan.floors);
  const none = { group: 0, events: 0 };
  const levels = strataOf(counts, whole).filter(({ stratum }) => stratum && control in stratum);
  const strata = levels.map((level): readonly Share[] => {
    const own = comparableOf(rate, level, none).compared;
    return compared.map(({ group }) => own.find((one) => one.group === group) ?? { k: 0, n: 0 });
  });
  return { compared, strata };
}

function withinLevels(
  counts: CellCounts,
  whole: Partition,
  control: string,
  rate: RateName,
  plan: AuditPlan,
): readonly RateTest[] {
  const { compared, strata } = levelsOf(counts, whole, control, rate, plan);
  if (strata.length === 0) return [];
  const result = plan.cluster === undefined ? told(generalisedMantelHaenszel(strata)) : partsClusters;
  const { attribute } = whole;
  return [{ question: 'same-within-levels', rate, attribute, control, groups: compared.length, result }];
}

function sameGap(
  counts: CellCounts,
  whole: Partition,
  control: string,
  rate: RateName,
  plan: AuditPlan,
): readonly RateTest[] {
  const { compared, strata } = levelsOf(counts, whole, control, rate, plan);
  const ends = extremesOf(compared);
  if (strata.length === 0 || ends === null) return [];
  const [low, high] = ends.map(({ group }) => compared.findIndex((one) => one.group === group));
  const share = (groups: readonly Share[], i = -1): Share => groups[i] ?? { k: 0, n: 0 };
  const result =
    plan.cluster === undefined
      ? told(breslowDay(strata.map((groups) => ({ a: share(groups, high), b: share(groups, low) }))))
      : partsClusters;
  const between = [ends[1].group, ends[0].group] as const;
  const { attribute } = whole;
  return [{ question: 'same-gap-in-levels', rate, attribute, control, between, groups: 2, result }];
}

/** The groups with the lowest and the highest rate; null with fewer than two. */
function extremesOf(groups: readonly ComparedGroup[]): readonly [ComparedGroup, ComparedGroup] | null {
  const sorted = [...groups].sort((a, b) => a.value - b.value);
  const [low, high] = [sorted[0], sorted.at(-1)];
  return low && high && sorted.length > 1 ? [low, high] : null;
}
