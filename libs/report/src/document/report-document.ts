import type { AuditReport } from '@hansa/fair';
import { type Html, html } from '../html.js';
import { isolated, shortened } from '../names.js';
import { citiesSection } from '../sections/cities.js';
import { comparisonsSection } from '../sections/comparisons.js';
import { drawnSection } from '../sections/drawn.js';
import { findingsSection } from '../sections/findings.js';
import { groupsSection } from '../sections/groups.js';
import { humanBaselineSection } from '../sections/human-baseline.js';
import { inequalitySection } from '../sections/inequality.js';
import { limitsSection } from '../sections/method.js';
import { scoresSection } from '../sections/scores.js';
import { testsSection } from '../sections/tests.js';
import { documentStyles } from '../styles/document.css.js';
import { reportStyles } from '../styles/styles.js';
import type { ReportDocumentOptions } from './options.js';
import { evidence, planAndMethod } from './proof.js';
import { summary } from './summary.js';

type Section = readonly [id: string, title: string, content: Html];

/**
 * A whole report as one HTML file for people: a summary in plain words, then findings, figures, comparisons, method and
 * plan, limits and evidence. It holds its style and nothing that runs; it asks for nothing and prints on A4. The file is
 * written beside `report.json`, to which it refers for what it leaves out.
 *
 * @example
 * reportDocument(report, { subject: 'the decisions in people.csv', kind: 'decisions', data: 'people.csv', command: null });
 */
export function reportDocument(report: AuditReport, options: ReportDocumentOptions): string {
  const subject = isolated(shortened(options.subject, 200));
  const optional = (id: string, title: string, content: Html | null): readonly Section[] =>
    content === null ? [] : [[id, title, content]];
  const sections: readonly Section[] = [
    ['summary', 'In short', summary(report, subject, options)],
    ['findings', 'Findings', findingsSection(report)],
    ['groups', 'Group by group', groupsSection(report)],
    ['comparisons', 'The comparisons', comparisonsSection(report)],
    ...optional('tests', 'Chance, and what could be seen', testsSection(report)),
    ...optional('scores', 'The scores', scoresSection(report)),
    ...optional('inequality', 'Inequality', inequalitySection(report)),
    ...optional('drawn', 'What draws show', drawnSection(report)),
    ...optional('cities', 'City by city', citiesSection(report)),
    ...optional('people', 'The model and people', humanBaselineSection(report)),
    ['method', 'Method and plan', planAndMethod(report)],
    ['limits', 'What this report does not examine', limitsSection(report)],
    ['evidence', 'Evidence, and how to compute it again', evidence(report, subject, options)],
  ];
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
<p>Computed by ${report.software.name} ${report.software.version} from counts; no row of the data is in this file. It runs no script and asks for nothing. The same report as data stands beside it as <code>report.json</code>.</p>
</footer>
</body>
</html>
`;
  // The sheets are constants of this library: nothing from outside stands in an element that the template cannot escape.
  return `<!doctype html>\n${head}\n<style>${reportStyles}${documentStyles}</style>\n${body}`;
}
