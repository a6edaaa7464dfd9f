import { type Html, html, minute, planSection, time } from '@hansa/report';
import type { AuditView } from '../../audit-view.js';

/** What was asked, and the proof that this came before the results. */
export function recordedPlan({ report, plannedAt }: AuditView): Html {
  return html`<p class="callout">Fixed before the results were seen: this plan was put on record in the ledger on ${time(plannedAt, minute)}. Its digest is part of the signed report, so it cannot be exchanged afterwards.</p>
${planSection(report)}`;
}
