import { day, digest, facts, type Html, html, minute, standingBadge, table, time } from '@hansa/report';
import type { HostedModel } from '../../governance/index.js';
import type { AuditLine } from '../audit-view.js';
import { explanationBlock } from '../components/explanation.js';
import { page } from '../components/layout.js';
import { licence, prose } from '../components/prose.js';
import { paths } from '../paths.js';
import type { ModelPageView, SystemLink } from '../view.js';

/** A model card: what the model is for, what it cannot do, what goes in and comes out, and its audits. */
export function modelPage({ node, model, audits, explanation, systems }: ModelPageView): string {
  const { name, version, description, intendedUse, limitations } = model.card;
  const title = `${name} ${version}`;
  const content = html`<p class="kicker">Model card</p>
<h1>${title}</h1>
<p>${standingBadge(audits[0]?.standing ?? 'none')}</p>
<div class="lead">${prose(description)}</div>
<section aria-labelledby="use">
<h2 id="use">Intended use</h2>
${prose(intendedUse)}
</section>
<section aria-labelledby="limitations">
<h2 id="limitations">Limitations</h2>
${limitations.length === 0 ? html`<p class="empty">The card names none.</p>` : html`<ul>${limitations.map((one) => html`<li>${one}</li>`)}</ul>`}
</section>
${usedIn(systems)}
<section aria-labelledby="audits">
<h2 id="audits">Audits</h2>
${audits.length === 0 ? html`<p class="empty">This model was not audited. Terms that ask for an audit refuse it.</p>` : auditTable(audits)}
</section>
${
  explanation &&
  html`<section aria-labelledby="explanation">
<h2 id="explanation">One answer explained</h2>
${explanationBlock(explanation)}
</section>`
}
${about(model)}
${values(model)}`;
  return page({ node, title, section: 'register', content });
}

function usedIn(systems: readonly SystemLink[]): Html {
  const links = systems.map(({ id, name }) => html`<li><a href="${paths.system(id)}">${name}</a></li>`);
  return html`<section aria-labelledby="systems">
<h2 id="systems">What it is used for</h2>
${
  links.length === 0
    ? html`<p class="empty">No entry of the <a href="${paths.register}">algorithm register</a> names this model yet.</p>`
    : html`<p>The algorithm register says what for, who decides, and how to object:</p>
<ul>${links}</ul>`
}
</section>`;
}

function auditTable(audits: readonly AuditLine[]): Html {
  return table<AuditLine>(
    'Audits of this model, the newest first',
    [
      { head: 'Issued', cell: ({ issuedAt }) => time(issuedAt, minute) },
      { head: 'Outcome', cell: ({ standing }) => standingBadge(standing) },
      {
        head: 'Report',
        cell: ({ id, issuedAt }) => html`<a href="${paths.audit(id)}">Report of ${day(issuedAt)}</a>`,
      },
    ],
    audits,
  );
}

function about({ id, digest: own, card, createdAt }: HostedModel): Html {
  return html`<section aria-labelledby="about">
<h2 id="about">At a glance</h2>
${facts([
  ['Owners', card.owners.length === 0 ? null : card.owners.join(', ')],
  ['Licence', card.licence === null ? null : licence(card.licence)],
  ['Threshold', `A score of ${card.threshold} or more is a positive answer`],
  ['Hosted since', time(createdAt, day)],
  ['Digest of the file', digest(own)],
  ['Identifier', html`<code class="long">${id}</code>`],
])}
</section>`;
}

type Value = HostedModel['signature']['inputs'][number];

function values({ signature }: HostedModel): Html {
  const lines = (values: readonly Value[], caption: string): Html =>
    table<Value>(
      caption,
      [
        { head: 'Name', cell: ({ name }) => name },
        {
          head: 'Type',
          cell: (value) => html`<code>${value.kind === 'tensor' ? value.elementType : value.type}</code>`,
        },
        { head: 'Shape', cell: (value) => html`<code>${shape(value)}</code>` },
      ],
      values,
    );
  return html`<section aria-labelledby="signature">
<h2 id="signature">What goes in and comes out</h2>
${lines(signature.inputs, 'Inputs')}
${lines(signature.outputs, 'Outputs')}
</section>`;
}

/** `[N, 2]`; a size that the model leaves open is `?`. */
function shape(value: Value): string {
  return value.kind === 'tensor' ? `[${value.shape.map((size) => size ?? '?').join(', ')}]` : '–';
}
