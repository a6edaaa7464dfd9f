import { isJsonObject } from '@hansa/kernel';
import { count, day, digest, evidenceSection, facts, type Html, html, snippet, time } from '@hansa/report';
import type { AuditView } from '../../audit-view.js';
import { paths } from '../../paths.js';
import type { NodeView } from '../../view.js';

/** What exactly was audited, with the model's page and the rows that were taken. */
export function auditedSection({ report, modelId, subject, datasetTitle, labelColumn, where }: AuditView): Html {
  return evidenceSection(report, {
    audited: modelId === null ? subject : html`<a href="${paths.model(modelId)}">${subject}</a>`,
    kind: modelId === null ? 'decisions' : 'model',
    data: datasetTitle,
    more: [
      ['Column with the true answer', labelColumn],
      ['Only rows where', conditions(where)],
      ['Counted next to the rows by', countedBy(report)],
      ['Gave no counts', without(report)],
    ],
  });
}

/** The cities that have counted, each with its rows and the digest of the table that it has signed; null for none. */
function countedBy({ data: { cities } }: AuditView['report']): Html | null {
  const parts = Array.isArray(cities) ? cities.filter(isJsonObject) : [];
  if (parts.length === 0) return null;
  return html`<ul>${parts.map(
    ({ countedBy: city, rows, counts }) =>
      html`<li><code class="long">${String(city)}</code>: ${count(Number(rows))} rows, counts ${digest(String(counts))}</li>`,
  )}</ul>`;
}

/** The cities that the audit went on without, each with the reason; null for none. */
function without({ data: { without: missing } }: AuditView['report']): Html | null {
  const parts = Array.isArray(missing) ? missing.filter(isJsonObject) : [];
  if (parts.length === 0) return null;
  return html`<ul>${parts.map(
    ({ city, reason }) => html`<li><code class="long">${String(city)}</code>: ${String(reason)}</li>`,
  )}</ul>`;
}

const relations = { eq: 'is', neq: 'is not', lt: '<', lteq: '≤', gt: '>', gteq: '≥' } as const;

/** The row filter of the audit in words; null when all rows were taken. */
function conditions(where: AuditView['where']): string | null {
  if (where.length === 0) return null;
  return where
    .map((condition) =>
      condition.operator === 'isAnyOf'
        ? `${condition.column} is any of ${condition.values.join(', ')}`
        : `${condition.column} ${relations[condition.operator]} ${condition.value}`,
    )
    .join(' and ');
}

/** Everything that is needed to check the report on another machine. */
export function verifySection({ publicUrl, did }: NodeView, audit: AuditView): Html {
  const { id, reportDigest, validUntil, counterSigners } = audit;
  return html`<p>The report is signed by this node as a W3C Verifiable Credential. These commands fetch report, credential and public key once; the check itself asks nobody. It fails if a single character was changed.</p>
${snippet(
  'Commands: verify this report offline',
  `curl -o report.json ${publicUrl}${paths.report(id)}
curl -o credential.json ${publicUrl}${paths.credential(id)}
curl -o did.json ${publicUrl}/.well-known/did.json
npx hansa verify credential.json --report report.json --did-document did.json \\
  --signer ${did} --offline`,
)}
<p>Without <code>--offline</code> the command also asks whether the audit was revoked.</p>
<ul>
<li><a href="${paths.report(id)}">report.json</a>: the report, byte by byte as its digest covers it</li>
<li><a href="${paths.pdf(id)}">report.pdf</a>: the same for print and archive, with report and credential enclosed</li>
<li><a href="${paths.findings(id)}">findings.json</a>: the findings, with who answers for each and what came of it</li>
<li><a href="${paths.credential(id)}">credential.json</a>: the signed credential, with the digests of model, data, plan and report</li>
</ul>
${facts([
  ['Digest of the report', digest(reportDigest)],
  ['Signed by', html`<code class="long">${did}</code>`],
  [
    'Counter-signed by',
    counterSigners.length === 0 ? null : html`<code class="long">${counterSigners.join(', ')}</code>`,
  ],
  ['Valid until', time(validUntil, day)],
  ['Identifier', html`<code class="long">${id}</code>`],
])}`;
}
