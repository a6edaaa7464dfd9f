import type { AuditReport } from '@hansa/fair';
import type { Html } from '../html.js';
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
import type { ReportDocumentOptions } from './options.js';
import { page, type Section } from './page.js';
import { evidence, planAndMethod } from './proof.js';
import { summary } from './summary.js';

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
  return page({ subject, sections, software: report.software });
}
