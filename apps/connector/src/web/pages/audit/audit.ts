import {
  citiesSection,
  comparisonsSection,
  drawnSection,
  findingsSection,
  groupsSection,
  type Html,
  html,
  inequalitySection,
  limitsSection,
  methodSection,
  scoresSection,
  testsSection,
} from '@hansa/report';
import { explanationBlock } from '../../components/explanation.js';
import { page } from '../../components/layout.js';
import { paths } from '../../paths.js';
import type { AuditPageView } from '../../view.js';
import { changedSince } from './changes.js';
import { auditedSection, verifySection } from './evidence.js';
import { recordedPlan } from './plan.js';
import { summarySection } from './summary.js';

type Section = readonly [id: string, title: string, content: Html];

/** The report of an audit for everybody: what was found in words first, then the numbers, then how to check them. */
export function auditPage({ node, audit }: AuditPageView): string {
  const { report, subject, id, explanation } = audit;
  const optional = (anchor: string, title: string, content: Html | null): readonly Section[] =>
    content === null ? [] : [[anchor, title, content]];
  const sections: readonly Section[] = [
    ['findings', 'Who is harmed', findingsSection(report, audit.answers)],
    ['plan', 'What was asked, and fixed beforehand', recordedPlan(audit)],
    ['groups', 'Group by group', groupsSection(report)],
    ['comparisons', 'The comparisons', comparisonsSection(report)],
    ...optional('tests', 'Chance, and what could be seen', testsSection(report)),
    ...optional('scores', 'The scores', scoresSection(report)),
    ...optional('inequality', 'Inequality', inequalitySection(report)),
    ...optional('drawn', 'What draws show', drawnSection(report)),
    ...optional('cities', 'City by city', citiesSection(report)),
    ...optional(
      'changes',
      'Compared with the audit before',
      audit.previous ? changedSince(audit, audit.previous) : null,
    ),
    ...(explanation ? [['explanation', 'One answer explained', explanationBlock(explanation)] as const] : []),
    ['evidence', 'Data and model', auditedSection(audit)],
    ['method', 'Method', methodSection(report)],
    ['limits', 'What this audit does not say', limitsSection(report)],
    ['verify', 'Check it yourself', verifySection(node, audit)],
  ];
  const content = html`<article>
${summarySection(node, audit)}
<nav aria-label="On this page" class="contents">
<ol>${sections.map(([anchor, title]) => html`<li><a href="#${anchor}">${title}</a></li>`)}</ol>
</nav>
${sections.map(
  ([anchor, title, body]) => html`<section aria-labelledby="${anchor}">
<h2 id="${anchor}">${title}</h2>
${body}
</section>
`,
)}</article>`;
  const title = `Audit of ${subject}`;
  return page({ node, title, section: 'register', content, alternate: paths.report(id) });
}
