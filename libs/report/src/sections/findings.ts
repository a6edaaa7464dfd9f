import {
  type AnsweredFinding,
  type AuditReport,
  answeredFindings,
  type Finding,
  findingId,
  findingTypes,
} from '@hansa/fair';
import { unbroken } from '../format.js';
import { type Html, html } from '../html.js';
import { outcomeWords } from '../metric-words.js';
import { isolated } from '../names.js';

const severities: Readonly<Record<Finding['severity'], string>> = {
  high: 'High',
  medium: 'Medium',
  low: 'Note',
};

/**
 * Harm first; then what else a reader must know. Each part begins with the gravest.
 *
 * @param answers what was said about the findings after the report; without it what the plan says about owner and term.
 */
export function findingsSection(report: AuditReport, answers?: readonly AnsweredFinding[]): Html {
  const { findings, plan, verdict } = report;
  const known = new Map((answers ?? answeredFindings(report, [], '')).map((answer) => [answer.finding, answer]));
  const item = (finding: Finding): Html => itemOf(finding, answerWords(finding, report, known.get(findingId(finding))));
  const harms = findings.filter(({ type }) => type === findingTypes.unequalTreatment);
  const notes = findings.filter(({ type }) => type !== findingTypes.unequalTreatment);
  const { positive } = outcomeWords(plan.outcome);
  const meaning =
    plan.outcome.polarity === 'benefit'
      ? `To get “${positive}” is good for those concerned: whoever gets it too rarely is worse off.`
      : `To get “${positive}” is a burden for those concerned: whoever gets it too often is worse off.`;
  const none =
    verdict.outcome === 'pass'
      ? 'No group that could be judged is beyond the margins.'
      : 'No harm was shown, which is not the same as no harm: see what could not be judged.';
  return html`<p>${meaning}</p>
${harms.length === 0 ? html`<p>${none}</p>` : html`<ul class="findings">${harms.map(item)}</ul>`}
${notes.length === 0 ? null : html`<h3>What else to know</h3>\n<ul class="findings">${notes.map(item)}</ul>`}`;
}

/** One finding, and what was answered to it. */
export function itemOf({ severity, text, type }: Finding, answer: Html | null): Html {
  return html`<li class="finding finding-${severity}"><b class="severity">${severities[severity]}</b><span>${unbroken(isolated(text))}${term(type)}</span>${answer}</li>
`;
}

const states: Readonly<Record<AnsweredFinding['state'], string>> = {
  open: 'Open',
  accepted: 'Accepted',
  resolved: 'Resolved',
};

/** Who answers for it, until when, and what came of it; null where nobody ever said anything about that. */
function answerWords({ severity }: Finding, { plan }: AuditReport, answer: AnsweredFinding | undefined): Html | null {
  const days = plan.responses?.days[severity];
  if (answer === undefined || (plan.responses === undefined && isUnanswered(answer))) return null;
  const { state, owner, due, reason, evidence, isOverdue } = answer;
  const term = due === null ? (days === undefined ? null : `due within ${days} days of the report`) : `due ${due}`;
  const words = [owner === null ? null : `owner: ${isolated(owner)}`, term].filter((part) => part !== null);
  return html`<p class="answer quiet"><b>${states[state]}${isOverdue ? ', overdue' : ''}</b>${words.length > 0 ? `; ${words.join('; ')}` : ''}.${reason === null ? null : html` Reason: ${isolated(reason)}`}${evidence === null ? null : html` Evidence: ${isolated(evidence)}`}</p>`;
}

function isUnanswered({ state, owner, due, reason, evidence }: AnsweredFinding): boolean {
  return state === 'open' && owner === null && due === null && reason === null && evidence === null;
}

/** What the vocabulary of the W3C community calls it; our own terms only repeat the sentence. */
function term(iri: string): Html | null {
  const [, name] = /^https:\/\/w3id\.org\/dpv\/.*[#/](\w+)$/.exec(iri) ?? [];
  return name === undefined ? null : html` <a class="quiet" href="${iri}" rel="noreferrer">DPV: ${name}</a>`;
}
