import { comparedBy, type Finding, findingTypes, type TaskPlan, type TaskReport, taskReportBytes } from '@hansa/fair';
import { digestOf } from '@hansa/kernel';
import { digest, facts } from '../components/facts.js';
import { count, decimal, list } from '../format.js';
import { type Html, html } from '../html.js';
import { attributeWords, isolated, shortened } from '../names.js';
import { classesSection } from '../sections/classes.js';
import { itemOf } from '../sections/findings.js';
import { taskReasons } from '../sections/task-gaps.js';
import { verdictBox, verdictSentence } from '../sections/verdict.js';
import { taskMetricTitle } from '../task-words.js';
import type { ReportDocumentOptions } from './options.js';
import { page, type Section } from './page.js';
import { computeAgain } from './proof.js';
import { sentences } from './summary.js';

/**
 * A report on another task than yes-or-no decisions as one HTML file for people, in the same order and style.
 *
 * @example
 * taskDocument(report, { subject: 'the decisions in jobs.csv', kind: 'decisions', data: 'jobs.csv', command: null });
 */
export function taskDocument(report: TaskReport, options: ReportDocumentOptions): string {
  const subject = isolated(shortened(options.subject, 200));
  const optional = (id: string, title: string, content: Html | null): readonly Section[] =>
    content === null ? [] : [[id, title, content]];
  const sections: readonly Section[] = [
    ['summary', 'In short', summary(report, subject, options)],
    ['findings', 'Findings', findings(report)],
    ...optional('groups', 'Class by class', classesSection(report)),
    ['method', 'Method and plan', planAndMethod(report)],
    ['limits', 'What this report does not examine', limits(report)],
    ['evidence', 'Evidence, and how to compute it again', evidence(report, subject, options)],
  ];
  return page({ subject, sections, software: report.software });
}

function summary(
  { plan, verdict, data, findings: all }: TaskReport,
  subject: string,
  options: ReportDocumentOptions,
): Html {
  const by = comparedBy(plan).map((attribute) => attributeWords(attribute, plan));
  const harms = all.filter(isHarm);
  const margins = { one: 'of the plan', many: 'of the plan' };
  return verdictBox({
    standing: verdict.outcome,
    notice: null,
    lead: html`This audit asks whether groups are treated alike by ${subject}, and compares them by ${list(by)}. It looked at ${count(data.rows)} rows (${isolated(options.data)}) for which the true answer is known. ${verdictSentence(verdict, margins)}`,
    rest: html`<h3>Between whom are the gaps?</h3>
${harms.length > 0 ? sentences(harms, 'More of them are under “Findings”.') : none(verdict.outcome)}`,
  });
}

const isHarm = ({ type }: Finding): boolean => type === findingTypes.unequalTreatment;

function none(outcome: TaskReport['verdict']['outcome']): Html {
  return outcome === 'pass'
    ? html`<p>No group that could be judged is beyond the margins.</p>`
    : html`<p>No harm was shown, which is not the same as no harm: see what could not be judged.</p>`;
}

function findings({ findings: all, verdict, plan }: TaskReport): Html {
  const [harms, notes] = [all.filter(isHarm), all.filter((finding) => !isHarm(finding))];
  const item = (finding: Finding): Html => itemOf(finding, null);
  return html`${harms.length === 0 ? none(verdict.outcome) : html`<ul class="findings">${harms.map(item)}</ul>`}
${notes.length === 0 ? null : html`<h3>What else to know</h3>\n<ul class="findings">${notes.map(item)}</ul>`}
<h3>Margin by margin</h3>
${taskReasons(verdict.reasons, plan)}`;
}

function planAndMethod({ plan, planDigest }: TaskReport): Html {
  const metrics: readonly TaskPlan['metrics'][number][] = plan.metrics;
  return html`<p class="callout">This file cannot prove that the plan came before the results. Whoever needs that puts the plan’s digest on record first, and compares it with the one below.</p>
${facts([
  ['Question', isolated(plan.outcome.name)],
  ['Groups compared by', list(comparedBy(plan).map((attribute) => attributeWords(attribute, plan)))],
  ['Digest of the plan', digest(planDigest)],
])}
<h3>What is measured, and how far groups may be apart</h3>
<ul class="metrics">${metrics.map(
    ({ metric, margin, reason }) => html`<li>
<p><b>${taskMetricTitle(metric)}: at most ${margin}.</b> <code>${metric}</code></p>
<p>${reason}</p>
</li>
`,
  )}</ul>
<h3>When a group is judged, and how the verdict is reached</h3>
<ul>
<li>A group is judged from ${count(plan.floors.group)} rows on. What was answered in the group plays no part, so a group is never left out because the model fails it.</li>
<li>The largest gap between judged groups is held against the margin with its interval: broken when all of it lies beyond the margin, kept when all of it lies within, and else not judged. With ${decimal(plan.level * 100)} % confidence none of all planned gaps is judged wrongly.</li>
<li>At most ${decimal(plan.rule.unjudgedShare * 100)} % of the rows may be in groups that are too small; with more there is no pass.</li>
</ul>
<h3>How the figures were computed</h3>
<p>${methods[plan.task]} No row of the data is part of this report.</p>`;
}

const methods: Readonly<Record<TaskPlan['task'], string>> = {
  multiclass:
    'All figures are computed from counts of labels and answers. Shares have Wilson’s score intervals (1927), their gaps Newcombe’s (1998); mean recall and precision of classes have intervals made of Wilson’s (MOVER, Zou and Donner 2008), other averages Wilson’s for as many rows as give the variance of the delta method. A class without rows is left out of an average and named.',
};

function limits({ plan }: TaskReport): Html {
  return html`<ul>
<li>A pass does not prove that the answers are right, useful or lawful. It says that on these data the planned gaps kept to their margins.</li>
<li>Groups were compared by ${list(comparedBy(plan).map((attribute) => attributeWords(attribute, plan)))}; why they differ was not examined.</li>
<li>What counts as true is what the data say. If they are wrong for some groups more than for others, so is this report.</li>
<li>Which answer is good for whom nobody said here: a gap is a difference, and not yet a harm.</li>
<li>Another version of the model, or other data, need another audit.</li>
</ul>`;
}

function evidence(report: TaskReport, subject: string, options: ReportDocumentOptions): Html {
  const { data, more = [], command, content = taskReportBytes(report) } = options;
  return html`${facts([
    ['Audited', subject],
    ['Digest of the decisions', digest(report.model.digest)],
    ['Data', isolated(data)],
    ['Rows', count(report.data.rows)],
    ...more.map(([name, value]) => [name, isolated(value)] as const),
    ['Digest of the data', digest(report.data.digest)],
    ['Digest of the plan', digest(report.planDigest)],
    ['Digest of the report', digest(digestOf(content))],
    ['Software', `${report.software.name} ${report.software.version}`],
  ])}
${computeAgain(command)}`;
}
