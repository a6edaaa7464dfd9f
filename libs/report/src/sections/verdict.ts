import type { AuditReport, TaskVerdict, Verdict } from '@hansa/fair';
import { type Standing, standingSymbol, standingWords } from '../components/standing-badge.js';
import { type Html, html } from '../html.js';
import { metricTitle } from '../metric-words.js';
import { attributeWords, isolated } from '../names.js';

/** What stands around the verdict of a report. */
export interface VerdictParts {
  readonly standing: Standing;
  /** What must be known before anything else, for instance that the audit was revoked. */
  readonly notice: Html | null;
  /** What was done and found, for somebody who has never seen such a report. */
  readonly lead: Html;
  readonly rest: Html;
}

/** The verdict in words and as a symbol, one paragraph that needs no knowledge, and what the page puts beneath. */
export function verdictBox({ standing, notice, lead, rest }: VerdictParts): Html {
  return html`<div class="verdict verdict-${standing}">
<p class="verdict-words">${standingSymbol(standing)}${standingWords[standing]}</p>
${notice}
<p class="lead">${lead}</p>
${rest}
</div>`;
}

/** A reason for each margin. */
export function reasonsList({ verdict, plan }: AuditReport): Html {
  return html`<ul class="reasons">
${verdict.reasons.map(
  ({
    outcome,
    metric,
    attribute,
    text,
  }) => html`<li class="reason-${outcome}">${standingSymbol(outcome)}<span><b>${outcomeNames[outcome]}: ${metricTitle(metric, plan)}, by ${attributeWords(attribute, plan)}.</b> <span class="quiet">${isolated(text)}</span></span></li>
`,
)}</ul>`;
}

export const outcomeNames: Readonly<Record<Verdict['outcome'], string>> = {
  pass: 'Kept',
  fail: 'Broken',
  'insufficient-data': 'Not judged',
};

/**
 * What the verdict means, in one or two sentences.
 *
 * @param margins where the margins come from, as a clause: `that were fixed before the results were seen`.
 */
export function verdictSentence(
  { outcome, reasons }: Verdict | TaskVerdict,
  margins: { one: string; many: string },
): string {
  const n = reasons.length;
  const broken = reasons.filter((reason) => reason.outcome === 'fail').length;
  const open = reasons.filter((reason) => reason.outcome === 'insufficient-data').length;
  switch (outcome) {
    case 'pass':
      return n === 1
        ? `The gap between groups kept to the margin ${margins.one}.`
        : `${n === 2 ? 'Both' : `All ${n}`} gaps between groups kept to the margins ${margins.many}.`;
    case 'fail':
      return n === 1
        ? `The gap between groups broke the margin ${margins.one}.`
        : `${broken} of ${n} gaps between groups broke the margins ${margins.many}.`;
    case 'insufficient-data':
      return `No margin was broken, but for ${open} of ${n} comparisons there were too few cases to say that it was kept. That is not a pass.`;
  }
}
