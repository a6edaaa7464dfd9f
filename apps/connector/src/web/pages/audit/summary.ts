import {
  count,
  day,
  type Html,
  html,
  list,
  minute,
  outcomeWords,
  reasonsList,
  standingWords,
  time,
  verdictBox,
  verdictSentence,
} from '@hansa/report';
import type { AuditView } from '../../audit-view.js';
import { paths } from '../../paths.js';
import type { NodeView } from '../../view.js';

/** The heading, one paragraph that needs no knowledge, and the verdict with its reasons. */
export function summarySection(node: NodeView, audit: AuditView): Html {
  const { subject, standing, report, modelId } = audit;
  const heading = modelId === null ? html`${subject}` : html`<a href="${paths.model(modelId)}">${subject}</a>`;
  return html`<p class="kicker">Audit report</p>
<h1>${heading}</h1>
${verdictBox({ standing, notice: revocation(audit), lead: plainWords(node, audit), rest: reasonsList(report) })}`;
}

function revocation({ revocation: revoked, report }: AuditView): Html | null {
  if (revoked === null) return null;
  return html`<p><b>This audit was revoked on ${time(revoked.at, minute)}</b> and counts no longer. The reason given: ${revoked.reason} Its verdict had been “${standingWords[report.verdict.outcome]}”.</p>`;
}

/** The plan is on record in the ledger since before the audit ran. */
const margins = {
  one: 'that was fixed before the results were seen',
  many: 'that were fixed before the results were seen',
};

/** What was done and found, for somebody who has never seen such a report. */
function plainWords({ city }: NodeView, { report, subject, modelId, plannedAt, datasetTitle }: AuditView): Html {
  const { plan, data, verdict } = report;
  const { cases } = outcomeWords(plan.outcome);
  const what = modelId === null ? subject : `the model ${subject}`;
  return html`On ${time(plannedAt, day)} the node of ${city} checked whether ${what} treats groups alike, by ${list(plan.attributes)}. It looked at ${count(data.rows)} ${cases} (${datasetTitle}) for which the true answer is known. ${verdictSentence(verdict, margins)}`;
}
