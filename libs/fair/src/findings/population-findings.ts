import { ratesOfMetric } from '../comparisons/metrics.js';
import { type CellCounts, type Group, notStated, type Partition } from '../partition.js';
import { type AuditPlan, comparedBy, type Outcome } from '../plan.js';
import { type RateName, rateOf } from '../rates.js';
import { list, percent } from '../words.js';
import { type Finding, findingTypes } from './finding.js';
import { ratePhrase } from './phrases.js';

/** What the counts themselves betray about the data: turned labels, missing attributes, reversed gaps, lone groups. */
export function populationFindings(counts: CellCounts, plan: AuditPlan): readonly Finding[] {
  const names = comparedBy(plan);
  const whole = counts.partitions.filter(({ attribute, stratum }) => !stratum && names.includes(attribute));
  const rates = [...new Set(plan.metrics.flatMap(({ metric }) => ratesOfMetric(metric)))];
  return [
    ...turned(counts),
    ...whole.flatMap(lone),
    ...whole.flatMap(withheld),
    ...whole.flatMap((partition) => missing(partition, rates, plan.outcome)),
    ...whole.flatMap((partition) =>
      reversed(
        partition,
        counts.partitions.filter(({ attribute, stratum }) => stratum && attribute === partition.attribute),
        rates,
        plan,
      ),
    ),
  ];
}

/** A decision that is right less often when it says yes than a blind guess would be looks like one with its sign turned. */
function turned({ total }: CellCounts): readonly Finding[] {
  const right = rateOf('positivePredictiveValue', total, 0.95);
  const base = rateOf('baseRate', total, 0.95);
  if (right.state !== 'value' || base.state !== 'value' || right.interval.upper >= base.value) return [];
  const text = `Of the rows decided positive ${percent(right.value)} are truly positive, fewer than the ${percent(base.value)} among all rows. Perhaps the positive value of the label or of the decision is the wrong one.`;
  return [{ type: findingTypes.invertedPolarity, severity: 'high', text }];
}

function lone({ attribute, groups }: Partition): readonly Finding[] {
  const [only, second] = groups.filter(({ group }) => group !== notStated);
  if (only === undefined || second !== undefined) return [];
  const text = `All rows with a stated ${attribute} have ${only.group}: there is no other group to compare with.`;
  return [{ type: findingTypes.singleGroup, severity: 'medium', attribute, text }];
}

function withheld({ attribute, groups }: Partition): readonly Finding[] {
  const some = groups.filter(({ counts }) => Object.values(counts).some((count) => count === null));
  if (some.length === 0) return [];
  const names = list(some.map(({ group }) => group));
  const text = `Small counts of ${attribute} were withheld for ${names}. They are not zero: rates that need them are marked as suppressed.`;
  return [{ type: findingTypes.suppressedCounts, severity: 'medium', attribute, text }];
}

/** How far the gap of the two largest groups could move with the people whose group is not known (Manski's bounds). */
function missing({ attribute, groups }: Partition, rates: readonly RateName[], outcome: Outcome): readonly Finding[] {
  const unknown = groups.find(({ group }) => group === notStated);
  const rows = groups.reduce((sum, { counts }) => sum + (counts.n ?? 0), 0);
  if (unknown === undefined || unknown.counts.n === null || rows === 0) return [];
  const share = unknown.counts.n / rows;
  const [a, b] = groups
    .filter(({ group }) => group !== notStated)
    .sort((x, y) => (y.counts.n ?? 0) - (x.counts.n ?? 0) || (x.group < y.group ? -1 : 1));
  const bounds = a && b ? rates.flatMap((rate) => boundsOf(rate, [a, b], unknown, outcome)) : [];
  const text = [
    `${attribute} is not stated in ${percent(share)} of the rows; they are a group of their own here.`,
    ...bounds,
  ].join(' ');
  return [{ type: findingTypes.nonResponse, severity: share > 0.05 ? 'medium' : 'low', attribute, text }];
}

function boundsOf(
  name: RateName,
  [one, other]: readonly [Group, Group],
  unknown: Group,
  outcome: Outcome,
): readonly string[] {
  const [ra, rb, rm] = [one, other, unknown].map(({ counts }) => rateOf(name, counts, 0.95));
  if (ra?.state !== 'value' || rb?.state !== 'value' || rm?.state !== 'value') return [];
  const [a, b, m] = [ra.weighted ?? ra, rb.weighted ?? rb, rm.weighted ?? rm];
  const most = (a.k + m.k) / (a.n + m.k) - b.k / (b.n + m.n - m.k);
  const least = a.k / (a.n + m.n - m.k) - (b.k + m.k) / (b.n + m.k);
  const points = (gap: number) => Number((gap * 100).toFixed(1));
  return [
    `Whoever they are, the difference between ${one.group} and ${other.group} in ${ratePhrase(name, outcome)} (${name}), ${points(ra.value - rb.value)} points among those known, lies between ${points(least)} and ${points(most)}.`,
  ];
}

/** Simpson's paradox: two groups whose order in the whole is the other way round in every stratum that can be judged. */
function reversed(
  whole: Partition,
  strata: readonly Partition[],
  rates: readonly RateName[],
  { floors: { group: floor }, outcome }: AuditPlan,
): readonly Finding[] {
  const controls = [...new Set(strata.flatMap(({ stratum }) => Object.keys(stratum ?? {})))];
  const large = whole.groups.filter(({ counts }) => (counts.n ?? 0) >= floor);
  return controls.flatMap((control) => {
    const within = strata.filter(({ stratum }) => stratum && control in stratum);
    return rates.flatMap((rate) =>
      large.flatMap((a, i) =>
        large.slice(i + 1).flatMap((b): readonly Finding[] => {
          const gap = gapOf(rate, a, b);
          const gaps = within.flatMap(({ groups }) => {
            const [x, y] = [a, b].map(({ group }) =>
              groups.find((g) => g.group === group && (g.counts.n ?? 0) >= floor),
            );
            const own = x && y ? gapOf(rate, x, y) : null;
            return own === null ? [] : [own];
          });
          if (gap === null || gap === 0 || gaps.length < 2 || !gaps.every((own) => own * gap < 0)) return [];
          const [more, less] = gap > 0 ? [a, b] : [b, a];
          const what = `${ratePhrase(rate, outcome)} (${rate})`;
          const text = `In all rows together, ${what} is higher for ${more.group} than for ${less.group}, but it is lower in each of the ${gaps.length} levels of ${control} with at least ${floor} rows of both: the groups are spread unevenly over ${control} (Simpson's paradox).`;
          return [{ type: findingTypes.simpsonsParadox, severity: 'high', attribute: whole.attribute, text }];
        }),
      ),
    );
  });
}

function gapOf(rate: RateName, a: Group, b: Group): number | null {
  const [x, y] = [rateOf(rate, a.counts, 0.95), rateOf(rate, b.counts, 0.95)];
  return x.state === 'value' && y.state === 'value' ? x.value - y.value : null;
}
