import { count } from '../format.js';
import { type Html, html } from '../html.js';
import { groupName } from '../names.js';
import type { ChartWords } from './rate-chart.js';

/** A figure of one group; its interval where it has one. */
export interface Dot {
  readonly name: string;
  readonly value: number;
  readonly text: string;
  readonly interval: { readonly lower: number; readonly upper: number } | null;
}

const head = 34;
const rowHeight = 52;
const most = 24;

/** A dot for each figure on one axis, its interval as a line, and a dotted line where it means something. */
export function dotChart(
  dots: readonly Dot[],
  axis: {
    readonly from: number;
    readonly to: number;
    readonly mark: number | null;
    readonly tick: (at: number) => string;
  },
  { id, title, description }: ChartWords,
): Html {
  const shown = dots.slice(0, most);
  const height = head + shown.length * rowHeight + 8;
  const across = (value: number): string =>
    `${Math.min(100, Math.max(0, (100 * (value - axis.from)) / (axis.to - axis.from))).toFixed(2)}%`;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((at) => axis.from + at * (axis.to - axis.from));
  const anchors = ['start', 'middle', 'middle', 'middle', 'end'];
  return html`<svg class="chart" role="img" aria-labelledby="${id}-title ${id}-description" width="100%" height="${height}">
<title id="${id}-title">${title}</title>
<desc id="${id}-description">${description}${dots.length > most ? ` The first ${count(most)} are drawn.` : ''}</desc>
${ticks.map(
  (at, i) => html`<line class="grid" x1="${i * 25}%" x2="${i * 25}%" y1="${head - 8}" y2="${height}"/>
<text class="tick" x="${i * 25}%" y="18" text-anchor="${anchors[i]}">${axis.tick(at)}</text>
`,
)}${axis.mark === null ? null : html`<line class="overall" x1="${across(axis.mark)}" x2="${across(axis.mark)}" y1="${head - 8}" y2="${height}"/>`}
${shown.map(({ name, value, text, interval }, i) => {
  const [at, y] = [head + i * rowHeight, head + i * rowHeight + 36];
  return html`<g class="dot-row">
<text class="group" x="0" y="${at + 18}">${groupName(name, 22)}</text>
<text class="value" x="100%" y="${at + 18}" text-anchor="end">${text}</text>
${interval === null ? null : html`<line class="interval" x1="${across(interval.lower)}" x2="${across(interval.upper)}" y1="${y}" y2="${y}"/>`}
<circle class="dot" cx="${across(value)}" cy="${y}" r="7"/>
</g>
`;
})}</svg>`;
}
