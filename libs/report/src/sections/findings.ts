import { type AuditReport, type Finding, findingTypes } from '@hansa/fair';
import { type Html, html } from '../html.js';
import { outcomeWords } from '../metric-words.js';
import { isolated } from '../names.js';

const severities: Readonly<Record<Finding['severity'], string>> = {
  high: 'High',
  medium: 'Medium',
  low: 'Note',
};

/** Harm first; then what else a reader must know. Each part begins with the gravest. */
export function findingsSection({ findings, plan, verdict }: AuditReport): Html {
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

function item({ severity, text, type }: Finding): Html {
  return html`<li class="finding finding-${severity}"><b class="severity">${severities[severity]}</b><span>${isolated(text)}${term(type)}</span></li>
`;
}

/** What the vocabulary of the W3C community calls it; our own terms only repeat the sentence. */
function term(iri: string): Html | null {
  const [, name] = /^https:\/\/w3id\.org\/dpv\/.*[#/](\w+)$/.exec(iri) ?? [];
  return name === undefined ? null : html` <a class="quiet" href="${iri}" rel="noreferrer">DPV: ${name}</a>`;
}
