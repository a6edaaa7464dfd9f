import type { RegisterOverview } from '@hansa/fair';
import { counted, day, type Html, html, table, time } from '@hansa/report';
import { page } from '../components/layout.js';
import { paths } from '../paths.js';
import type { NodeView } from '../view.js';

const levelWords: Readonly<Record<RegisterOverview['usesAi']['level'], string>> = {
  none: 'No system on record is in use.',
  'rule-based': 'Systems in use follow fixed rules that people wrote.',
  hybrid: 'Systems in use learn from data in part.',
  'self-learning': 'Systems in use learn from data.',
};

/** The three questions of MIM5, answered for people. */
export function overviewPage(node: NodeView, overview: RegisterOverview): string {
  const { usesAi, algorithms, certification } = overview;
  const content = html`<p class="kicker">Algorithm register</p>
<h1>AI in ${node.city}: three answers</h1>
<p class="lead">Does the city use AI and at what level, what do its algorithms do, and who has certified them? Cities that follow OASC's MIM5 (Fair and Transparent AI) answer these three questions.</p>
<section aria-labelledby="uses">
<h2 id="uses">Does it use AI, and at what level?</h2>
<p><strong>${usesAi.answer ? 'Yes.' : 'No.'}</strong> ${levelWords[usesAi.level]}</p>
<ul>${counts(usesAi.inUse)}${counts(usesAi.byRisk)}${usesAi.modelsWithoutEntry === 0 ? null : html`<li>${counted(usesAi.modelsWithoutEntry, 'hosted model', 'hosted models')} that no entry describes yet</li>`}</ul>
</section>
<section aria-labelledby="what">
<h2 id="what">What do the algorithms do?</h2>
${algorithms.items.length === 0 ? html`<p class="empty">No system is described yet.</p>` : algorithmTable(algorithms.items)}
<p><a href="${paths.register}">The whole register</a> · <a href="${paths.schema('entry')}">the form of an entry</a></p>
</section>
<section aria-labelledby="certified">
<h2 id="certified">Who has certified them?</h2>
${certification.items.length === 0 ? html`<p class="empty">No audit has been signed yet.</p>` : certificateTable(certification.items)}
<p><a href="/audits/status-lists/1">The signed list of revoked audits</a></p>
</section>`;
  return page({ node, title: 'Three answers about AI', section: 'register', content, alternate: paths.overview });
}

function counts(by: Readonly<Record<string, number>>): readonly Html[] {
  return Object.entries(by).map(([name, n]) => html`<li>${counted(n, 'system', 'systems')} in use: ${name}</li>`);
}

function algorithmTable(items: RegisterOverview['algorithms']['items']): Html {
  return table(
    'The systems in the register',
    [
      { head: 'Name', cell: ({ id, name }) => html`<a href="${paths.system(id)}">${name}</a>` },
      { head: 'What it does', cell: ({ description_short: what }) => what },
      { head: 'Kind', cell: ({ algorithm_type: kind, type }) => `${kind}, ${type}` },
      { head: 'Status', cell: ({ status }) => status },
      { head: 'Risk', cell: ({ risk_category: risk }) => risk },
    ],
    items,
  );
}

function certificateTable(items: RegisterOverview['certification']['items']): Html {
  return table(
    'Signed audits of these systems',
    [
      {
        head: 'Audit',
        cell: ({ audit, issuedAt }) => html`<a href="${paths.audit(audit)}">${time(new Date(issuedAt), day)}</a>`,
      },
      { head: 'Verdict', cell: ({ verdict }) => verdict },
      { head: 'Counts now', cell: ({ status }) => status },
      { head: 'Until', cell: ({ validUntil }) => time(new Date(validUntil), day) },
      { head: 'Signed by', cell: ({ issuer }) => html`<code class="long">${issuer}</code>` },
    ],
    items,
  );
}
