import type { AuditReport, RateName, Slice } from '@hansa/fair';
import { rateChart } from '../components/rate-chart.js';
import { rateTable } from '../components/rate-table.js';
import { table } from '../components/table.js';
import { count, percent } from '../format.js';
import { type Html, html } from '../html.js';
import { marginWords, metricTitle, rateLabels, rateTitle } from '../metric-words.js';
import { type RateFigure, rateFigures } from '../rate-figure.js';

/** For each attribute: each rate of the plan as a chart with its table, then all counts. */
export function groupsSection(report: AuditReport): Html {
  const figures = rateFigures(report);
  return html`${report.plan.attributes.map(
    (attribute, i) => html`<h3>By ${attribute}</h3>
${figures.filter((figure) => figure.attribute === attribute).map((figure, j) => figureOf(figure, `chart-${i}-${j}`, report))}
${countsOf(attribute, report)}
`,
  )}`;
}

function figureOf(figure: RateFigure, id: string, { plan }: AuditReport): Html {
  const title = rateTitle(figure.rate, plan);
  const { rows, band } = figure;
  const isBenefit = plan.outcome.polarity === 'benefit';
  const description = `A dot for each of ${rows.length} groups with its interval as a line, the worst-off first. The table beneath holds the same numbers.`;
  const margin =
    band === null
      ? 'Fewer than two groups are large enough, so there is nothing to compare.'
      : `The shaded band begins at the best-off judged group and is as wide as the margin allows (${metricTitle(band.metric.metric, plan)}: ${marginWords(band.metric.metric, band.metric.margin)}). A dot outside it, drawn as a diamond, breaks the margin.`;
  return html`<figure>
<figcaption><b>${title}</b></figcaption>
${rateChart(figure, id, `${title}, by ${figure.attribute}`, description)}
<p class="reading">How to read it: each dot is a group, ${isBenefit ? 'further right is better for those concerned' : 'further left is better for those concerned'}; the line through it is how far chance alone may have moved it. ${margin} A hollow dot is a group too small to judge. The dotted line is everybody together.</p>
${rateTable(figure, `${title}, by ${figure.attribute}: the numbers`)}
</figure>
`;
}

const shownRates: readonly RateName[] = [
  'baseRate',
  'selectionRate',
  'truePositiveRate',
  'falsePositiveRate',
  'positivePredictiveValue',
  'accuracy',
];

function countsOf(attribute: string, { slices }: AuditReport): Html {
  const lines = slices.filter(({ attributes }) => attribute in attributes);
  const rate = (slice: Slice, name: RateName): Html => {
    const own = slice.rates[name];
    return own.state === 'value'
      ? html`${percent(own.value)} <span class="quiet">of ${count(own.n)}</span>`
      : html`– <span class="quiet">${own.reason}</span>`;
  };
  return html`<details>
<summary>All counts by ${attribute}</summary>
${table<Slice>(
  `Right and wrong answers, by ${attribute}`,
  [
    { head: 'Group', cell: ({ attributes }) => attributes[attribute] },
    { head: 'All', cell: ({ counts }) => cellCount(counts.n), isNumber: true },
    { head: 'Rightly positive', cell: ({ counts }) => cellCount(counts.tp), isNumber: true },
    { head: 'Wrongly positive', cell: ({ counts }) => cellCount(counts.fp), isNumber: true },
    { head: 'Wrongly negative', cell: ({ counts }) => cellCount(counts.fn), isNumber: true },
    { head: 'Rightly negative', cell: ({ counts }) => cellCount(counts.tn), isNumber: true },
    ...shownRates.map((name) => ({
      head: rateLabels[name],
      cell: (slice: Slice) => rate(slice, name),
      isNumber: true,
    })),
  ],
  lines,
)}
</details>`;
}

function cellCount(cell: number | null): string {
  return cell === null ? 'withheld' : count(cell);
}
