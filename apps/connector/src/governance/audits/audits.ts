import { type Digest, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { Transaction } from '@hansa/platform';
import { type DataSource, In } from 'typeorm';
import { auditSchema, issuedReportSchema, type StoredAudit } from './audit.entities.js';
import type { Audit, AuditState, DoneAudit, DoneState, IssuedReport } from './audit.js';

type NotFound = Problem<'audit.not-found'>;

/** The audits of this node. */
export class Audits {
  constructor(private readonly dataSource: DataSource) {}

  async add(tx: Transaction, audit: Audit): Promise<void> {
    const modelId = audit.subject.kind === 'model' ? audit.subject.modelId : null;
    await tx.manager.insert(auditSchema, { ...audit, ...stateColumns(audit.state), modelId });
  }

  async isIndexTaken(tx: Transaction, statusIndex: number): Promise<boolean> {
    return tx.manager.existsBy(auditSchema, { statusIndex });
  }

  async find(id: string): Promise<Result<Audit, NotFound>> {
    const row = await this.dataSource.manager.findOneBy(auditSchema, { id });
    return row ? ok(toAudit(row)) : notFound(id);
  }

  /** Locked until the end of the transaction. */
  async lock(tx: Transaction, id: string): Promise<Result<Audit, NotFound>> {
    const row = await tx.manager.findOne(auditSchema, { where: { id }, lock: { mode: 'pessimistic_write' } });
    return row ? ok(toAudit(row)) : notFound(id);
  }

  async save(tx: Transaction, id: string, state: AuditState): Promise<void> {
    await tx.manager.update(auditSchema, { id }, stateColumns(state));
  }

  /** How far a run has come; nothing once the audit has ended. */
  async saveProgress(id: string, done: number, total: number): Promise<void> {
    const where = { id, status: In(['queued', 'running']) };
    await this.dataSource.manager.update(auditSchema, where, stateColumns({ status: 'running', done, total }));
  }

  async addReport(tx: Transaction, auditId: string, issued: IssuedReport): Promise<void> {
    await tx.manager.insert(issuedReportSchema, { auditId, ...issued });
  }

  /** Only further signatures may be in the new one; the caller has looked. */
  async replaceCredential(tx: Transaction, auditId: string, credential: string): Promise<void> {
    await tx.manager.update(issuedReportSchema, { auditId }, { credential });
  }

  /** The report and the credential of an audit that is done. */
  async report(auditId: string, tx?: Transaction): Promise<Result<IssuedReport, Problem<'audit.not-found'>>> {
    const found = await (tx ?? this.dataSource).manager.findOneBy(issuedReportSchema, { auditId });
    if (found) return ok({ report: found.report, credential: found.credential });
    return refuse('audit.not-found', `There is no report of ${auditId}: only an audit that is done has one.`);
  }

  async list(limit: number, offset: number): Promise<readonly Audit[]> {
    const order = { plannedAt: 'DESC', id: 'ASC' } as const;
    const rows = await this.dataSource.manager.find(auditSchema, { order, take: limit, skip: offset });
    return rows.map(toAudit);
  }

  /** Audits with a verdict, newest first; of one model when it is named. */
  async listDone(limit: number, modelId?: string): Promise<readonly DoneAudit[]> {
    const where = { status: 'done', ...(modelId === undefined ? {} : { modelId }) };
    const order = { issuedAt: 'DESC', id: 'ASC' } as const;
    const rows = await this.dataSource.manager.find(auditSchema, { where, order, take: limit });
    return rows.map((row) => toAudit(row) as DoneAudit);
  }

  /** The newest audit with a verdict of the model with these bytes, under whatever name it is registered. */
  async newestOf(digest: Digest): Promise<DoneAudit | null> {
    const row = await this.dataSource.manager
      .createQueryBuilder(auditSchema, 'a')
      .where(`a.status = 'done' AND a.modelId IN (SELECT id FROM model WHERE digest = :digest)`, { digest })
      .orderBy('a.issuedAt', 'DESC')
      .addOrderBy('a.id')
      .getOne();
    return row ? (toAudit(row) as DoneAudit) : null;
  }

  /** @param federated whether of several cities, or of this node alone. */
  async unfinished(federated: boolean): Promise<readonly string[]> {
    const where = { status: In(['queued', 'running']) };
    const rows = await this.dataSource.manager.find(auditSchema, { where, select: { id: true, subject: true } });
    return rows.map(toAudit).flatMap(({ id, subject }) => ((subject.kind === 'federation') === federated ? id : []));
  }

  async revokedIndices(): Promise<readonly number[]> {
    const select = { id: true, statusIndex: true } as const;
    const rows = await this.dataSource.manager.find(auditSchema, { where: { isRevoked: true }, select });
    return rows.map(({ statusIndex }) => statusIndex);
  }
}

function stateColumns(state: AuditState) {
  const { status } = state;
  const done: DoneState | null = status === 'done' ? state : null;
  return {
    state,
    status,
    issuedAt: done ? new Date(done.outcome.issuedAt) : null,
    isRevoked: done !== null && done.revocation !== null,
  };
}

function toAudit({ status: _, modelId: __, issuedAt: ___, isRevoked: ____, ...audit }: StoredAudit): Audit {
  return audit as Audit;
}

function notFound(id: string): Result<never, NotFound> {
  return refuse('audit.not-found', `This node has no audit ${id}.`);
}
