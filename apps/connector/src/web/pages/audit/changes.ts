import { compareReports } from '@hansa/fair';
import { changesSection, day, type Html, html, time } from '@hansa/report';
import type { AuditView } from '../../audit-view.js';
import { paths } from '../../paths.js';

/** What changed since the audit of the same model before this one. */
export function changedSince({ report }: AuditView, previous: NonNullable<AuditView['previous']>): Html {
  const changes = compareReports(previous.report, report);
  return html`<p>This is compared with <a href="${paths.audit(previous.id)}">the audit of ${time(previous.issuedAt, day)}</a>.</p>
${changes.ok ? changesSection(changes.value, report.plan) : html`<p>${changes.problem.detail}</p>`}`;
}
