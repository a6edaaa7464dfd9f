import { type Html, html } from '../html.js';

/**
 * A long part of a section behind its heading: closed on a screen, open on paper. It needs no script, and keys open it.
 *
 * @param note what a reader should know before opening it, as `6 groups`; null for nothing.
 */
export function fold(title: string, note: string | null, content: Html): Html {
  return html`<details class="fold">
<summary><h3>${title}${note === null ? null : html` <span class="quiet">${note}</span>`}</h3></summary>
${content}
</details>
`;
}
