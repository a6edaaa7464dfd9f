import { type Html, type HtmlValue, html, isWebAddress } from '../html.js';

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

/** A licence as a link where it is an address, else as it is written. */
export function licence(value: string): Html {
  return isWebAddress(value) ? html`<a href="${value}" rel="nofollow noreferrer">${value}</a>` : html`${value}`;
}

/** Text that people wrote, in its paragraphs. */
export function prose(text: string): Html {
  const paragraphs = text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== '');
  return html`${paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}`;
}

/** Something to type or to send, scrolled sideways where it is too wide. */
export function snippet(label: string, text: string): Html {
  return html`<pre class="snippet" tabindex="0" role="region" aria-label="${label}"><code>${text}</code></pre>`;
}
