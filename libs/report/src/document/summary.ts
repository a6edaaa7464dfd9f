import { type AuditReport, comparedBy, type Finding, findingTypes, isHeadline } from '@hansa/fair';
import { count, counted, decimal, list, unbroken } from '../format.js';
import { type Html, html } from '../html.js';
import { outcomeWords } from '../metric-words.js';
import { attributeWords, groupName, isolated } from '../names.js';
import { groupsOf } from '../rate-figure.js';
import { verdictBox, verdictSentence } from '../sections/verdict.js';
import type { ReportDocumentOptions } from './options.js';

const most = 3;

/** The verdict, and three answers for somebody who reads nothing else: who is harmed, how sure, what about the data. */
export function summary(report: AuditReport, subject: string, { data }: ReportDocumentOptions): Html {
  const { plan, verdict } = report;
  const by = comparedBy(plan).map((attribute) => attributeWords(attribute, plan));
  const { cases } = outcomeWords(plan.outcome);
  const margins = { one: 'of the plan', many: 'of the plan' };
  return verdictBox({
    standing: verdict.outcome,
    notice: null,
    lead: html`This audit asks whether groups are treated alike by ${subject}, and compares them by ${list(by)}. It looked at ${count(report.data.rows)} ${isolated(cases)} (${isolated(data)}) for which the true answer is known. ${verdictSentence(verdict, margins)}`,
    rest: html`<h3>Who is harmed?</h3>
${whoIsHarmed(report)}
<h3>How sure is that?</h3>
${howSure(report)}
${whatExcludesWhat(report)}<h3>What is wrong with the data?</h3>
${dataTrouble(report)}`,
  });
}

function whoIsHarmed({ findings, verdict }: AuditReport): Html {
  const harms = findings.filter(({ type }) => type === findingTypes.unequalTreatment);
  if (harms.length > 0) return sentences(harms, 'More of them are under “Findings”.');
  return verdict.outcome === 'pass'
    ? html`<p>No group that could be judged is beyond the margins.</p>`
    : html`<p>No harm was shown. That is not the same as no harm: too little could be judged.</p>`;
}

/** The first findings as sentences. */
export function sentences(findings: readonly Finding[], more: string): Html {
  const shown = findings.slice(0, most);
  return html`<ul>${shown.map(({ text }) => html`<li>${unbroken(isolated(text))}</li>`)}</ul>
${findings.length > most ? html`<p>${more}</p>` : null}`;
}

/** How many of the answers would also stand at the cautious end of their interval. */
function howSure(report: AuditReport): Html {
  const { verdict, plan } = report;
  const open = verdict.reasons.filter(({ outcome }) => outcome === 'insufficient-data').length;
  const told: string[] = [
    ...certainty(report, 'fail', 'broken'),
    ...certainty(report, 'pass', 'kept'),
    ...(open > 0
      ? [`For ${counted(open, 'margin', 'margins')} there were too few cases to say whether it is kept.`]
      : []),
  ];
  if (plan.rule.kind === 'interval')
    told.push(
      `The interval allows for having picked the widest of all gaps, and for ${counted(verdict.reasons.length, 'comparison', 'comparisons')} together.`,
    );
  const isOfMany = comparedBy(plan).some((attribute) => groupsOf(attribute, report).length > 2);
  const picked =
    'This takes the two groups as given. Where they are the ends of many, the sentence with each figure says whether the gap is also too wide for that.';
  return html`<p>${told.join(' ')}${plan.rule.kind !== 'interval' && isOfMany && open < verdict.reasons.length ? ` ${picked}` : ''}</p>`;
}

function certainty({ verdict, plan }: AuditReport, outcome: 'pass' | 'fail', verb: string): readonly string[] {
  const sure = verdict.reasons.flatMap((reason) => (reason.outcome === outcome ? [reason.survivesInterval] : []));
  const [all, firm] = [sure.length, sure.filter(Boolean).length];
  const interval = `the ${decimal(plan.level * 100)}\u00A0% interval`;
  if (all === 0) return [];
  const [one, margins] = [all === 1, counted(all, 'margin', 'margins')];
  if (firm === all)
    return [
      `${margins} ${one ? 'is' : 'are'} ${verb}, and would be so even at the cautious end of ${interval}, so chance alone hardly explains it.`,
    ];
  if (firm === 0)
    return [
      `${margins} ${one ? 'is' : 'are'} ${verb}, but would not be at the cautious end of ${interval}, so it may be chance.`,
    ];
  return [
    `${margins} are ${verb}: ${count(firm)} even at the cautious end of ${interval}, while for the other ${count(all - firm)} it may be chance.`,
  ];
}

/** Nothing is wrong with such data: two demands cannot both be met, and the reader has to choose. */
function whatExcludesWhat({ findings }: AuditReport): Html | null {
  const [first] = findings.filter(({ type }) => type === findingTypes.incompatibleDemands);
  return first
    ? html`<h3>What cannot be had together?</h3>
${sentences([first], '')}
`
    : null;
}

/** Findings about the data, and who could not be judged, in words instead of metrics. */
function dataTrouble(report: AuditReport): Html {
  const aboutGroups: readonly string[] = [
    findingTypes.unequalTreatment,
    findingTypes.groupNotJudged,
    findingTypes.smallGroupHeadline,
    findingTypes.worseThanPeople,
    findingTypes.incompatibleDemands,
  ];
  const defects = report.findings.filter(({ type }) => !aboutGroups.includes(type));
  const small = comparedBy(report.plan).flatMap((attribute) => tooFew(attribute, report));
  const none = small.length === 0 ? html`<p>Every group was large enough to be judged.</p>` : null;
  return html`${defects.length === 0 ? null : sentences(defects, 'There is more, under “Findings”.')}
${small.length === 0 ? none : html`<ul>${small.map((text) => html`<li>${text}</li>`)}</ul>`}
<p class="quiet">Whether the answers recorded as true are right cannot be seen from counts.</p>`;
}

/** `By race, 1 group could not be judged by every measure, with 18 of 7,214 defendants: Native American.` */
function tooFew(attribute: string, { comparisons, plan, data }: AuditReport): readonly string[] {
  const planned = comparisons.filter(
    (c) =>
      isHeadline(c) &&
      c.groups === 'judged' &&
      c.attribute === attribute &&
      plan.metrics.some(({ metric }) => metric === c.metric),
  );
  const rows = new Map(planned.flatMap(({ leftOut }) => leftOut.map(({ group, n }) => [group, n] as const)));
  if (rows.size === 0) return [];
  const known = [...rows.values()].reduce<number>((sum, n) => sum + (n ?? 0), 0);
  const { cases } = outcomeWords(plan.outcome);
  const names = [...rows.keys()].slice(0, most).map((group) => groupName(group));
  const named = rows.size > most ? [...names, `${count(rows.size - most)} more`] : names;
  return [
    `By ${attributeWords(attribute, plan)}, ${counted(rows.size, 'group', 'groups')} could not be judged by every measure, with ${count(known)} of ${count(data.rows)} ${isolated(cases)}: ${list(named)}.`,
  ];
}
