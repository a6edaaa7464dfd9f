import { type Html, html } from '../html.js';
import { groupName } from '../names.js';
import type { ChartWords } from './rate-chart.js';

/** One line of a chart; points from left to right, both ends of either axis at 0 and 1. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** What stands along an axis, from its lower to its upper end. */
export interface Axes {
  readonly across: { readonly title: string; readonly ticks: readonly string[] };
  readonly up: { readonly title: string; readonly ticks: readonly string[] };
  /** A dotted line from the lower left to the upper right corner, and what lies on it. */
  readonly diagonal?: true;
}

const height = 280;
const top = 34;
const legendRow = 24;
/** More lines nobody tells apart; the table has them all. */
export const mostLines = 6;

/**
 * Lines over two axes, told apart by their dashes and colour, with a legend. Lengths down are pixels, places across per
 * cent, as in the chart of rates; only the lines themselves are stretched.
 */
export function lineChart(lines: readonly Line[], axes: Axes, { id, title, description }: ChartWords): Html {
  const shown = lines.slice(0, mostLines);
  const below = top + height;
  const full = below + 52 + shown.length * legendRow;
  const last = axes.up.ticks.length - 1;
  const level = (i: number): number => below - (i / last) * height;
  return html`<svg class="chart" role="img" aria-labelledby="${id}-title ${id}-description" width="100%" height="${full}">
<title id="${id}-title">${title}</title>
<desc id="${id}-description">${description}</desc>
<text class="tick" x="0" y="14">↑ ${axes.up.title}</text>
${axes.up.ticks.map(
  (tick, i) => html`<line class="grid" x1="0" x2="100%" y1="${level(i)}" y2="${level(i)}"/>
<text class="tick" x="0" y="${level(i) - 4}">${tick}</text>
`,
)}<svg x="0" y="${top}" width="100%" height="${height}" viewBox="0 0 1 1" preserveAspectRatio="none" overflow="visible">
${axes.diagonal ? html`<path class="diagonal" d="M0 1L1 0" vector-effect="non-scaling-stroke"/>` : null}
${shown.map(({ points }, i) => html`<path class="line line-${i}" d="${pathOf(points)}" vector-effect="non-scaling-stroke"/>\n`)}</svg>
${axes.across.ticks.map((tick, i, { length }) => {
  const at = (100 * i) / (length - 1);
  return html`<text class="tick" x="${at}%" y="${below + 18}" text-anchor="${i === 0 ? 'start' : i === length - 1 ? 'end' : 'middle'}">${tick}</text>\n`;
})}<text class="tick" x="100%" y="${below + 36}" text-anchor="end">${axes.across.title} →</text>
${shown.map(({ name }, i) => {
  const y = below + 58 + i * legendRow;
  return html`<line class="line line-${i}" x1="0" x2="34" y1="${y - 5}" y2="${y - 5}"/><text class="group" x="44" y="${y}">${groupName(name, 30)}</text>\n`;
})}</svg>`;
}

function pathOf(points: readonly (readonly [number, number])[]): string {
  const place = (value: number): string => String(Number(value.toFixed(4)));
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${place(x)} ${place(1 - y)}`).join('');
}
