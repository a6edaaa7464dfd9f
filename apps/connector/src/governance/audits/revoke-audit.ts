import { type Clock, ok, type Result, refuse } from '@hansa/kernel';
import type { UnitOfWork } from '@hansa/platform';
import type { Ledger } from '../../ledger/index.js';
import { type Audit, isDone } from './audit.js';
import type { Audits } from './audits.js';

/** Takes the credential of an audit back: policies stop to accept it at once, others when they fetch the list again. */
export class RevokeAudit {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audits: Audits,
    private readonly ledger: Ledger,
    private readonly clock: Clock,
  ) {}

  run(id: string, reason: string): Promise<Result<Audit>> {
    return this.unitOfWork.run(async (tx): Promise<Result<Audit>> => {
      const found = await this.audits.lock(tx, id);
      if (!found.ok) return found;
      const audit = found.value;
      if (!isDone(audit))
        return refuse('audit.conflict', `The audit is ${audit.state.status}; only one with a verdict can be revoked.`);
      if (audit.state.revocation) return refuse('audit.conflict', 'The audit was revoked already.');
      const revoked = { ...audit.state, revocation: { at: this.clock.now().toISOString(), reason } };
      await this.audits.save(tx, id, revoked);
      const { reportDigest } = audit.state.outcome;
      const subjects = [id, ...(audit.subject.kind === 'model' ? [audit.subject.modelId] : [])];
      await this.ledger.append(tx, { kind: 'audit.revoked', subjects, data: { reason, reportDigest } });
      return ok({ ...audit, state: revoked });
    });
  }
}
