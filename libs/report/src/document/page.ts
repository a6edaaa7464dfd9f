import type { SoftwareReference } from '@hansa/fair';
import { type Html, html } from '../html.js';
import { documentStyles } from '../styles/document.css.js';
import { reportStyles } from '../styles/styles.js';

export type Section = readonly [id: string, title: string, content: Html];

/** What a report consists of, whatever its task. */
export interface PageParts {
  /** What was audited, as it fits into a sentence. */
  readonly subject: string;
  readonly sections: readonly Section[];
  readonly software: SoftwareReference;
}

/** The sections of a report as one HTML file that needs nothing else. */
export function page({ subject, sections, software }: PageParts): string {
  const head = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>Audit report: ${subject}</title>
<link rel="icon" href="data:,">`;
  const body = html`</head>
<body>
<a class="skip-link" href="#content">Skip to the content</a>
<header class="frame masthead">
<p class="kicker">Audit report</p>
<h1>Are groups treated alike by ${subject}?</h1>
</header>
<main id="content" class="frame" tabindex="-1">
<nav aria-label="In this report" class="contents">
<ol>${sections.map(([anchor, title]) => html`<li><a href="#${anchor}">${title}</a></li>`)}</ol>
</nav>
${sections.map(
  ([anchor, title, content]) => html`<section class="part part-${anchor}" aria-labelledby="${anchor}">
<h2 id="${anchor}">${title}</h2>
${content}
</section>
`,
)}</main>
<footer class="frame colophon">
<p>Computed by ${software.name} ${software.version} from counts; no row of the data is in this file. It runs no script and asks for nothing. The same report as data stands beside it as <code>report.json</code>.</p>
</footer>
</body>
</html>
`;
  // The sheets are constants of this library: nothing from outside stands in an element that the template cannot escape.
  return `<!doctype html>\n${head}\n<style>${reportStyles}${documentStyles}</style>\n${body}`;
}
