import { count, percent } from '../format.js';
import { type Html, html } from '../html.js';
import { groupName } from '../names.js';
import type { RateFigure, RateRow } from '../rate-figure.js';
import type { ShownRows } from '../shown-rows.js';

/**
 * Lengths down are pixels, places across are per cent of the width: the chart fits any screen and its letters keep their
 * size. No `viewBox`, for that would scale them.
 */
const head = 34;
const rowHeight = 52;
const strip = 36;

/** What a chart is called, for those who see it and those who hear it. */
export interface ChartWords {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** A dot for each group, its interval as a line, and the margin as a band behind them. */
export function rateChart({ overall, band, most }: RateFigure, shown: ShownRows, words: ChartWords): Html {
  const { id, title, description } = words;
  const { first, between, last } = shown;
  const belowGap = first.length + (last.length > 0 ? 1 : 0);
  const height = head + (belowGap + last.length) * rowHeight + 8;
  const across = (value: number): string => `${((100 * value) / most).toFixed(2)}%`;
  return html`<svg class="chart" role="img" aria-labelledby="${id}-title ${id}-description" width="100%" height="${height}">
<title id="${id}-title">${title}</title>
<desc id="${id}-description">${description}</desc>
${band === null ? null : html`<rect class="band" x="${across(band.from)}" y="${head - 8}" width="${across(Math.min(band.to, most) - band.from)}" height="${height - head + 8}"/>`}
${axis(most, height)}
${overall.state !== 'value' ? null : html`<line class="overall" x1="${across(overall.value)}" x2="${across(overall.value)}" y1="${head - 8}" y2="${height}"/>`}
${first.map((row, i) => rowOf(row, head + i * rowHeight, across))}${last.length === 0 ? null : html`<text class="tick between" x="50%" y="${head + first.length * rowHeight + 32}" text-anchor="middle">⋮ ${count(between)} groups in between are not drawn ⋮</text>`}${last.map((row, i) => rowOf(row, head + (belowGap + i) * rowHeight, across))}
</svg>`;
}

function axis(most: number, height: number): Html {
  const steps = 4;
  const ticks = Array.from({ length: steps + 1 }, (_, i) => i / steps);
  const anchors = ['start', 'middle', 'middle', 'middle', 'end'];
  return html`${ticks.map(
    (at, i) => html`<line class="grid" x1="${at * 100}%" x2="${at * 100}%" y1="${head - 8}" y2="${height}"/>
<text class="tick" x="${at * 100}%" y="18" text-anchor="${anchors[i]}">${Number((at * most * 100).toFixed(2))} %</text>`,
  )}`;
}

function rowOf(row: RateRow, top: number, across: (value: number) => string): Html {
  const { group, k, n, value, interval, standing, weighted } = row;
  const rows = weighted ? `weighted, ${count(n)} rows` : `${count(k)} of ${count(n)}`;
  const y = top + strip;
  const [from, to] = [across(interval.lower), across(interval.upper)];
  return html`<g class="row row-${standing}">
<text class="group" x="0" y="${top + 18}">${groupName(group, 22)}${marks[standing]}</text>
<text class="value" x="100%" y="${top + 18}" text-anchor="end">${percent(value)} <tspan class="of">(${rows})</tspan></text>
<line class="interval" x1="${from}" x2="${to}" y1="${y}" y2="${y}"/>
<line class="interval" x1="${from}" x2="${from}" y1="${y - 5}" y2="${y + 5}"/>
<line class="interval" x1="${to}" x2="${to}" y1="${y - 5}" y2="${y + 5}"/>
${dots[standing](across(value), y)}
</g>
`;
}

const marks: Readonly<Record<RateRow['standing'], Html>> = {
  within: html``,
  outside: html`<tspan class="mark"> · outside</tspan>`,
  small: html`<tspan class="of too-few"> · too few</tspan>`,
};

/** The form of a dot says what its colour says. */
const dots: Readonly<Record<RateRow['standing'], (x: string, y: number) => Html>> = {
  within: (x, y) => html`<circle class="dot" cx="${x}" cy="${y}" r="7"/>`,
  // A square on its corner; the inner coordinates begin at its centre.
  outside: (x, y) => html`<svg x="${x}" y="${y}" overflow="visible"><path class="dot" d="M-9 0L0-9L9 0L0 9Z"/></svg>`,
  small: (x, y) => html`<circle class="dot" cx="${x}" cy="${y}" r="6"/>`,
};
