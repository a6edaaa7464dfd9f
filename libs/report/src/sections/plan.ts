import { type AuditReport, comparedBy, type JudgementRule, type PlannedMetric } from '@hansa/fair';
import { digest, facts } from '../components/facts.js';
import { count, counted, decimal, list } from '../format.js';
import { type Html, html } from '../html.js';
import { marginWords, metricTitle, outcomeWords } from '../metric-words.js';
import { attributeWords, isolated } from '../names.js';

function ruleWords(kind: JudgementRule['kind'], level: string): string {
  return kind === 'interval'
    ? `The largest gap between judged groups is held against the margin with its interval: broken when all of it lies beyond the margin, kept when all of it lies within, and else not judged. With ${level} % confidence none of all comparisons is judged wrongly.`
    : `The largest gap between judged groups is held against the margin. The ${level} % intervals inform; they do not decide.`;
}

/** What was asked, by which margins, and why. */
export function planSection({ plan, planDigest }: AuditReport): Html {
  const { outcome, metrics, floors, rule, level } = plan;
  const { positive, cases, positives } = outcomeWords(outcome);
  const metric = ({ metric: name, margin, reason }: PlannedMetric): Html => html`<li>
<p><b>${metricTitle(name, plan)}: ${marginWords(name, margin)}.</b> <code>${name}</code></p>
<p>${reason}</p>
</li>
`;
  return html`${facts([
    ['Question to the model', outcome.name],
    ['A positive answer says', positive],
    ['Groups compared by', list(comparedBy(plan).map((attribute) => attributeWords(attribute, plan)))],
    ['Rows weighed by', plan.weight === undefined ? null : isolated(plan.weight)],
    ['Rows belong together by', plan.cluster === undefined ? null : isolated(plan.cluster)],
    ['Digest of the plan', digest(planDigest)],
  ])}
<h3>What is measured, and how far groups may be apart</h3>
<ul class="metrics">${metrics.map(metric)}</ul>
<h3>When a group is judged, and how the verdict is reached</h3>
<ul>
<li>A group is judged from ${count(floors.group)} ${cases} on${floors.events > 0 ? `, and when at least ${counted(floors.events, 'event', 'events')} of the rarer kind would be expected in it at everybody’s rate` : ''}. What the model found in the group plays no part, so a group is never left out because the model fails it.</li>
<li>${ruleWords(rule.kind, decimal(level * 100))}</li>
<li>At most ${decimal(rule.unjudgedShare * 100)} % of the ${cases} may be in groups that are too small; with more there is no pass.</li>
<li>One broken margin fails the audit.</li>
</ul>
<p class="quiet">“${positives}” are those whose true answer is positive.</p>`;
}
