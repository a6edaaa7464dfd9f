import { type AtsFieldName, type AtsStatus, type AtsValues, atsFields, exportFormats, exportNames } from '@hansa/fair';
import { day, facts, type Html, html, isWebAddress, minute, standingBadge, time } from '@hansa/report';
import { auditLine } from '../audit-view.js';
import { page } from '../components/layout.js';
import { prose } from '../components/prose.js';
import { paths } from '../paths.js';
import { type SystemView, statusWords } from '../register-view.js';
import { historySection } from './system-history.js';

/** The parts of the page in the order in which people ask, with the fields that answer. */
const parts = [
  ['does', 'What it does', ['description', 'methods_and_models', 'performance']],
  ['why', 'Why it is used', ['goal', 'proportionality', 'alternatives_considered', 'lawful_basis']],
  ['impact', 'What it means for people', ['impact']],
  ['decides', 'Who decides', ['decision_making_process']],
  ['oversight', 'What people check and can stop', ['human_intervention', 'rollback', 'monitoring']],
  [
    'data',
    'Which data',
    ['source_data', 'training_data', 'connected_data_sources', 'data_bias', 'DPIA_description', 'DPIA_url'],
  ],
] as const satisfies readonly (readonly [string, string, readonly AtsFieldName[]])[];

/** An entry of the algorithm register, for the people whom the system is about. */
export function systemPage(view: SystemView): string {
  const { node, record, version, filled } = view;
  const values: AtsValues = { ...filled, ...version.content };
  const name = values.name ?? record.id;
  const answer = partOf(view, values);
  const content = html`<p class="kicker">Algorithm register</p>
<h1>${name}</h1>
${view.isNewest ? null : olderNotice(view)}
<p><strong>${statusWords[values.status as AtsStatus] ?? values.status}</strong>${values.risk_category === undefined ? null : html` · ${values.risk_category}`} · ${values.organization}</p>
<div class="lead" lang="${languageOf(values)}">${prose(values.description_short ?? '')}</div>
<section class="offer" aria-labelledby="object">
<h2 id="object">How to object</h2>
${answer(['objection_procedure'])}
${contact(values)}
</section>
${parts.map(
  ([id, title, fields]) => html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${answer(fields)}
</section>
`,
)}
${fairness(view)}
<section aria-labelledby="risks">
<h2 id="risks">Risks</h2>
${answer(['risk_category', 'risks', 'AIA_description', 'AIA_url'])}
</section>
${glance(view, values)}
${elsewhere(view)}
${historySection(view)}`;
  return page({ node, title: name, section: 'register', content, alternate: paths.system(record.id) });
}

function languageOf({ lang = 'en' }: AtsValues): string {
  return lang;
}

function partOf({ filled }: SystemView, values: AtsValues): (fields: readonly AtsFieldName[]) => Html {
  return (fields) => {
    const given = fields.filter((field) => values[field] !== undefined);
    if (given.length === 0) return html`<p class="empty">Nothing is on record.</p>`;
    return html`${given.map((field) => {
      const text = values[field] ?? '';
      const ofAudit = field in filled && filled[field] === text;
      const body = isWebAddress(text)
        ? html`<p><a href="${text}" rel="nofollow noreferrer">${text}</a></p>`
        : prose(text);
      return html`${given.length > 1 ? html`<h3>${atsFields[field].label}</h3>` : null}
<div lang="${ofAudit ? 'en' : languageOf(values)}">${body}</div>
${ofAudit ? html`<p class="quiet">Taken from the audits of this system.</p>` : null}
`;
    })}`;
  };
}

function contact({ contact_email: email, contact_phone: phone, contact_name: name, website }: AtsValues): Html {
  return html`<p>Questions: ${name === undefined ? null : html`${name}, `}${email === undefined ? null : html`<a href="mailto:${email}">${email}</a>`}${phone === undefined ? null : html`, ${phone}`}${website === undefined ? null : html`, <a href="${website}" rel="nofollow noreferrer">${website}</a>`}</p>`;
}

function olderNotice({ record, version, versions }: SystemView): Html {
  const [newest] = versions;
  return html`<p class="notice">You are reading version ${version.number}, published on ${time(version.publishedAt, minute)}. <a href="${paths.system(record.id)}">Read the newest version, ${newest.number}.</a></p>`;
}

function fairness({ newest, fairness: words, isNewest, material, audits }: SystemView): Html | null {
  if (!isNewest) return null;
  const linked = (material.entry.models ?? []).length + (material.entry.audits ?? []).length > 0;
  const without = linked
    ? 'Nobody has audited yet whether it treats groups of people alike.'
    : 'No audit is linked to it, so nobody can say here whether it treats groups of people alike.';
  return html`<section aria-labelledby="fairness">
<h2 id="fairness">Does it treat people alike?</h2>
<p>${standingBadge(newest?.standing ?? 'none')}</p>
${words.length === 0 ? html`<p>${without}</p>` : words.map((sentence) => html`<p>${sentence}</p>`)}
${newest === null ? null : html`<p><a href="${paths.audit(newest.id)}">The whole report</a> says what was compared and how, and how to check its signature: <a href="${paths.credential(newest.id)}">signed credential</a>.</p>`}
${earlierAudits(audits.slice(1))}
</section>`;
}

/** Those before the newest, each with its report and its credential. */
function earlierAudits(audits: SystemView['audits']): Html | null {
  if (audits.length === 0) return null;
  const lines = audits
    .map(auditLine)
    .map(
      ({ id, standing, issuedAt }) =>
        html`<li>${time(issuedAt, day)}: ${standingBadge(standing)} <a href="${paths.audit(id)}">report of ${day(issuedAt)}</a>, <a href="${paths.credential(id)}">credential of ${day(issuedAt)}</a></li>`,
    );
  return html`<h3>Earlier audits</h3>
<ul>${lines}</ul>`;
}

function glance({ record, version, versions, models }: SystemView, values: AtsValues): Html {
  const first = versions.at(-1) ?? version;
  return html`<section aria-labelledby="glance">
<h2 id="glance">At a glance</h2>
${facts([
  ['Organisation', values.organization ?? null],
  ['Department', values.department ?? null],
  ['Area', values.area ?? null],
  ['Policy area', values.domain ?? null],
  ['Kind of algorithm', values.algorithm_type ?? null],
  ['What it does with data', values.type ?? null],
  ['Models', models.length === 0 ? null : modelLinks(models)],
  ['First published', time(first.publishedAt, day)],
  ['Last change', time(version.publishedAt, day)],
  ['To be looked at again by', values.revision_date ?? null],
  ['Remark', values.remark ?? null],
  ['More information', linked(values.documentation)],
  ['Source code', linked(values.codebase_url)],
  ['Identifier', html`<code class="long">${record.id}</code>`],
])}
</section>`;
}

function modelLinks(models: SystemView['models']): Html {
  return html`${models.map(({ id, card }, i) => html`${i === 0 ? null : ', '}<a href="${paths.model(id)}">${card.name} ${card.version}</a>`)}`;
}

function linked(address: string | undefined): Html | null {
  return address === undefined ? null : html`<a href="${address}" rel="nofollow noreferrer">${address}</a>`;
}

function elsewhere({ record, isNewest }: SystemView): Html | null {
  if (!isNewest) return null;
  return html`<section aria-labelledby="forms">
<h2 id="forms">In other forms</h2>
<ul>${exportFormats.map((format) => html`<li><a href="${paths.systemExport(record.id, format)}">${exportNames[format]}</a></li>`)}</ul>
<p class="quiet">A form that asks for more than is on record says what is missing.</p>
</section>`;
}
