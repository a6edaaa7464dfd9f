import { type Html, html, isWebAddress } from '@hansa/report';

/** A licence as a link where it is an address, else as it is written. */
export function licence(value: string): Html {
  return isWebAddress(value) ? html`<a href="${value}" rel="nofollow noreferrer">${value}</a>` : html`${value}`;
}

/** Text that people wrote, in its paragraphs. */
export function prose(text: string): Html {
  const paragraphs = text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== '');
  return html`${paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}`;
}
