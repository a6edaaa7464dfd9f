import { byteSize, count, day, digest, facts, type Html, html, snippet, table, time } from '@hansa/report';
import { page } from '../components/layout.js';
import { licence, prose } from '../components/prose.js';
import { odrl, terms } from '../components/terms.js';
import { paths } from '../paths.js';
import type { DatasetPageView, DatasetView, NodeView } from '../view.js';

/** One dataset on offer: what it holds, and under which terms it may be used. */
export function datasetPage({ node, dataset }: DatasetPageView): string {
  const { title, description } = dataset;
  const isTable = dataset.content.kind === 'table';
  const content = html`<p class="kicker">${isTable ? 'Dataset' : 'Model on request'}</p>
<h1>${title}</h1>
<div class="lead">${prose(description)}</div>
${about(dataset)}
${offers(dataset)}
${columns(dataset)}
${access(node, dataset)}`;
  return page({ node, title, section: null, content });
}

function about({ id, publisher, licence: terms, keywords, content, createdAt }: DatasetView): Html {
  const isTable = content.kind === 'table';
  return html`<section aria-labelledby="about">
<h2 id="about">At a glance</h2>
${facts([
  ['Publisher', publisher],
  ['Licence', terms === null ? null : licence(terms)],
  ['Keywords', keywords.length === 0 ? null : keywords.join(', ')],
  ['Rows', isTable ? count(content.rows) : null],
  ['Size', isTable ? byteSize(content.bytes) : null],
  ['Model', isTable ? null : html`<a href="${paths.model(content.modelId)}">Model card and audits</a>`],
  ['Registered', time(createdAt, day)],
  ['Digest of the data', isTable ? digest(content.digest) : null],
  ['Identifier', html`<code class="long">${id}</code>`],
])}
</section>`;
}

function offers({ offers: all }: DatasetView): Html {
  const several = all.length > 1;
  return html`<section aria-labelledby="terms">
<h2 id="terms">Terms</h2>
${several ? html`<p>It is offered under ${count(all.length)} sets of terms; choose one when you ask for it.</p>` : null}
${all.map(
  (offer, i) => html`<div class="offer">
${several ? html`<h3>Offer ${i + 1}</h3><p class="quiet"><code class="long">${offer.id}</code></p>` : null}
${terms(offer)}
${odrl(offer)}
</div>
`,
)}
</section>`;
}

function columns({ content }: DatasetView): Html | null {
  if (content.kind !== 'table') return null;
  return html`<section aria-labelledby="columns">
<h2 id="columns">Columns</h2>
${table(
  `The ${count(content.columns.length)} columns and their types`,
  [
    { head: 'Column', cell: ({ name }) => name },
    { head: 'Type', cell: ({ type }) => html`<code>${type}</code>` },
  ],
  content.columns,
)}
</section>`;
}

function access({ did }: NodeView, { id, content, offers: all }: DatasetView): Html {
  const offer = all.length > 1 ? ` --offer ${all[0]?.id}` : '';
  const isTable = content.kind === 'table';
  const use = isTable
    ? 'npx hansa transfer pull <id of the transfer> --format parquet'
    : 'npx hansa infer <id of the transfer> request.json';
  const body = { counterparty: did, datasetId: id, purpose: 'dpv:AcademicResearch' };
  return html`<section aria-labelledby="access">
<h2 id="access">How to get access</h2>
<p>From your own node. Say what you want it for where the terms ask for a purpose, as a term of the <a href="https://w3id.org/dpv" rel="noreferrer">Data Privacy Vocabulary</a>. If the terms are met the answer comes at once; if not, it says which were missed.</p>
${snippet(
  'Commands: negotiate and use',
  `npx hansa negotiation start ${did} ${id}${offer} \\
  --purpose dpv:AcademicResearch
npx hansa transfer start <id of the agreement>
${use}`,
)}
<p>Or over the management interface of your node:</p>
${snippet(
  'Request: start a negotiation',
  `curl -X POST "$HANSA_URL/management/v1/negotiations" \\
  -H "Authorization: Bearer $HANSA_TOKEN" -H "Content-Type: application/json" \\
  -d '${JSON.stringify(body, null, 2)}'`,
)}
</section>`;
}
