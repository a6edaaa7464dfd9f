import { counted, type Html, html, snippet, standingBadge } from '@hansa/report';
import { page } from '../components/layout.js';
import { terms } from '../components/terms.js';
import { paths } from '../paths.js';
import type { DatasetView, HomeView, NodeView, RegisterLine } from '../view.js';

/** Who this node is, what it offers, and how to deal with it. */
export function homePage({ node, datasets, hasMore, models }: HomeView): string {
  const content = html`<div class="hero">
<p class="kicker">Data space node</p>
<h1>${node.city}</h1>
<p class="lead">This node shares data of ${node.city} with other cities, and lets them use models where they stand. Every dataset has terms that the node enforces. Every model shows whether it was audited for fairness, and what came out.</p>
${node.authority ? html`<p>It is also an authority: it issues the credentials by which members of the data space know each other.</p>` : null}
</div>
<section aria-labelledby="data">
<h2 id="data">On offer</h2>
${datasets.length === 0 ? html`<p class="empty">Nothing is on offer at the moment.</p>` : html`<ul class="cards">${datasets.map(datasetCard)}</ul>`}
${hasMore ? html`<p>There is more: <code>npx hansa catalog show ${node.did}</code> lists everything.</p>` : null}
</section>
<section aria-labelledby="models">
<h2 id="models">Models hosted here</h2>
${models.length === 0 ? html`<p class="empty">This node hosts no model.</p>` : html`<ul class="cards">${models.map(modelCard)}</ul>`}
<p><a href="${paths.register}">The register of all algorithms and their audits</a></p>
</section>
${connecting(node)}
${trusting()}`;
  return page({ node, title: 'Home', section: 'home', content });
}

function datasetCard({ id, title, publisher, content, offers }: DatasetView): Html {
  const size =
    content.kind === 'table'
      ? html`${counted(content.rows, 'row', 'rows')}, ${counted(content.columns.length, 'column', 'columns')}`
      : html`A model that answers requests`;
  return html`<li class="card">
<h3><a href="${paths.dataset(id)}">${title}</a></h3>
<p class="quiet">${publisher === null ? null : html`${publisher} · `}${size}</p>
${offers.map(terms)}
</li>
`;
}

function modelCard({ model, newest }: RegisterLine): Html {
  const { name, version, intendedUse } = model.card;
  return html`<li class="card">
<h3><a href="${paths.model(model.id)}">${name} ${version}</a></h3>
<p>${standingBadge(newest?.standing ?? 'none')}</p>
<p>${intendedUse}</p>
${newest === null ? null : html`<p><a href="${paths.audit(newest.id)}">Audit report of ${name} ${version}</a></p>`}
</li>
`;
}

function connecting({ did, publicUrl }: NodeView): Html {
  return html`<section aria-labelledby="connect">
<h2 id="connect">How to connect</h2>
<p>Any participant with a connector for the Dataspace Protocol can ask this node for its catalogue. With a Hansa node of your own:</p>
<ol class="steps">
<li><p>Get a credential from an authority of the data space.</p>
${snippet('Command: request a credential', 'npx hansa credential request <DID of the authority>')}</li>
<li><p>See what this node offers you.</p>
${snippet('Command: show the catalogue', `npx hansa catalog show ${did}`)}</li>
<li><p>Agree on a dataset. Its page here shows the terms and the command.</p></li>
</ol>
<p>Programs find the addresses of this node in <a href="/.well-known/did.json">its identity document</a> and <a href="/.well-known/dspace-version">its protocol versions</a>. The address of the node is <code>${publicUrl}</code>.</p>
</section>`;
}

function trusting(): Html {
  return html`<section aria-labelledby="trust">
<h2 id="trust">How to check us</h2>
<p>What happens on this node stands in a ledger to which entries can only be added. <a href="/ledger/checkpoint">Its signed state</a> is public: keep a copy, and later ask for proof that nothing before it has changed.</p>
<p>Audit reports are signed. Each has a page here with the commands to check it on your own machine.</p>
</section>`;
}
