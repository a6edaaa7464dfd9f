import { type Html, html } from '@hansa/report';

/** Two shores and what passes between them. */
const strokes = html`<path d="M9 8v16"/><path d="M23 8v16"/><path d="M9 16c5-5 9 5 14 0"/>`;

/** The emblem in the colours of the text around it. */
export function emblem(): Html {
  return html`<svg class="emblem" viewBox="0 0 32 32" width="30" height="30" aria-hidden="true" focusable="false"><rect width="32" height="32" rx="7"/><g>${strokes}</g></svg>`;
}

/** The emblem as a file of its own. */
export const icon = String(
  html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b5a68"/><g fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round">${strokes}</g></svg>\n`,
);
