import type { AuditReport, DrawnGap } from '@hansa/fair';
import { dotChart } from '../components/dot-chart.js';
import { table } from '../components/table.js';
import { absentText } from '../figure-text.js';
import { count, decimal, decimalInterval, percent } from '../format.js';
import { type Html, html } from '../html.js';
import { metricTitle, rateLabels } from '../metric-words.js';
import { attributeWords } from '../names.js';

/** What chance makes of the planned comparisons; null where nothing was drawn. */
export function drawnSection({ drawn, plan }: AuditReport): Html | null {
  if (!drawn) return null;
  const lines = drawn.gaps.flatMap((gap) => gap.permutations.map((one) => ({ gap, ...one })));
  const name = ({ gap, rate }: (typeof lines)[number]): string =>
    `${rateLabels[rate]}, by ${attributeWords(gap.attribute, plan)}`;
  const told = lines.flatMap((line) => (line.test.state === 'value' ? [{ line, ...line.test }] : []));
  const rare = told.filter(({ p }) => p < 1 - plan.level);
  const title = 'Observed gaps, and how wide chance alone makes them';
  const words = {
    id: 'drawn-gaps',
    title,
    description: 'A dot for each observed gap; the line runs from 0 to the gap that chance makes on average.',
  };
  const dots = told.map(({ line, statistic, expected }) => ({
    name: name(line),
    value: statistic,
    text: decimal(statistic),
    interval: { lower: 0, upper: expected },
  }));
  const to = Math.min(1, Math.max(0.1, Math.ceil(10 * Math.max(0, ...told.map(({ statistic }) => statistic))) / 10));
  return html`<p>Drawn ${count(drawn.replicates)} times from seed ${drawn.seed} of the plan (${drawn.generator}). These figures inform; they do not decide. Noise always has a widest gap, so an observed gap is held against what it would be if decisions were shuffled among the judged groups.</p>
<figure>
<figcaption><b>${title}</b></figcaption>
<p>${told.length === 0 ? 'No gap could be drawn; the table gives the reasons.' : `${count(rare.length)} of ${count(told.length)} gaps are wider than chance alone makes them in all but ${percent(1 - plan.level)} of the draws.`}</p>
${dots.length === 0 ? null : dotChart(dots, { from: 0, to, mark: null, tick: decimal }, words)}
<p class="reading">How to read it: where the dot lies far beyond the end of its line, chance alone hardly makes such a gap. p is the share of draws with a gap at least as wide; it is not adjusted for there being several.</p>
${table(
  `${title}: the numbers`,
  [
    { head: 'Gap', cell: name },
    {
      head: 'Observed',
      cell: ({ test }) => (test.state === 'value' ? decimal(test.statistic) : absentText(test)),
      isNumber: true,
    },
    {
      head: 'By chance, on average',
      cell: ({ test }) => (test.state === 'value' ? decimal(test.expected) : '–'),
      isNumber: true,
    },
    {
      head: 'p',
      cell: ({ test }) => (test.state === 'value' ? String(Number(test.p.toPrecision(2))) : '–'),
      isNumber: true,
    },
  ],
  lines,
)}
</figure>
${table<DrawnGap>(
  'The planned figures in tables drawn anew',
  [
    {
      head: 'Compared',
      cell: ({ metric, attribute }) => `${metricTitle(metric, plan)}, by ${attributeWords(attribute, plan)}`,
    },
    {
      head: `${decimal(plan.level * 100)} % of the draws`,
      cell: ({ bootstrap }) => (bootstrap.state === 'value' ? decimalInterval(bootstrap) : absentText(bootstrap)),
      isNumber: true,
    },
    {
      head: 'Draws without the figure',
      cell: ({ bootstrap }) => (bootstrap.state === 'value' ? count(bootstrap.undefinedReplicates) : '–'),
      isNumber: true,
    },
  ],
  drawn.gaps,
)}`;
}
