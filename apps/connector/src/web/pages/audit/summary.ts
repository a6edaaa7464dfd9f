import type { AuditReport } from '@hansa/fair';
import type { AuditView } from '../../audit-view.js';
import { time } from '../../components/facts.js';
import { standingSymbol, standingWords } from '../../components/standing-badge.js';
import { count, day, list, minute } from '../../format.js';
import { type Html, html } from '../../html.js';
import { metricTitle, outcomeWords } from '../../metric-words.js';
import { paths } from '../../paths.js';
import type { NodeView } from '../../view.js';

/** The heading, one paragraph that needs no knowledge, and the verdict with its reasons. */
export function summarySection(node: NodeView, audit: AuditView): Html {
  const { subject, standing, report, modelId } = audit;
  const { verdict } = report;
  const heading = modelId === null ? html`${subject}` : html`<a href="${paths.model(modelId)}">${subject}</a>`;
  return html`<p class="kicker">Audit report</p>
<h1>${heading}</h1>
<div class="verdict verdict-${standing}">
<p class="verdict-words">${standingSymbol(standing)}${standingWords[standing]}</p>
${revocation(audit)}
<p class="lead">${plainWords(node, audit)}</p>
<ul class="reasons">
${verdict.reasons.map(
  ({
    outcome,
    metric,
    attribute,
    text,
  }) => html`<li class="reason-${outcome}">${standingSymbol(outcome)}<span><b>${outcomeNames[outcome]}: ${metricTitle(metric, report.plan)}, by ${attribute}.</b> <span class="quiet">${text}</span></span></li>
`,
)}</ul>
</div>`;
}

const outcomeNames: Readonly<Record<AuditReport['verdict']['outcome'], string>> = {
  pass: 'Kept',
  fail: 'Broken',
  'insufficient-data': 'Not judged',
};

function revocation({ revocation: revoked, report }: AuditView): Html | null {
  if (revoked === null) return null;
  return html`<p><b>This audit was revoked on ${time(revoked.at, minute)}</b> and counts no longer. The reason given: ${revoked.reason} Its verdict had been “${standingWords[report.verdict.outcome]}”.</p>`;
}

/** What was done and found, for somebody who has never seen such a report. */
function plainWords({ city }: NodeView, { report, subject, modelId, plannedAt, datasetTitle }: AuditView): Html {
  const { plan, data, verdict } = report;
  const { cases } = outcomeWords(plan.outcome);
  const what = modelId === null ? subject : `the model ${subject}`;
  return html`On ${time(plannedAt, day)} the node of ${city} checked whether ${what} treats groups alike, by ${list(plan.attributes)}. It looked at ${count(data.rows)} ${cases} (${datasetTitle}) for which the true answer is known. ${found(verdict)}`;
}

function found({ outcome, reasons }: AuditReport['verdict']): string {
  const n = reasons.length;
  const broken = reasons.filter((reason) => reason.outcome === 'fail').length;
  const open = reasons.filter((reason) => reason.outcome === 'insufficient-data').length;
  switch (outcome) {
    case 'pass':
      return n === 1
        ? 'The gap between groups kept to the margin that was fixed before the results were seen.'
        : `${n === 2 ? 'Both' : `All ${n}`} gaps between groups kept to the margins that were fixed before the results were seen.`;
    case 'fail':
      return n === 1
        ? 'The gap between groups broke the margin that was fixed before the results were seen.'
        : `${broken} of ${n} gaps between groups broke the margins that were fixed before the results were seen.`;
    case 'insufficient-data':
      return `No margin was broken, but for ${open} of ${n} comparisons there were too few cases to say that it was kept. That is not a pass.`;
  }
}
