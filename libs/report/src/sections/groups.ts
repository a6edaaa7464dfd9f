import { type AuditReport, type ConfusionCounts, comparedBy, effectiveOf, type Rate, type RateName } from '@hansa/fair';
import { fold } from '../components/fold.js';
import { rateChart } from '../components/rate-chart.js';
import { rateTable } from '../components/rate-table.js';
import { table } from '../components/table.js';
import { count, counted, oneDecimal } from '../format.js';
import { type Html, html } from '../html.js';
import { isRateOfAnswer, marginWords, metricTitle, rateLabels, rateTitle } from '../metric-words.js';
import { attributeWords, groupName } from '../names.js';
import { groupsOf, type NamedSlice, type RateFigure, rateFigures } from '../rate-figure.js';
import { rateText } from '../rate-text.js';
import { reading } from '../reading.js';
import { leftOutSentence, shownRows } from '../shown-rows.js';

/** As many groups in a chart as fit a printed page. */
const mostDrawn = 24;
const mostCounted = 150;

/** For each attribute, folded: each rate of the plan as a sentence, a chart and a table, then all counts. */
export function groupsSection(report: AuditReport): Html {
  const figures = rateFigures(report);
  return html`${comparedBy(report.plan).map((attribute, i) => {
    const own = figures.filter((figure) => figure.attribute === attribute);
    return fold(
      `By ${attributeWords(attribute, report.plan)}`,
      standingNote(groupsOf(attribute, report).length, own),
      html`${own.map((figure, j) => figureOf(figure, `chart-${i}-${j}`, report))}
${countsOf(attribute, report)}`,
    );
  })}`;
}

/** `6 groups, 3 of them outside a margin`. */
function standingNote(groups: number, figures: readonly RateFigure[]): string {
  const outside = new Set(
    figures.flatMap(({ rows }) => rows.filter(({ standing }) => standing === 'outside').map(({ group }) => group)),
  );
  return `${counted(groups, 'group', 'groups')}, ${outside.size === 0 ? 'none' : `${count(outside.size)} of them`} outside a margin`;
}

function figureOf(figure: RateFigure, id: string, { plan }: AuditReport): Html {
  const title = `${rateTitle(figure.rate, plan)}`;
  const by = attributeWords(figure.attribute, plan);
  const { rows, band } = figure;
  const shown = shownRows(figure, mostDrawn);
  const leftOut = leftOutSentence(figure, shown);
  const drawn = shown.first.length + shown.last.length;
  const description = `A dot for each of ${drawn === rows.length ? count(drawn) : `${count(drawn)} out of ${count(rows.length)}`} groups with its interval as a line, the worst-off first. The table beneath holds the same numbers.`;
  const margin =
    band === null
      ? 'Fewer than two groups are large enough, so there is nothing to compare.'
      : `The shaded band begins at the best-off judged group and is as wide as the margin allows (${metricTitle(band.metric.metric, plan)}: ${marginWords(band.metric.metric, band.metric.margin)}). A dot outside it, drawn as a diamond, breaks the margin.`;
  return html`<figure>
<figcaption><b>${title}</b></figcaption>
<p>${reading(figure, plan)}</p>
${rows.length === 0 ? null : rateChart(figure, shown, { id, title: `${title}, by ${by}`, description })}
${leftOut === null ? null : html`<p class="quiet">${leftOut}</p>\n`}<p class="reading">How to read it: each dot is a group, ${direction(figure.rate, plan)}; the line through it is how far chance alone may have moved it. ${margin} A hollow dot is a group too small to judge. The dotted line is everybody together.</p>
${rateTable(figure, `${title}, by ${by}: the numbers`)}
</figure>
`;
}

function direction(rate: RateName, { outcome }: AuditReport['plan']): string {
  if (!isRateOfAnswer(rate)) return 'further right is a larger share';
  return `further ${outcome.polarity === 'benefit' ? 'right' : 'left'} is better for those concerned`;
}

const shownRates: readonly RateName[] = [
  'baseRate',
  'selectionRate',
  'truePositiveRate',
  'falsePositiveRate',
  'positivePredictiveValue',
  'accuracy',
];

function countsOf(attribute: string, report: AuditReport): Html {
  const all = groupsOf(attribute, report);
  const lines = largest(all, mostCounted);
  const by = attributeWords(attribute, report.plan);
  const cell = (name: keyof ConfusionCounts) => (line: NamedSlice) => countText(line.slice.counts[name]);
  return html`<details>
<summary>All counts by ${by}</summary>
${lines.length < all.length ? html`<p>These are the ${count(lines.length)} largest of ${count(all.length)} groups; report.json has all.</p>` : null}
${table<NamedSlice>(
  `Right and wrong answers, by ${by}`,
  [
    { head: 'Group', cell: ({ group }) => groupName(group) },
    { head: 'All', cell: cell('n'), isNumber: true },
    { head: 'Rightly positive', cell: cell('tp'), isNumber: true },
    { head: 'Wrongly positive', cell: cell('fp'), isNumber: true },
    { head: 'Wrongly negative', cell: cell('fn'), isNumber: true },
    { head: 'Rightly negative', cell: cell('tn'), isNumber: true },
    ...shownRates.map((name) => ({
      head: rateLabels[name],
      cell: ({ slice }: NamedSlice) => shareOf(slice, name),
      isNumber: true,
    })),
  ],
  lines,
)}
</details>`;
}

/** The largest groups, in the order of the report. */
function largest(groups: readonly NamedSlice[], most: number): readonly NamedSlice[] {
  if (groups.length <= most) return groups;
  const rows = ({ slice }: NamedSlice): number => slice.counts.n ?? 0;
  const kept = new Set([...groups].sort((a, b) => rows(b) - rows(a)).slice(0, most));
  return groups.filter((group) => kept.has(group));
}

function countText(cell: number | null): string {
  return cell === null ? 'withheld' : count(cell);
}

/** What a share is of: rows, and where they have weights or belong together how many plain ones would tell as much. */
function ofRows(rate: Extract<Rate, { readonly state: 'value' }>): string {
  const effective = effectiveOf(rate);
  return effective === undefined ? `of ${count(rate.n)}` : `of ${count(rate.n)}, as ${oneDecimal(effective)}`;
}

function shareOf({ rates }: NamedSlice['slice'], name: RateName): Html {
  const rate = rates[name];
  const { value, reason } = rateText(rate);
  return html`${value} <span class="quiet">${rate.state === 'value' ? ofRows(rate) : reason}</span>`;
}
