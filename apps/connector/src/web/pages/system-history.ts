import { type Html, html, minute, table, time } from '@hansa/report';
import type { VersionChanges } from '../../governance/index.js';
import { paths } from '../paths.js';
import type { SystemView } from '../register-view.js';

/** Every version that was published, with what it changed. Who wrote it is for the inside: the organisation answers. */
export function historySection({ record, history }: SystemView): Html {
  return html`<section aria-labelledby="history">
<h2 id="history">History</h2>
<p>Every version stays readable.</p>
<ul class="terms">
${history.map((version) => versionItem(record.id, version))}
</ul>
</section>`;
}

function versionItem(id: string, version: VersionChanges): Html {
  const { number, publishedAt, note, changes } = version;
  return html`<li>
<p><a href="${paths.systemVersion(id, number)}">Version ${number}</a>, ${time(publishedAt, minute)}${note === null ? null : html`: ${note}`}</p>
${changes.length === 0 ? html`<p class="quiet">${number === 1 ? 'The first version.' : 'No field was changed.'}</p>` : differences(version)}
</li>
`;
}

function differences({ number, changes }: VersionChanges): Html {
  return html`<details><summary>What version ${number} changed: ${changes.map(({ label }) => label).join(', ')}</summary>
${table(
  `Changes of version ${number}`,
  [
    { head: 'Field', cell: ({ label }) => label },
    { head: 'Before', cell: ({ before }) => (before === null ? '–' : html`<del>${before}</del>`) },
    { head: 'After', cell: ({ after }) => (after === null ? '–' : html`<ins>${after}</ins>`) },
  ],
  changes,
)}</details>`;
}
