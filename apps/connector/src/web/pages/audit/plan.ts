import type { PlannedMetric } from '@hansa/fair';
import type { AuditView } from '../../audit-view.js';
import { digest, facts, time } from '../../components/facts.js';
import { count, counted, decimal, list, minute } from '../../format.js';
import { type Html, html } from '../../html.js';
import { marginWords, metricTitle, outcomeWords } from '../../metric-words.js';

/** What was asked, by which margins, and why; and the proof that this came before the results. */
export function planSection({ report, plannedAt }: AuditView): Html {
  const { plan, planDigest } = report;
  const { outcome, attributes, metrics, floors, rule, level } = plan;
  const { positive, cases, positives } = outcomeWords(outcome);
  const metric = ({ metric: name, margin, reason }: PlannedMetric): Html => html`<li>
<p><b>${metricTitle(name, plan)}: ${marginWords(name, margin)}.</b> <code>${name}</code></p>
<p>${reason}</p>
</li>
`;
  return html`<p class="callout">Fixed before the results were seen: this plan was put on record in the ledger on ${time(plannedAt, minute)}. Its digest is part of the signed report, so it cannot be exchanged afterwards.</p>
${facts([
  ['Question to the model', outcome.name],
  ['A positive answer says', positive],
  ['Groups compared by', list(attributes)],
  ['Digest of the plan', digest(planDigest)],
])}
<h3>What is measured, and how far groups may be apart</h3>
<ul class="metrics">${metrics.map(metric)}</ul>
<h3>When a group is judged, and how the verdict is reached</h3>
<ul>
<li>A group is judged from ${count(floors.group)} ${cases} on${floors.events > 0 ? `, and when at least ${counted(floors.events, 'event', 'events')} of the rarer kind would be expected in it at everybody’s rate` : ''}. What the model found in the group plays no part, so a group is never left out because the model fails it.</li>
<li>The largest gap between judged groups is held against the margin. The ${decimal(level * 100)} % intervals inform; they do not decide.</li>
<li>At most ${decimal(rule.unjudgedShare * 100)} % of the ${cases} may be in groups that are too small; with more there is no pass.</li>
<li>One broken margin fails the audit.</li>
</ul>
<p class="quiet">“${positives}” are those whose true answer is positive.</p>`;
}
