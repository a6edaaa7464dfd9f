import { type Html, html } from '../html.js';

/** What a model's newest audit says of it, or that there is none. */
export type Standing = 'pass' | 'fail' | 'insufficient-data' | 'revoked' | 'none';

/** What a standing is called; words carry it, symbol and colour only help. */
export const standingWords: Readonly<Record<Standing, string>> = {
  pass: 'Audit passed',
  fail: 'Audit failed',
  'insufficient-data': 'Could not be judged',
  revoked: 'Audit revoked',
  none: 'Not audited',
};

const symbols: Readonly<Record<Standing, Html>> = {
  pass: html`<path d="M3.5 8.5l3 3 6-7"/>`,
  fail: html`<path d="M4 4l8 8M12 4l-8 8"/>`,
  'insufficient-data': html`<path d="M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.3 8.6 8 9 8 9.8M8 12.6v.1"/>`,
  revoked: html`<circle cx="8" cy="8" r="5.5"/><path d="M4.2 4.2l7.6 7.6"/>`,
  none: html`<path d="M4 8h8"/>`,
};

/** A verdict as symbol and words. */
export function standingBadge(standing: Standing): Html {
  return html`<span class="badge badge-${standing}">${standingSymbol(standing)}${standingWords[standing]}</span>`;
}

export function standingSymbol(standing: Standing): Html {
  return html`<svg class="symbol" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">${symbols[standing]}</svg>`;
}
