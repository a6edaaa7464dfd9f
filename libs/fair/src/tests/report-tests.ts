import { ratesOfMetric } from '../comparisons/metrics.js';
import type { CellCounts } from '../partition.js';
import type { AuditPlan } from '../plan.js';
import type { RateName } from '../rates.js';
import { type AdjustedFamily, benjaminiHochberg, holm } from '../statistics/multiplicity.js';
import type { AdjustedEquivalence, AdjustedTest } from './adjusted.js';
import { equivalenceTests } from './equivalence-tests.js';
import { type GapFacts, gapFacts } from './gap-facts.js';
import { exploratoryTests, plannedTests, testedAs, wholes } from './rate-tests.js';
import { readingOfEquivalence, readingOfGap, readingOfTest } from './reading.js';
import { type TestSettings, testDefaults } from './settings.js';

/** The tests that share one chance of error. */
export interface TestFamily {
  readonly method: AdjustedFamily['method'];
  readonly controls: AdjustedFamily['controls'];
  /** How many p-values were adjusted together. */
  readonly size: number;
}

/** Statistical tests of a report: they inform, and do not decide the verdict. */
export interface ReportTests extends TestSettings {
  /** 1 − the level of the plan. */
  readonly alpha: number;
  readonly families: {
    /** The rates of the planned metrics by every attribute, and within controls. */
    readonly planned: TestFamily;
    /** Whether they are shown to be within the margins. */
    readonly equivalence: TestFamily;
    /** All other tests: what they find is a question for the next audit, no result of this one. */
    readonly exploratory: TestFamily;
  };
  readonly tests: readonly AdjustedTest[];
  readonly equivalences: readonly AdjustedEquivalence[];
  readonly gaps: readonly (GapFacts & { readonly text: string })[];
}

/** Rates that are tested for exploration, each with its complement once. */
const distinctRates = [
  'selectionRate',
  'baseRate',
  'truePositiveRate',
  'falsePositiveRate',
  'positivePredictiveValue',
  'negativePredictiveValue',
  'accuracy',
] as const satisfies readonly RateName[];

/**
 * Every test that a plan asks for, with p-values as computed and as adjusted for the number of questions: Holm's way for
 * what was planned, Benjamini and Hochberg's for everything else.
 */
export function reportTests(counts: CellCounts, plan: AuditPlan): ReportTests {
  const settings = plan.tests ?? testDefaults;
  const alpha = Number((1 - plan.level).toFixed(12));
  const ratesOfPlan = [...new Set(plan.metrics.flatMap(({ metric }) => ratesOfMetric(metric)))];
  const planned = [...new Set(ratesOfPlan.map(testedAs))];
  const others = distinctRates.filter((rate) => !planned.includes(rate));
  const main = adjustedBy(holm, plannedTests(counts, plan, planned, settings));
  const further = adjustedBy(benjaminiHochberg, exploratoryTests(counts, plan, { planned, others }, settings));
  const within = adjustedBy(holm, equivalenceTests(counts, plan));
  const withText = (family: 'planned' | 'exploratory') => (test: Omit<AdjustedTest, 'family' | 'text'>) => ({
    ...test,
    family,
    text: readingOfTest(test, alpha),
  });
  const gaps = wholes(counts, plan).flatMap((whole) =>
    ratesOfPlan.map((rate) => gapFacts(whole, rate, plan, settings)),
  );
  return {
    alpha,
    ...settings,
    families: { planned: main.family, equivalence: within.family, exploratory: further.family },
    tests: [...main.tests.map(withText('planned')), ...further.tests.map(withText('exploratory'))],
    equivalences: within.tests.map((test) => ({ ...test, text: readingOfEquivalence(test, alpha) })),
    gaps: gaps.map((gap) => ({ ...gap, text: readingOfGap(gap, settings.power) })),
  };
}

/** Adjusts the p-values of those tests that have one. */
function adjustedBy<
  T extends { readonly result: { state: 'value'; p: number } | { state: 'undefined'; reason: string } },
>(adjust: typeof holm, tests: readonly T[]) {
  const known = tests.flatMap(({ result }, i) => (result.state === 'value' ? [{ name: String(i), p: result.p }] : []));
  const { method, controls, size, hypotheses } = adjust(known);
  const adjusted = new Map(hypotheses.map((hypothesis) => [hypothesis.name, hypothesis.adjusted]));
  return {
    family: { method, controls, size },
    tests: tests.map((test, i) => {
      const { result } = test;
      if (result.state !== 'value') return { ...test, result };
      return { ...test, result: { ...result, adjusted: adjusted.get(String(i)) ?? 1 } };
    }),
  };
}
