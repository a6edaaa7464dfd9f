import { compare } from '../comparisons/fairlearn.js';
import {
  type AttributeClasses,
  addTables,
  type ClassTable,
  oneVersusRest,
  partitionOfClass,
} from '../outcomes/multiclass.js';
import type { Partition } from '../partition.js';
import { comparedBy } from '../plan.js';
import { type Rate, rateOf, ratesOf } from '../rates.js';
import { type AverageFigure, type AverageName, averageNames, averageOf } from './class-averages.js';
import { largestFigureGap } from './figure-gaps.js';
import type { LeftOutOfTask, TaskGap } from './task-gap.js';
import type { MulticlassMetric, MulticlassPlan } from './task-plan.js';
import { multiclassMetrics } from './task-plan.js';

/** One class against all others in one group. */
export interface ClassRates {
  readonly class: string;
  /** How many of those who truly are of the class are said to be. */
  readonly recall: Rate;
  /** How many of those who are said to be of the class truly are. */
  readonly precision: Rate;
  readonly selectionRate: Rate;
  readonly falsePositiveRate: Rate;
  readonly baseRate: Rate;
}

/** Decisions among classes in one group, with everything counted. */
export interface GroupClasses {
  readonly group: string;
  readonly n: number;
  /** Rows by label, then by decision, both in the order of the classes. */
  readonly table: readonly (readonly number[])[];
  readonly accuracy: Rate;
  readonly averages: Readonly<Record<AverageName, AverageFigure>>;
  readonly rates: readonly ClassRates[];
}

/** The part of a report on decisions among several classes. */
export interface ClassPart {
  readonly classes: readonly string[];
  readonly everybody: GroupClasses;
  readonly attributes: readonly {
    readonly attribute: string;
    readonly groups: readonly GroupClasses[];
    /** Of judged groups: of all classes together, then of each class against the others. */
    readonly gaps: readonly TaskGap[];
  }[];
}

/** Metrics that look at all classes at once; the others are about one class against the rest. */
const ofAllClasses = {
  accuracyDifference: null,
  macroRecallDifference: 'macroRecall',
  macroF1Difference: 'macroF1',
} as const satisfies Partial<Record<MulticlassMetric, AverageName | null>>;

type WholeMetric = keyof typeof ofAllClasses;
const isWhole = (metric: MulticlassMetric): metric is WholeMetric => Object.hasOwn(ofAllClasses, metric);

/** How many gaps a plan judges together: those about a class are judged for each. */
function plannedGaps(plan: MulticlassPlan, classes: number): number {
  const own = plan.metrics.reduce((sum, { metric }) => sum + (isWhole(metric) ? 1 : classes), 0);
  return own * comparedBy(plan).length;
}

/**
 * The part of a report on decisions among classes, from tables of counts alone.
 *
 * @param tables one for each attribute and crossing of the plan
 * @example
 * classPart(must(classTables(counted, plan)), plan).attributes[0].gaps;
 */
export function classPart(tables: readonly AttributeClasses[], plan: MulticlassPlan): ClassPart {
  const [first] = tables;
  if (first === undefined) throw new RangeError('a plan compares by something');
  const everybody = addTables(first.groups.map(({ table }) => table));
  return {
    classes: first.classes,
    everybody: groupOf('everybody', everybody, plan.level),
    attributes: tables.map((own) => ({
      attribute: own.attribute,
      groups: own.groups.map(({ group, table }) => groupOf(group, table, plan.level)),
      gaps: gapsOf(own, everybody, plan),
    })),
  };
}

function groupOf(group: string, table: ClassTable, level: number): GroupClasses {
  const k = table.classes.length;
  const right = rightOf(table);
  return {
    group,
    n: right.n,
    table: table.classes.map((_, label) => [...table.cells.subarray(label * k, (label + 1) * k)]),
    accuracy: rateOf('accuracy', right, level),
    averages: Object.fromEntries(
      averageNames.map((name) => [name, averageOf(name, table, level)]),
    ) as GroupClasses['averages'],
    rates: table.classes.map((name): ClassRates => {
      const rates = ratesOf(oneVersusRest(table, name), level);
      return {
        class: name,
        recall: rates.truePositiveRate,
        precision: rates.positivePredictiveValue,
        selectionRate: rates.selectionRate,
        falsePositiveRate: rates.falsePositiveRate,
        baseRate: rates.baseRate,
      };
    }),
  };
}

/** Right and wrong answers of all classes as a table of yes-or-no decisions with the same accuracy. */
function rightOf({ classes, cells }: ClassTable) {
  const n = cells.reduce((sum, rows) => sum + rows, 0);
  const tp = classes.reduce((sum, _, c) => sum + (cells[c * classes.length + c] ?? 0), 0);
  return { n, tn: 0, fp: n - tp, fn: 0, tp };
}

