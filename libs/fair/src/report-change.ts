import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { isHeadline } from './comparisons/comparison.js';
import { difference } from './comparisons/contrasts.js';
import type { Polarity } from './plan.js';
import { effectiveOf, type RateName, shareOf } from './rates.js';
import type { AuditReport } from './report.js';
import type { Interval } from './statistics/interval.js';

/** Whether people of a group are better off, worse off, or as far as can be told the same. */
export type Change = 'better' | 'worse' | 'same';

/** One rate of one group in two reports. */
export interface RateChange {
  /** `{}` for everybody. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly rate: RateName;
  readonly before: number;
  readonly after: number;
  /** after − before, with the interval of two independent samples: it errs towards `same` where the rows are the same. */
  readonly difference: number;
  readonly interval: Interval;
  readonly change: Change;
}

/** One gap between groups in two reports. */
export interface GapChange {
  readonly attribute: string;
  readonly metric: string;
  readonly before: number;
  readonly after: number;
  /** `better` where groups are closer to each other. */
  readonly change: Change;
}

/** What changed from one report to another. */
export interface ReportChange {
  /** Worse first, then better, then the same. */
  readonly rates: readonly RateChange[];
  readonly gaps: readonly GapChange[];
  /** Groups that only one of the reports has, or whose rates one of them cannot give. */
  readonly notCompared: readonly Readonly<Record<string, string>>[];
  readonly verdict: {
    readonly before: AuditReport['verdict']['outcome'];
    readonly after: AuditReport['verdict']['outcome'];
  };
}

export type ReportChangeProblem = Problem<'audit.other-outcome'>;

/** The rates that say how people fare, and whether more of it is good where a positive decision is a benefit. */
const fares: Readonly<Partial<Record<RateName, 'decision' | 'quality'>>> = {
  selectionRate: 'decision',
  truePositiveRate: 'decision',
  falsePositiveRate: 'decision',
  accuracy: 'quality',
};

/**
 * Compares two reports about the same outcome, group by group: for instance before and after a model was changed. A
 * change counts only where its interval leaves zero out.
 *
 * @example
 * must(compareReports(before, after)).rates[0]; // the group that lost most
 */
export function compareReports(before: AuditReport, after: AuditReport): Result<ReportChange, ReportChangeProblem> {
  const { polarity, positive } = before.plan.outcome;
  const other = after.plan.outcome;
  if (other.polarity !== polarity || other.positive !== positive)
    return refuse(
      'audit.other-outcome',
      `The first report is about "${positive}" as a ${polarity}, the second about "${other.positive}" as a ${other.polarity}; they cannot be compared.`,
    );
  const known = new Map(after.slices.map((slice) => [keyOf(slice.attributes), slice]));
  const rates: RateChange[] = [];
  const notCompared: Readonly<Record<string, string>>[] = [];
  for (const { attributes, rates: old } of before.slices) {
    const fresh = known.get(keyOf(attributes));
    known.delete(keyOf(attributes));
    const changes = fresh ? rateChanges(attributes, old, fresh.rates, polarity, before.plan.level) : [];
    if (changes.length === 0) notCompared.push(attributes);
    rates.push(...changes);
  }
  notCompared.push(...[...known.values()].map(({ attributes }) => attributes));
  const order: readonly Change[] = ['worse', 'better', 'same'];
  return ok({
    rates: order.flatMap((change) =>
      rates.filter((rate) => rate.change === change).sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference)),
    ),
    gaps: gapChanges(before, after),
    notCompared,
    verdict: { before: before.verdict.outcome, after: after.verdict.outcome },
  });
}

type Rates = AuditReport['slices'][number]['rates'];

function rateChanges(
  attributes: RateChange['attributes'],
  old: Rates,
  fresh: Rates,
  polarity: Polarity,
  level: number,
): readonly RateChange[] {
  return Object.entries(fares).flatMap(([name, kind]): readonly RateChange[] => {
    const rate = name as RateName;
    const [a, b] = [old[rate], fresh[rate]];
    if (a.state !== 'value' || b.state !== 'value') return [];
    const { value, interval } = difference(asShare(b), asShare(a), level);
    const isZeroInside = interval.lower <= 0 && interval.upper >= 0;
    const isMoreGood = kind === 'quality' || polarity === 'benefit';
    return [
      {
        attributes,
        rate,
        before: a.value,
        after: b.value,
        difference: value,
        interval,
        change: isZeroInside ? 'same' : value > 0 === isMoreGood ? 'better' : 'worse',
      },
    ];
  });
}

const asShare = (rate: Rates[RateName] & { state: 'value' }) => shareOf({ ...rate, effective: effectiveOf(rate) });

function gapChanges(before: AuditReport, after: AuditReport): readonly GapChange[] {
  const judged = (report: AuditReport) =>
    report.comparisons.filter(isHeadline).filter(({ groups }) => groups === 'judged');
  return judged(before).flatMap((a): readonly GapChange[] => {
    const b = judged(after).find(({ metric, attribute }) => metric === a.metric && attribute === a.attribute);
    if (a.state !== 'value' || b?.state !== 'value') return [];
    const distance = (value: number) => (a.contrast === 'ratio' ? 1 - value : value);
    // A gap may move within its own interval by chance alone.
    const isWithin = b.value >= a.interval.lower && b.value <= a.interval.upper;
    const change = isWithin ? 'same' : distance(b.value) < distance(a.value) ? 'better' : 'worse';
    return [{ attribute: a.attribute, metric: a.metric, before: a.value, after: b.value, change }];
  });
}

function keyOf(attributes: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}
