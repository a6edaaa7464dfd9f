import { ok, type Result } from '@hansa/kernel';
import type { Comparison } from '../comparisons/comparison.js';
import { compare } from '../comparisons/fairlearn.js';
import type { ComparisonMetric } from '../comparisons/metrics.js';
import type { JointCounts, JointProblem } from '../counting/joint-counts.js';
import type { ConfusionCounts } from '../counts.js';
import { type Finding, findingTypes } from '../findings/finding.js';
import type { AuditPlan, Polarity } from '../plan.js';
import { isMoreBetter, type Rate, type RateName, ratesOf } from '../rates.js';
import { list, number, percent } from '../words.js';
import { ofModel, ofPeople, type PairedCounts, pairedPopulation } from './paired-counts.js';
import { type PairedRate, type PairedTest, pairedTests } from './paired-tests.js';

/** How one side decided about a group. */
export interface BaselineSide {
  readonly counts: ConfusionCounts;
  readonly rates: Readonly<Record<RateName, Rate>>;
}

/**
 * What people decided about the same rows, beside the audited decisions: OASC MIM5 asks for outcomes to be seen in their
 * context, and the question of a city is not whether a model is fair, but whether it is fairer than what it replaces.
 */
export interface HumanBaseline {
  /** Where the decisions of people stand. */
  readonly column: string;
  /** The values of that column that are a positive decision. */
  readonly positive: readonly string[];
  /** Rows of the report about which people decided, too: all figures of this part are of them. */
  readonly rows: number;
  /** Rows of the report about which they did not. */
  readonly leftOut: number;
  /** Everybody first, then the groups of each attribute. */
  readonly slices: readonly {
    readonly attributes: Readonly<Record<string, string>>;
    readonly model: BaselineSide;
    readonly people: BaselineSide;
  }[];
  /** Each metric of the plan, between judged groups. */
  readonly gaps: readonly {
    readonly attribute: string;
    readonly metric: ComparisonMetric;
    readonly model: Comparison;
    readonly people: Comparison;
  }[];
  readonly tests: {
    readonly method: 'mcnemar';
    readonly adjustment: 'holm';
    /** How many tests the adjustment allows for. */
    readonly size: number;
    readonly comparisons: readonly PairedTest[];
  };
}

/** Decisions of people as they were counted. */
export interface HumanDecisions {
  readonly column: string;
  readonly positive: readonly string[];
  readonly leftOut: number;
  /** By the attributes of the plan and by `column`, whose levels are `1` for a positive decision and `0` for another. */
  readonly joint: JointCounts;
}

/**
 * Holds the decisions that were audited against those of people on the same rows.
 *
 * @example
 * humanBaseline({ column: 'clerk', positive: ['yes'], leftOut: 0, joint }, plan);
 */
export function humanBaseline(
  { column, positive, leftOut, joint }: HumanDecisions,
  plan: AuditPlan,
): Result<HumanBaseline, JointProblem> {
  const population = pairedPopulation(joint, column, plan);
  if (!population.ok) return population;
  const { total, partitions } = population.value;
  const groups = partitions.flatMap((partition) => partition.groups);
  const { size, tests } = pairedTests(total, groups, plan.level);
  const side = (counts: ConfusionCounts): BaselineSide => ({ counts, rates: ratesOf(counts, plan.level) });
  const sliceOf = (attributes: Readonly<Record<string, string>>, counts: PairedCounts) => {
    return { attributes, model: side(ofModel(counts)), people: side(ofPeople(counts)) };
  };
  const gaps = partitions.flatMap(({ attribute, groups: own }) => {
    const partitionOf = (of: typeof ofModel) => {
      return { attribute, groups: own.map((group) => ({ ...group, counts: of(group.counts) })) };
    };
    return plan.metrics.map(({ metric }) => ({
      attribute,
      metric,
      model: compare(metric, partitionOf(ofModel), 'judged', plan),
      people: compare(metric, partitionOf(ofPeople), 'judged', plan),
    }));
  });
  return ok({
    column,
    positive,
    rows: ofModel(total).n,
    leftOut,
    slices: [sliceOf({}, total), ...groups.map(({ attributes, counts }) => sliceOf(attributes, counts))],
    gaps,
    tests: { method: 'mcnemar', adjustment: 'holm', size, comparisons: tests },
  });
}

/**
 * What makes a group worse off: decisions against it, mistakes to its harm, and mistakes of any kind. To be found rightly
 * is a burden that the label justifies.
 */
const harms: Readonly<Record<Polarity, readonly PairedRate[]>> = {
  benefit: ['selectionRate', 'truePositiveRate', 'accuracy'],
  burden: ['selectionRate', 'falsePositiveRate', 'accuracy'],
};

/** For each group that fares worse with the model than with people, beyond what chance explains, one finding. */
export function baselineFindings(
  { slices, tests }: HumanBaseline,
  { outcome, level }: Pick<AuditPlan, 'outcome' | 'level'>,
): readonly Finding[] {
  return slices.flatMap(({ attributes, model, people }): readonly Finding[] => {
    const own = tests.comparisons.filter((test) => JSON.stringify(test.attributes) === JSON.stringify(attributes));
    const worse = own.flatMap((test) => {
      if (!harms[outcome.polarity].includes(test.rate)) return [];
      if (test.state !== 'value' || test.test.state !== 'value' || test.test.adjusted > 1 - level) return [];
      const isMore = test.difference > 0;
      if (test.difference === 0 || isMore === isMoreBetter(test.rate, outcome.polarity)) return [];
      return [clause(test.rate, model.rates[test.rate], people.rates[test.rate], test.test.adjusted)];
    });
    if (worse.length === 0) return [];
    const names = Object.entries(attributes);
    const who =
      names.length === 0 ? 'Of everybody' : `Where ${list(names.map(([name, value]) => `${name} is ${value}`))}`;
    const attribute = names.map(([name]) => name).join('*');
    const text = `${who}, those concerned fare worse with the model than with people on the same rows: ${list(worse)}.`;
    return [{ type: findingTypes.worseThanPeople, severity: 'medium', ...(attribute && { attribute }), text }];
  });
}

const subjects: Readonly<Record<PairedRate, string>> = {
  selectionRate: 'it decides positively about',
  truePositiveRate: 'of those with a positive label it decides positively about',
  falsePositiveRate: 'of those with a negative label it decides positively about',
  accuracy: 'it is right about',
};

function clause(rate: PairedRate, model: Rate, people: Rate, p: number): string {
  const share = (of: Rate) => (of.state === 'value' ? percent(of.value) : 'none');
  const told = p < 0.0001 ? 'below 0.0001' : number(p);
  return `${subjects[rate]} ${share(model)}, they ${rate === 'accuracy' ? 'were' : 'did'} about ${share(people)} (McNemar's test, p ${told}, adjusted)`;
}
