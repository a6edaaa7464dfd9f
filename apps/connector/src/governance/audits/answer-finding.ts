import type { AnsweredFinding, FindingAnswer } from '@hansa/fair';
import { ok, type Result, refuse } from '@hansa/kernel';
import type { UnitOfWork } from '@hansa/platform';
import type { Ledger } from '../../ledger/index.js';
import type { AuditResponses } from './audit-responses.js';
import type { Audits } from './audits.js';

/** What somebody says about a finding; what is left out stays as it was. */
export type AnswerChange = Partial<Omit<FindingAnswer, 'finding'>>;

/** Puts on record who answers for a finding, until when, and what came of it. The signed report stays as it is. */
export class AnswerFinding {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audits: Audits,
    private readonly responses: AuditResponses,
    private readonly ledger: Ledger,
  ) {}

  run(id: string, name: string, change: AnswerChange): Promise<Result<readonly AnsweredFinding[]>> {
    return this.unitOfWork.run(async (tx): Promise<Result<readonly AnsweredFinding[]>> => {
      const audit = await this.audits.lock(tx, id);
      if (!audit.ok) return audit;
      const issued = await this.audits.report(id, tx);
      if (!issued.ok) return issued;
      const findings = await this.responses.of(id, issued.value, tx);
      const found = findings.find(({ finding }) => finding === name);
      if (!found) return refuse('audit.not-found', `The audit ${id} has no finding ${name}.`);
      const { finding, state, owner, due, reason, evidence } = found;
      const said: FindingAnswer = { finding, state, owner, due, reason, evidence, ...change };
      if (said.state === 'accepted' && said.reason === null)
        return refuse('audit.invalid-answer', 'Say why the finding is accepted.', '/reason');
      if (said.state === 'resolved' && said.evidence === null)
        return refuse('audit.invalid-answer', 'Name what shows that the finding is resolved.', '/evidence');
      await this.responses.save(tx, id, said);
      await this.ledger.append(tx, { kind: 'audit.finding-answered', subjects: [id], data: { ...said } });
      return ok(
        findings.map((one) => (one.finding === name ? { ...one, ...said, isOverdue: isStillOverdue(one, said) } : one)),
      );
    });
  }
}

/** A new term is looked at the next time the findings are read; until then nothing is called overdue that was not. */
function isStillOverdue(before: AnsweredFinding, { state, due }: FindingAnswer): boolean {
  return before.isOverdue && state === 'open' && due === before.due;
}
