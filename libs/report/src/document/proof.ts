import { type AuditReport, isHeadline, reportBytes } from '@hansa/fair';
import { digestOf } from '@hansa/kernel';
import { digest, facts, snippet } from '../components/facts.js';
import { count } from '../format.js';
import { type Html, html } from '../html.js';
import { isolated } from '../names.js';
import { evidenceSection } from '../sections/evidence.js';
import { methodSection } from '../sections/method.js';
import { planSection } from '../sections/plan.js';
import type { ReportDocumentOptions } from './options.js';

/** What was asked by which margins, and how the figures were computed. */
export function planAndMethod(report: AuditReport): Html {
  return html`<p class="callout">This file cannot prove that the plan came before the results. Whoever needs that puts the plan’s digest on record first, and compares it with the one below.</p>
${planSection(report)}
<h3>How the figures were computed</h3>
${methodSection(report)}`;
}

/** Digests of everything that went in and came out, and the way to the same report. */
export function evidence(report: AuditReport, subject: string, options: ReportDocumentOptions): Html {
  const { kind, data, more = [], command, content = reportBytes(report) } = options;
  const others = report.comparisons.filter((comparison) => !isHeadline(comparison)).length;
  return html`${evidenceSection(report, {
    audited: subject,
    kind,
    data: isolated(data),
    more: more.map(([name, value]) => [name, isolated(value)]),
  })}
${facts([
  ['Digest of the plan', digest(report.planDigest)],
  ['Digest of the report', digest(digestOf(content))],
  ['Software', `${report.software.name} ${report.software.version}`],
])}
${computeAgain(command)}
<h3>What else stands in report.json</h3>
<ul>
<li>Every count and all eleven rates of every group, with their intervals.</li>
${others > 0 ? html`<li>${count(others)} further comparisons: against everybody, by means, by other conventions, or within parts of the data.</li>` : null}
${report.explanation === undefined ? null : html`<li>The explanation of one decision.</li>`}
</ul>`;
}

/** What the digests above are of, and the command that computes the same report; null where no command does. */
export function computeAgain(command: string | null): Html {
  return html`<p>Digests are SHA-256. That of the report is over its canonical JSON (RFC 8785).</p>
${
  command === null
    ? null
    : html`<h3>Compute it again</h3>
<p>The same files and the same plan give the same report, byte for byte, so the digests must agree.</p>
${snippet('Command: compute this report again', command)}`
}`;
}
