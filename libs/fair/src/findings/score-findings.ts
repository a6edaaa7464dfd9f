import type { DisclosedCounts } from '../counts.js';
import type { CellCounts, Partition } from '../partition.js';
import { type AuditPlan, comparedBy } from '../plan.js';
import { effectiveOf, type Rate, type RateName, rateOf, shareOf } from '../rates.js';
import { type CalibrationGap, calibrationGapOf } from '../scores/calibration-gap.js';
import { aucOf } from '../scores/roc.js';
import { addGroups, type ScoreHistogram } from '../scores/score-histogram.js';
import type { CountedScores } from '../scores/score-part.js';
import { newcombe } from '../statistics/interval.js';
import { percent } from '../words.js';
import { type Finding, findingTypes } from './finding.js';

type Known = Rate & { readonly state: 'value' };
type Gap = CalibrationGap & { readonly state: 'value' };

/** What scores betray: that they run the wrong way round, and that not all demands of fairness can be met at once. */
export function scoreFindings(
  { histograms, everybody, withheld = [] }: CountedScores,
  column: string,
  counts: CellCounts,
  plan: AuditPlan,
): readonly Finding[] {
  // How sure it is that a score means the same is known of unrelated rows only.
  const compared = plan.cluster === undefined ? comparedBy(plan) : [];
  const incompatible = compared.flatMap((name) => {
    const histogram = histograms.find(({ attribute }) => attribute === name);
    const partition = counts.partitions.find(({ attribute, stratum }) => attribute === name && !stratum);
    return histogram && partition ? incompatibility(histogram, partition, plan) : [];
  });
  return [...inverted([everybody ?? histograms[0]], column), ...incompatible, ...withheld.map(suppressed)];
}

function suppressed(attribute: string): Finding {
  const text = `The scores of groups by ${attribute} are withheld, because numbers of these groups are; nothing is said about them.`;
  return { type: findingTypes.suppressedCounts, severity: 'medium', attribute, text };
}

function inverted([first]: readonly (ScoreHistogram | undefined)[], column: string): readonly Finding[] {
  if (!first || first.groups.length === 0) return [];
  const auc = aucOf(addGroups('everybody', first.groups), first.grid);
  if (auc.state !== 'value' || auc.standardError.state !== 'value') return [];
  if (auc.value + 1.96 * auc.standardError.value >= 0.5) return [];
  const text = `High scores of "${column}" go with negative labels (the area under the ROC curve is ${Number(auc.value.toFixed(3))}, below one half). Perhaps the positive value is the wrong one, or the score runs the other way.`;
  return [{ type: findingTypes.invertedPolarity, severity: 'high', attribute: column, text }];
}

interface Based {
  readonly group: string;
  readonly counts: DisclosedCounts;
  readonly base: Known;
}

/**
 * Where base rates differ and a score means the same in two groups, no threshold gives both equal error rates and equal
 * precision: A. Chouldechova, Big Data 5 (2017); J. Kleinberg, S. Mullainathan and M. Raghavan, ITCS 2017. Said of the
 * largest two groups of which, with the plan's confidence, the base rates do differ, and less than half of that
 * difference remains between people with the same score.
 */
function incompatibility(histogram: ScoreHistogram, partition: Partition, plan: AuditPlan): readonly Finding[] {
  const { floors, level } = plan;
  const groups = partition.groups.flatMap(({ group, counts }): readonly Based[] => {
    const base = rateOf('baseRate', counts, level);
    return base.state === 'value' && (counts.n ?? 0) >= floors.group ? [{ group, counts, base }] : [];
  });
  const bySize = [...groups].sort((a, b) => b.base.n - a.base.n);
  const pairs = bySize.flatMap((a, i) =>
    bySize.slice(i + 1).map((b) => (a.base.value > b.base.value ? ([a, b] as const) : ([b, a] as const))),
  );
  const size = ([a, b]: (typeof pairs)[number]) => a.base.n + b.base.n;
  for (const [high, low] of [...pairs].sort((a, b) => size(b) - size(a))) {
    const same = alikeAtSameScore(histogram, high, low, level);
    if (same) return [incompatibilityFinding(partition.attribute, [high, low], same, level)];
  }
  return [];
}

/** How far apart two groups of different base rates are at the same score, when that is little; else null. */
function alikeAtSameScore({ groups }: ScoreHistogram, high: Based, low: Based, level: number): Gap | null {
  const [one, other] = [high, low].map(({ group }) => groups.find((own) => own.group === group));
  if (!one || !other || newcombe(asShare(high.base), asShare(low.base), level).lower <= 0) return null;
  const same = calibrationGapOf(one, other, level);
  if (same.state !== 'value') return null;
  const { lower, upper } = same.interval;
  return Math.max(Math.abs(lower), Math.abs(upper)) < (high.base.value - low.base.value) / 2 ? same : null;
}

function incompatibilityFinding(
  attribute: string,
  [high, low]: readonly [Based, Based],
  { value, interval }: Gap,
  level: number,
): Finding {
  const points = (share: number) => Number((share * 100).toFixed(1));
  const text = [
    `Where ${attribute} is ${high.group}, ${percent(high.base.value)} are truly positive; where it is ${low.group}, ${percent(low.base.value)}.`,
    `Yet at the same score they turn out positive about equally often: ${points(value)} points apart, between ${points(interval.lower)} and ${points(interval.upper)} with ${percent(level)} confidence.`,
    'A score that means the same in groups with different base rates cannot give them the same mistakes as well, whatever the threshold: which of the two matters is a choice that no figure makes.',
    'The false positive rate is base rate / (1 − base rate) × (1 − precision) / precision × true positive rate.',
    ...[high, low].flatMap(({ group, counts, base }) => identity(group, base, (name) => rateOf(name, counts, level))),
  ].join(' ');
  return { type: findingTypes.incompatibleDemands, severity: 'medium', attribute, text };
}

/** `Where it is Caucasian: 0.394 / 0.606 × 0.409 / 0.591 × 0.523 = 0.235.` */
function identity(group: string, base: Known, of: (name: RateName) => Rate): readonly string[] {
  const [precision, found, alarms] = [of('positivePredictiveValue'), of('truePositiveRate'), of('falsePositiveRate')];
  if (precision.state !== 'value' || found.state !== 'value' || alarms.state !== 'value') return [];
  if (precision.value === 0 || base.value === 1) return [];
  const told = (share: number) => share.toFixed(3);
  return [
    `For ${group}: ${told(base.value)} / ${told(1 - base.value)} × ${told(1 - precision.value)} / ${told(precision.value)} × ${told(found.value)} = ${told(alarms.value)}.`,
  ];
}

const asShare = (rate: Known) => shareOf({ ...rate, effective: effectiveOf(rate) });
