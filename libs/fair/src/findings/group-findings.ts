import { type ComparedGroup, type Comparison, isHeadline } from '../comparisons/comparison.js';
import { type ComparisonMetric, contrastOf, ratesOfMetric } from '../comparisons/metrics.js';
import type { Verdict } from '../judge.js';
import type { AuditPlan, Outcome } from '../plan.js';
import type { RateName } from '../rates.js';
import { list, number, percent } from '../words.js';
import { type Finding, findingTypes } from './finding.js';
import { decisionClause, metricPhrase } from './phrases.js';

/**
 * Says who is harmed, who could not be judged, and which headline figure hangs on a group that is too small.
 * The order is that of the plan, harm first.
 */
export function groupFindings(
  plan: AuditPlan,
  comparisons: readonly Comparison[],
  verdict: Verdict,
): readonly Finding[] {
  const headline = comparisons.filter(isHeadline);
  const planned = headline.filter((comparison) => isPlanned(comparison, plan));
  return [...harms(plan, headline, verdict), ...headlines(planned, plan), ...notJudged(planned, plan.outcome)];
}

type Planned = Comparison & { readonly metric: ComparisonMetric };

function isPlanned(comparison: Comparison, plan: AuditPlan): comparison is Planned {
  return plan.metrics.some(({ metric }) => metric === comparison.metric);
}

function harms(plan: AuditPlan, comparisons: readonly Comparison[], verdict: Verdict): readonly Finding[] {
  const findings: Finding[] = [];
  for (const reason of verdict.reasons) {
    if (reason.outcome !== 'fail') continue;
    // Difference and ratio of one rate describe the same harm; the more certain of them counts.
    const severity = reason.survivesInterval ? 'high' : 'medium';
    for (const { attribute, best, worst, rate } of broken(reason, comparisons)) {
      const text = harmSentence(plan, attribute, rate, worst, best);
      const known = findings.findIndex((finding) => finding.text === text);
      if (known < 0) findings.push({ type: findingTypes.unequalTreatment, severity, attribute, text });
      else if (severity === 'high')
        findings[known] = { type: findingTypes.unequalTreatment, severity, attribute, text };
    }
  }
  return findings;
}

/** The comparison that broke its margin; of a metric of two rates also the other one where it breaks the margin as well. */
function broken(
  { metric, attribute, margin }: Verdict['reasons'][number],
  comparisons: readonly Comparison[],
): readonly (Comparison & { state: 'value' })[] {
  const judged = comparisons.filter((c) => c.groups === 'judged' && c.attribute === attribute);
  const [rates, contrast] = [ratesOfMetric(metric), contrastOf(metric)];
  const own = judged.filter((c) => c.metric === metric);
  const others =
    rates.length < 2
      ? []
      : judged.filter(
          (c) => c.contrast === contrast && c.state === 'value' && c.metric !== metric && rates.includes(c.rate),
        );
  const found = [...own, ...others].flatMap((c) => (c.state === 'value' ? [c] : []));
  const seen = new Set<RateName>();
  return found.filter(({ metric: name, rate, value }) => {
    const isBroken = name === metric || (contrast === 'difference' ? value > margin : value < margin);
    if (!isBroken || seen.has(rate)) return false;
    seen.add(rate);
    return true;
  });
}

/** "Where state is Saarland, the model finds 3.2 % (1 of 31) of the stations …; where it is Bayern, 66 % (…)." */
function harmSentence(
  plan: AuditPlan,
  attribute: string,
  rate: RateName,
  worst: ComparedGroup,
  best: ComparedGroup,
): string {
  const share = (group: ComparedGroup) => `${percent(group.value)} (${rowsOf(group, plan)})`;
  const clause = decisionClause(plan.outcome, rate, share(worst));
  return `Where ${attribute} is ${worst.group}, the model ${clause}; where it is ${best.group}, ${share(best)}.`;
}

/** `3 of 31`; where rows have weights the share is not that of the rows; those and rows of clusters tell less. */
function rowsOf({ k, n, effective }: ComparedGroup, { weight }: AuditPlan): string {
  if (effective === undefined) return `${k} of ${n}`;
  if (weight === undefined)
    return `${k} of ${n} rows, which tell as much as ${number(Number(effective.toFixed(1)))} unrelated ones`;
  return `weighted; ${k} of ${n} rows, which tell as much as ${number(Number(effective.toFixed(1)))} of equal weight`;
}

function headlines(comparisons: readonly Planned[], plan: AuditPlan): readonly Finding[] {
  return comparisons.flatMap((all): readonly Finding[] => {
    if (all.groups !== 'all' || all.state !== 'value') return [];
    const { metric, attribute, value, rate } = all;
    const judged = comparisons.find((c) => c.groups === 'judged' && c.metric === metric && c.attribute === attribute);
    const small = judged?.leftOut.filter((group) => group.why === 'below-floor' && group.rate === rate) ?? [];
    const deciding = [all.worst, all.best].filter(({ group }) => small.some((s) => s.group === group));
    if (judged === undefined || deciding.length === 0) return [];
    const names = list(deciding.map((group) => `${group.group} (${rowsOf(group, plan)})`));
    const without =
      judged.state === 'value' ? `without such groups it is ${number(judged.value)}` : 'no figure remains without';
    const text = `Over all groups of ${attribute}, ${metricPhrase(metric, plan.outcome)} would be ${number(value)}, but that hangs on ${names}, too few to judge; ${without}.`;
    return [{ type: findingTypes.smallGroupHeadline, severity: 'low', attribute, text }];
  });
}

function notJudged(comparisons: readonly Planned[], outcome: Outcome): readonly Finding[] {
  return comparisons.flatMap((comparison): readonly Finding[] => {
    const { metric, attribute, leftOutShare } = comparison;
    // Of what was withheld a finding of its own speaks.
    const leftOut = comparison.leftOut.filter(({ why }) => why !== 'suppressed');
    if (comparison.groups !== 'judged' || leftOut.length === 0) return [];
    const rows = new Map(leftOut.map(({ group, n }) => [group, n]));
    const names = list([...rows].map(([group, n]) => `${group} (${n ?? 'a withheld number of'} rows)`));
    const text = `Too few cases in ${percent(leftOutShare)} of the rows, by ${attribute}, to judge ${metricPhrase(metric, outcome)}: ${names}.`;
    return [{ type: findingTypes.groupNotJudged, severity: 'low', attribute, text }];
  });
}
