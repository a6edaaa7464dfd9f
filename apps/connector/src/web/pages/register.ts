import type { Standing } from '@hansa/report';
import { counted, day, type Html, html, standingBadge, standingWords, table, time } from '@hansa/report';
import { page } from '../components/layout.js';
import { paths } from '../paths.js';
import type { RegisterLine, RegisterSort, RegisterView } from '../view.js';

/** What needs attention comes first. */
const standings: readonly Standing[] = ['fail', 'revoked', 'insufficient-data', 'none', 'pass'];

/** The algorithm register: every model of this node, with what its newest audit says. */
export function registerPage(view: RegisterView): string {
  const { node, lines, sort, standing } = view;
  const shown = sorted(
    lines.filter((line) => standing === null || standingOf(line) === standing),
    sort,
  );
  const what = standing === null ? 'All' : `“${standingWords[standing]}”`;
  const content = html`<p class="kicker">Register</p>
<h1>Models of ${node.city}</h1>
<p class="lead">Every model that this node hosts, what it is for, and what its newest audit for fairness found. A model that was not audited says so.</p>
${filters(view)}
<p role="status">${what}: ${counted(shown.length, 'model', 'models')}, sorted by ${sort}.</p>
${shown.length === 0 ? html`<p class="empty">No model fits.</p>` : registerTable(shown, view)}`;
  return page({ node, title: 'Register of models', section: 'register', content });
}

function filters({ standing, sort, lines }: RegisterView): Html {
  const link = (value: Standing | null, words: string): Html => {
    const n = lines.filter((line) => value === null || standingOf(line) === value).length;
    return html`<li><a href="${address(sort, value)}" aria-current="${value === standing ? 'true' : 'false'}">${words} <span class="quiet">${n}</span></a></li>`;
  };
  return html`<nav aria-label="Filter by audit">
<ul class="chips">${link(null, 'All')}${standings.map((value) => link(value, standingWords[value]))}</ul>
</nav>`;
}

function registerTable(lines: readonly RegisterLine[], { sort, standing }: RegisterView): Html {
  const by = (key: RegisterSort, words: string): Html => html`<a href="${address(key, standing)}">${words}</a>`;
  const state = (key: RegisterSort) => (key === sort ? (key === 'date' ? 'descending' : 'ascending') : 'none');
  return table<RegisterLine>(
    'Models and their newest audits; the linked heads sort the table',
    [
      {
        head: by('name', 'Model'),
        cell: ({ model }) => html`<a href="${paths.model(model.id)}">${model.card.name} ${model.card.version}</a>`,
        sorted: state('name'),
      },
      { head: 'Intended use', cell: ({ model }) => model.card.intendedUse },
      { head: 'Audited', cell: ({ newest }) => (newest === null ? 'no' : 'yes') },
      {
        head: by('verdict', 'Outcome'),
        cell: (line) => standingBadge(standingOf(line)),
        sorted: state('verdict'),
      },
      {
        head: by('date', 'Newest audit'),
        cell: ({ newest }) =>
          newest === null ? '–' : html`<a href="${paths.audit(newest.id)}">${time(newest.issuedAt, day)}</a>`,
        sorted: state('date'),
      },
    ],
    lines,
  );
}

function address(sort: RegisterSort, standing: Standing | null): string {
  const query = new URLSearchParams({ sort, ...(standing === null ? {} : { verdict: standing }) });
  return `${paths.register}?${query}`;
}

function standingOf({ newest }: RegisterLine): Standing {
  return newest?.standing ?? 'none';
}

/** By name; by what needs attention; or the newest audit first and those without one at the end. */
function sorted(lines: readonly RegisterLine[], sort: RegisterSort): readonly RegisterLine[] {
  const name = ({ model }: RegisterLine): string => `${model.card.name} ${model.card.version}`;
  const byName = (a: RegisterLine, b: RegisterLine): number => name(a).localeCompare(name(b), 'en', { numeric: true });
  const date = ({ newest }: RegisterLine): number => newest?.issuedAt.getTime() ?? Number.NEGATIVE_INFINITY;
  const rank = (line: RegisterLine): number => standings.indexOf(standingOf(line));
  return [...lines].sort((a, b) => {
    if (sort === 'verdict') return rank(a) - rank(b) || byName(a, b);
    if (sort === 'date' && date(a) !== date(b)) return date(b) < date(a) ? -1 : 1;
    return byName(a, b);
  });
}
