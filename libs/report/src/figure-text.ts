import type { Figure, Suppressed, Undefined } from '@hansa/fair';
import { decimal } from './format.js';
import { type Html, html } from './html.js';

/** A figure in a table: the number, or a dash with the reason why there is none. */
export function figureText(figure: Figure, words: (value: number) => string = decimal): Html {
  return figure.state === 'value' ? html`${words(figure.value)}` : absentText(figure);
}

/** What stands where there is no number. */
export function absentText({ state, reason }: Undefined | Suppressed): Html {
  return html`${state === 'suppressed' ? 'withheld' : '–'} <span class="quiet">${reason}</span>`;
}
