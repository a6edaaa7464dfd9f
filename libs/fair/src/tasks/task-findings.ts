import { type Finding, findingTypes } from '../findings/finding.js';
import { list, percent } from '../words.js';
import type { TaskGap } from './task-gap.js';
import { taskHarm, taskMetricPhrase } from './task-phrases.js';
import type { TaskPlan } from './task-plan.js';
import type { TaskReason, TaskVerdict } from './task-verdict.js';

/** Says between which groups a margin is broken, and who could not be judged; harm first, in the order of the plan. */
export function taskFindings(plan: TaskPlan, gaps: readonly TaskGap[], verdict: TaskVerdict): readonly Finding[] {
  const harms = verdict.reasons.flatMap((reason): readonly Finding[] => {
    const gap = gaps.find((own) => isOf(reason, own));
    if (reason.outcome !== 'fail' || gap?.state !== 'value') return [];
    const { attribute } = reason;
    return [{ type: findingTypes.unequalTreatment, severity: 'high', attribute, text: taskHarm(gap) }];
  });
  return [...harms, ...notJudged(plan, gaps)];
}

function isOf(reason: TaskReason, gap: TaskGap): boolean {
  return reason.metric === gap.metric && reason.attribute === gap.attribute && reason.class === gap.class;
}

/** Which planned gaps leave groups out; gaps that leave out the same ones are named together. */
function notJudged(plan: TaskPlan, gaps: readonly TaskGap[]): readonly Finding[] {
  const planned: readonly string[] = plan.metrics.map(({ metric }) => metric);
  const found = new Map<string, { readonly gap: TaskGap; readonly what: string[] }>();
  for (const gap of gaps) {
    if (gap.leftOut.length === 0 || !planned.includes(gap.metric)) continue;
    const key = JSON.stringify([gap.attribute, gap.leftOut]);
    const same = found.get(key) ?? { gap, what: [] };
    same.what.push(taskMetricPhrase(gap));
    found.set(key, same);
  }
  return [...found.values()].map(({ gap, what }): Finding => {
    const names = list(gap.leftOut.map(({ group, n }) => `${group} (${n} rows)`));
    const text = `Too few cases in ${percent(gap.leftOutShare)} of the rows, by ${gap.attribute}, to judge ${list(what)}: ${names}.`;
    return { type: findingTypes.groupNotJudged, severity: 'low', attribute: gap.attribute, text };
  });
}
