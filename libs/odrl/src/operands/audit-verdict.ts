import type { AuditFact, Situation } from '../facts.js';
import { type Finding, momentText, type Operand } from '../operand.js';
import { hansaNamespace } from '../terms.js';
import { shown } from '../words.js';

const verdicts: readonly string[] = ['pass', 'fail', 'insufficient-data'];

/** The audit that counts at a moment, or the finding that there is none. */
type CurrentAudit = { readonly audit: AuditFact } | { readonly audit?: undefined; readonly finding: Finding };

/** A revoked audit, or one from the future, says nothing about the model, neither good nor bad. */
export function currentAudit({ facts: { audit }, now }: Situation): CurrentAudit {
  const none = (code: string, actual: string) => ({ finding: { state: 'unknown', actual, code } as const });
  if (audit === undefined) return none('audit.missing', 'no valid audit of the model exists');
  if (audit.revoked) return none('audit.revoked', 'the audit of the model is revoked');
  return audit.issuedAt.getTime() <= now.getTime()
    ? { audit }
    : none('audit.missing', `the audit is dated ${momentText(audit.issuedAt)}, which is not in the past`);
}

/** `hansa:auditVerdict`: the verdict of the newest valid audit of the model; `eq pass`, `eq fail`, …. */
export const auditVerdictOperand: Operand = {
  iri: `${hansaNamespace}auditVerdict`,
  operators: ['eq'],
  complaint: ({ type, value }) =>
    type === undefined && verdicts.includes(value) ? undefined : `not one of ${verdicts.join(', ')}`,
  phrase: (_operator, [expected]) => `the model's audit has the verdict ${shown(expected?.value ?? '')}`,
  examine: (_operator, [expected], situation) => {
    const current = currentAudit(situation);
    if (current.audit === undefined) return current.finding;
    const { verdict } = current.audit;
    return {
      state: verdict === expected?.value ? 'satisfied' : 'unsatisfied',
      actual: `the verdict is ${verdict}`,
      code: 'audit.verdict',
    };
  },
};