function gapsOf(own: AttributeClasses, everybody: ClassTable, plan: MulticlassPlan): readonly TaskGap[] {
  const shared = 1 - (1 - plan.level) / plannedGaps(plan, own.classes.length);
  const isPlanned = (metric: MulticlassMetric) => plan.metrics.some((planned) => planned.metric === metric);
  const right: Partition = {
    attribute: own.attribute,
    groups: own.groups.map(({ group, table }) => ({
      group,
      attributes: { [own.attribute]: group },
      counts: rightOf(table),
    })),
  };
  const whole = Object.entries(ofAllClasses).map(([metric, average]) => {
    const share = isPlanned(metric as WholeMetric) ? shared : undefined;
    return average === null
      ? gapOfShares('accuracyDifference', right, plan, share)
      : gapOfAverages(average, own, everybody, plan, share);
  });
  const byClass = own.classes.flatMap((name) => {
    const partition = partitionOfClass(own, name);
    return multiclassMetrics.flatMap((metric) =>
      isWhole(metric)
        ? []
        : [{ ...gapOfShares(metric, partition, plan, isPlanned(metric) ? shared : undefined), class: name }],
    );
  });
  return [...whole, ...byClass];
}

/** The largest gap of shares, by the comparison of yes-or-no decisions. */
function gapOfShares(
  metric: Exclude<MulticlassMetric, 'macroRecallDifference' | 'macroF1Difference'>,
  partition: Partition,
  { floors, level }: MulticlassPlan,
  shared: number | undefined,
): TaskGap {
  const { attribute } = partition;
  // Which group is better off depends on the class, so the polarity says nothing here.
  const at = (own: number) =>
    compare(metric, partition, 'judged', { outcome: { polarity: 'benefit' }, floors, level: own });
  const found = at(level);
  const leftOut = [...new Map(found.leftOut.map((group) => [group.group, group])).values()].map(
    ({ group, n, why }): LeftOutOfTask => ({ group, n: n ?? 0, why: why === 'below-floor' ? why : 'undefined' }),
  );
  const head = { metric, attribute, leftOut, leftOutShare: found.leftOutShare };
  if (found.state !== 'value') return { ...head, state: 'undefined', reason: found.reason };
  const { value, interval, best, worst } = found;
  const [high, low] = best.value > worst.value ? [best, worst] : [worst, best];
  const wider = shared === undefined ? undefined : at(shared);
  const simultaneous = wider?.state === 'value' ? wider.simultaneous : undefined;
  return {
    ...head,
    state: 'value',
    value,
    interval,
    ...(simultaneous && { simultaneous: { ...simultaneous, level } }),
    high: { group: high.group, value: high.value, k: high.k, n: high.n },
    low: { group: low.group, value: low.value, k: low.k, n: low.n },
    rate: found.rate,
  };
}

/** A group without rows of a class that others have averages over other classes: it is left out. */
function gapOfAverages(
  name: AverageName,
  { attribute, groups }: AttributeClasses,
  everybody: ClassTable,
  { floors, level }: MulticlassPlan,
  shared: number | undefined,
): TaskGap {
  const absent = averageOf(name, everybody, level).leftOut;
  const rowsOf = (table: ClassTable) => table.cells.reduce((sum, rows) => sum + rows, 0);
  const known = groups.map(({ group, table }) => ({
    group,
    table,
    n: rowsOf(table),
    own: averageOf(name, table, level),
  }));
  const isOther = ({ own }: (typeof known)[number]) =>
    own.state !== 'value' || own.leftOut.some((one) => !absent.includes(one));
  const leftOut = known.flatMap((one): readonly LeftOutOfTask[] => {
    if (isOther(one)) return [{ group: one.group, n: one.n, why: 'undefined' }];
    return one.n < floors.group ? [{ group: one.group, n: one.n, why: 'below-floor' }] : [];
  });
  const judged = known.filter(({ group }) => !leftOut.some((other) => other.group === group));
  const figures = judged.flatMap(({ group, table, own }) =>
    own.state === 'value'
      ? [{ group, value: own.value, intervalAt: (at: number) => boundsOf(averageOf(name, table, at)) }]
      : [],
  );
  const all = known.reduce((sum, { n }) => sum + n, 0);
  const leftOutShare = leftOut.reduce((sum, { n }) => sum + n, 0) / all;
  const question = { metric: `${name}Difference`, attribute, leftOut, leftOutShare, level };
  return largestFigureGap(figures, shared === undefined ? question : { ...question, shared });
}

function boundsOf(figure: AverageFigure) {
  if (figure.state !== 'value') throw new Error('a figure lost its value at another confidence');
  return figure.interval;
}
