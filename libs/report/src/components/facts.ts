import { type Html, type HtmlValue, html } from '../html.js';

/** Names and values, one below the other; a value of null is left out. */
export function facts(entries: readonly (readonly [string, HtmlValue])[]): Html {
  const rows = entries.flatMap(([name, value]) =>
    value === null ? [] : [html`<div><dt>${name}</dt><dd>${value}</dd></div>`],
  );
  return html`<dl class="facts">${rows}</dl>`;
}

/** A digest in full: whoever compares it needs every character. */
export function digest(value: string): Html {
  return html`<code class="long">${value}</code>`;
}

/** A moment, readable by people and machines. */
export function time(at: Date, words: (at: Date) => string): Html {
  return html`<time datetime="${at.toISOString()}">${words(at)}</time>`;
}

/** Something to type or to send, scrolled sideways where it is too wide. */
export function snippet(label: string, text: string): Html {
  return html`<pre class="snippet" tabindex="0" role="region" aria-label="${label}"><code>${text}</code></pre>`;
}
