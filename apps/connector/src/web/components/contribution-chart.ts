import type { Contribution } from '@hansa/explain';
import { decimal, type Html, html } from '@hansa/report';

const rowHeight = 46;
const head = 30;

/** Bars to the left and right of a line: what lowered the answer, what raised it. */
export function contributionChart(contributions: readonly Contribution[], id: string): Html {
  const largest = Math.max(...contributions.map(({ contribution }) => Math.abs(contribution)), Number.MIN_VALUE);
  const height = head + contributions.length * rowHeight;
  const bars = contributions.map((one, i) => barOf(one, head + i * rowHeight, largest));
  return html`<svg class="chart" role="img" aria-labelledby="${id}-title ${id}-description" width="100%" height="${height}">
<title id="${id}-title">What moved the answer of this case</title>
<desc id="${id}-description">A bar for each feature, the strongest first. Bars to the right raised the answer, bars to the left lowered it. The table beneath holds the same numbers.</desc>
<text class="tick" x="0" y="18">← lowered the answer</text>
<text class="tick" x="100%" y="18" text-anchor="end">raised the answer →</text>
<line class="grid" x1="50%" x2="50%" y1="${head - 4}" y2="${height}"/>
${bars}
</svg>`;
}

function barOf({ feature, value, contribution }: Contribution, top: number, largest: number): Html {
  const length = (50 * Math.abs(contribution)) / largest;
  const from = contribution < 0 ? 50 - length : 50;
  return html`<g class="row ${contribution < 0 ? 'lowers' : 'raises'}">
<text class="group" x="0" y="${top + 16}">${shortened(`${feature} = ${value}`)}</text>
<text class="value" x="100%" y="${top + 16}" text-anchor="end">${signed(contribution)}</text>
<rect class="bar" x="${from.toFixed(2)}%" y="${top + 23}" width="${length.toFixed(2)}%" height="14"/>
</g>
`;
}

/** `+0.21`, `−0.05` with the minus sign of typography. */
export function signed(value: number): string {
  const text = decimal(Math.abs(value));
  return value < 0 && text !== '0' ? `−${text}` : `+${text}`;
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length > 32 ? `${characters.slice(0, 31).join('')}…` : text;
}
