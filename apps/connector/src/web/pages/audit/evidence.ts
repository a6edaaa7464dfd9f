import type { AuditReport } from '@hansa/fair';
import type { AuditView } from '../../audit-view.js';
import { digest, facts, snippet, time } from '../../components/facts.js';
import { count, day, minute } from '../../format.js';
import { type Html, html } from '../../html.js';
import { paths } from '../../paths.js';
import type { NodeView } from '../../view.js';

/** What exactly was audited, by digests: of other bytes this report says nothing. */
export function evidenceSection({ report, modelId, subject, datasetTitle, labelColumn, where }: AuditView): Html {
  const { model, data } = report;
  const text = (value: unknown): string | null =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  return html`${facts([
    ['Audited', modelId === null ? subject : html`<a href="${paths.model(modelId)}">${subject}</a>`],
    ['Intended use', text(model.intendedUse)],
    ['Threshold', text(model.threshold)],
    [modelId === null ? 'Digest of the decisions' : 'Digest of the model', digest(model.digest)],
    ['Data', datasetTitle],
    ['Rows', count(data.rows)],
    ['Column with the true answer', labelColumn],
    ['Only rows where', conditions(where)],
    ['Digest of the data', digest(data.digest)],
  ])}`;
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

const methods: Readonly<Record<AuditReport['method'][keyof AuditReport['method']], string>> = {
  wilson: 'Wilson score intervals (Wilson 1927)',
  newcombe: 'Newcombe’s hybrid score intervals (Newcombe 1998, method 10)',
  koopman: 'Koopman’s score intervals (Koopman 1984)',
  fairlearn:
    'as in fairlearn: largest minus smallest, or smallest over largest; a group without a rate is named instead of counted as 0',
};

export function methodSection({ method, software, at }: AuditReport): Html {
  return html`<p>All figures are computed from counts of right and wrong answers in each group. No row of the data is part of this report.</p>
${facts([
  ['Rates', methods[method.rates]],
  ['Differences', methods[method.differences]],
  ['Ratios', methods[method.ratios]],
  ['Comparisons', methods[method.convention]],
  ['Software', `${software.name} ${software.version}`],
  ...(at === undefined ? [] : [['Date of the report', time(new Date(at), minute)] as const]),
])}`;
}

/** What follows from the method and holds for every report made by it. */
export function limitsSection({ plan }: AuditReport): Html {
  return html`<ul>
<li>A pass does not prove that the model is right, useful or lawful. It says that on these data the gaps between these groups kept to these margins.</li>
<li>Groups were compared by ${plan.attributes.length === 1 ? 'one attribute' : 'one attribute at a time'}. People who belong to several disadvantaged groups at once may fare worse than any figure here shows.</li>
<li>What counts as true is what the data say. If they are wrong for some groups more than for others, so is this report.</li>
<li>The intervals are those of two groups. They are not widened for having picked the extremes of many, so with many groups they err towards certainty.</li>
<li>Another version of the model, other data or another threshold need another audit.</li>
</ul>`;
}

/** Everything that is needed to check the report on another machine. */
export function verifySection({ publicUrl, did }: NodeView, audit: AuditView): Html {
  const { id, reportDigest, validUntil } = audit;
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
<li><a href="${paths.credential(id)}">credential.json</a>: the signed credential, with the digests of model, data, plan and report</li>
</ul>
${facts([
  ['Digest of the report', digest(reportDigest)],
  ['Signed by', html`<code class="long">${did}</code>`],
  ['Valid until', time(validUntil, day)],
  ['Identifier', html`<code class="long">${id}</code>`],
])}`;
}
