import { atsDomains, atsRiskCategories, atsStatuses } from '@hansa/fair';
import type { Standing } from '@hansa/report';
import { counted, day, type Html, html, standingBadge, standingWords, table, time } from '@hansa/report';
import { page } from '../components/layout.js';
import { paths } from '../paths.js';
import {
  chosenRows,
  type RegisterChoice,
  type RegisterRow,
  type RegisterSort,
  type RegisterView,
  standingOf,
  standings,
} from '../register-view.js';

/** The algorithm register: every system and every model of this node, with what its newest audit says. */
export function registerPage(view: RegisterView): string {
  const { node, rows, choice } = view;
  const { sort, standing } = choice;
  const shown = chosenRows(rows, choice);
  const what = standing === null ? 'All' : `“${standingWords[standing]}”`;
  const content = html`<p class="kicker">Register</p>
<h1>Algorithms of ${node.city}</h1>
<p class="lead">What ${node.city} uses algorithms for, how people can object, and what the newest audit for fairness found. Systems that follow fixed rules are here, too, and so are models that nobody has described yet.</p>
${chips(view)}
${filterForm(choice)}
<p role="status">${what}: ${counted(shown.length, 'entry', 'entries')}, sorted by ${sort}.</p>
${shown.length === 0 ? html`<p class="empty">Nothing fits.</p>` : registerTable(shown, choice)}
<p class="quiet">In short: <a href="${paths.overview}">does the city use AI, what for, and who has certified it</a>.</p>`;
  return page({ node, title: 'Register of algorithms', section: 'register', content, alternate: paths.register });
}

function chips({ choice, rows }: RegisterView): Html {
  const link = (value: Standing | null, words: string): Html => {
    const n = chosenRows(rows, { ...choice, standing: value }).length;
    const current = value === choice.standing ? 'true' : 'false';
    return html`<li><a href="${address({ ...choice, standing: value })}" aria-current="${current}">${words} <span class="quiet">${n}</span></a></li>`;
  };
  return html`<nav aria-label="Filter by audit">
<ul class="chips">${link(null, 'All')}${standings.map((value) => link(value, standingWords[value]))}</ul>
</nav>`;
}

function filterForm({ sort, standing, domain, status, risk }: RegisterChoice): Html {
  return html`<form class="filters" method="get" action="${paths.register}" aria-label="Filter by area, status and risk">
${select('domain', 'Policy area', atsDomains, domain)}
${select('status', 'Status', atsStatuses, status)}
${select('risk', 'Risk', atsRiskCategories, risk)}
<input type="hidden" name="sort" value="${sort}">
${standing === null ? null : html`<input type="hidden" name="verdict" value="${standing}">`}
<button type="submit">Show</button>
</form>`;
}

function select(name: string, label: string, values: readonly string[], chosen: string | null): Html {
  const options = values.map((value) =>
    value === chosen
      ? html`<option value="${value}" selected>${value}</option>`
      : html`<option value="${value}">${value}</option>`,
  );
  return html`<p><label for="filter-${name}">${label}</label>
<select id="filter-${name}" name="${name}"><option value="">any</option>${options}</select></p>`;
}

function registerTable(rows: readonly RegisterRow[], choice: RegisterChoice): Html {
  const { sort } = choice;
  const by = (key: RegisterSort, words: string): Html =>
    html`<a href="${address({ ...choice, sort: key })}">${words}</a>`;
  const state = (key: RegisterSort) => (key === sort ? (key === 'date' ? 'descending' : 'ascending') : 'none');
  return table<RegisterRow>(
    'Algorithms and their newest audits; the linked heads sort the table',
    [
      {
        head: by('name', 'Name'),
        cell: ({ address: to, name }) => html`<a href="${to}">${name}</a>`,
        sorted: state('name'),
      },
      { head: 'What it does', cell: ({ purpose }) => purpose },
      {
        head: 'Policy area',
        cell: ({ kind, domain }) => (kind === 'model' ? 'model, not described yet' : (domain ?? '–')),
      },
      { head: 'Status', cell: ({ status }) => status ?? '–' },
      { head: 'Risk', cell: ({ risk }) => risk ?? '–' },
      { head: by('verdict', 'Outcome'), cell: (row) => standingBadge(standingOf(row)), sorted: state('verdict') },
      {
        head: by('date', 'Newest audit'),
        cell: ({ newest }) =>
          newest === null ? '–' : html`<a href="${paths.audit(newest.id)}">${time(newest.issuedAt, day)}</a>`,
        sorted: state('date'),
      },
    ],
    rows,
  );
}

function address({ sort, standing, domain, status, risk }: RegisterChoice): string {
  const given = Object.entries({ sort, verdict: standing, domain, status, risk }).filter(
    (pair): pair is [string, string] => pair[1] !== null,
  );
  return `${paths.register}?${new URLSearchParams(given)}`;
}
