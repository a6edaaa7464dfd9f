import type { AttributeScores, ScoreDistances, ScoredMonth, ScorePart } from '@hansa/fair';
import { dotChart } from '../components/dot-chart.js';
import { fold } from '../components/fold.js';
import { type Column, table } from '../components/table.js';
import { absentText, figureText } from '../figure-text.js';
import { count, decimal } from '../format.js';
import { type Html, html } from '../html.js';
import { groupName } from '../names.js';

type Apart = { readonly distances: ScoreDistances };

/** The four distances as columns. */
const columns: readonly Column<Apart>[] = [
  {
    head: 'Kolmogorov-Smirnov',
    cell: ({ distances: { kolmogorovSmirnov: own } }) =>
      own.state === 'value'
        ? html`${decimal(own.statistic)} <span class="quiet">p ${String(Number(own.p.toPrecision(2)))}</span>`
        : absentText(own),
    isNumber: true,
  },
  { head: 'Wasserstein, in score', cell: ({ distances }) => figureText(distances.wasserstein), isNumber: true },
  { head: 'Jensen-Shannon, in bits', cell: ({ distances }) => figureText(distances.jensenShannon), isNumber: true },
  { head: 'Stability index (PSI)', cell: ({ distances }) => figureText(distances.populationStability), isNumber: true },
];

/** How far the scores of each group are from those of everybody else, whatever the labels. */
export function distancesTable({ groups }: AttributeScores, floor: number): Html {
  const told = groups.flatMap(({ group, n, distances: { kolmogorovSmirnov: own } }) =>
    own.state === 'value' && n >= floor ? [{ group, value: own.statistic }] : [],
  );
  const [first] = told;
  const most = first && told.reduce((best, next) => (next.value > best.value ? next : best), first);
  return html`<p>${most ? `Of the groups large enough to judge, the scores of ${groupName(most.group)} lie farthest from those of everybody else.` : 'No group that is large enough to judge has others to compare with.'} The distances are 0 where both are distributed alike; labels play no part.</p>
${table<AttributeScores['groups'][number]>('Scores of each group against those of everybody else', [{ head: 'Group', cell: ({ group }) => groupName(group) }, ...columns], groups)}`;
}

/** How far the scores of each month are from all before; null where there are no months. */
export function monthsFigure({ months }: ScorePart): Html | null {
  if (!months || months.length === 0) return null;
  const title = 'Scores of each month against all months before';
  const told = months.flatMap(({ month, distances: { populationStability: own } }) =>
    own.state === 'value' ? [{ name: month, value: own.value, text: decimal(own.value), interval: null }] : [],
  );
  const [first] = told;
  const most = first && told.reduce((best, next) => (next.value > best.value ? next : best), first);
  const sentence = most
    ? `The scores shift most in ${most.name}, with a stability index of ${decimal(most.value)}; customarily 0.1 is a shift to watch and 0.25 a large one. Months with few rows shift by chance.`
    : 'No month can be compared with those before.';
  const to = Math.max(0.5, Math.ceil(10 * (most?.value ?? 0)) / 10);
  const words = { id: 'score-months', title, description: 'A dot for each month. The table holds the same numbers.' };
  return fold(
    'Over time',
    most ? `${count(told.length)} months, ${most.name} shifts most (${decimal(most.value)})` : null,
    html`<figure>
<figcaption><b>${title}</b></figcaption>
<p>${sentence}</p>
${told.length === 0 ? null : dotChart(told, { from: 0, to, mark: 0.25, tick: decimal }, words)}
<p class="reading">How to read it: further right the month differs more from all before it. The dotted line is at 0.25.</p>
${table<ScoredMonth>(
  `${title}: the numbers`,
  [
    { head: 'Month', cell: ({ month }) => month },
    { head: 'Rows', cell: ({ n }) => count(n), isNumber: true },
    ...columns,
  ],
  months,
)}
</figure>`,
  );
}
