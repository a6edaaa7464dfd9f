import { type Did, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { Transaction } from '@hansa/platform';
import { Any, type DataSource, In, Not } from 'typeorm';
import { type TransferRow, transferSchema } from './transfer.schema.js';
import type { TransferRecord } from './transfer-record.js';

type NotFound = Problem<'transfer.not-found'>;

/** The transfer processes of this node. What is loaded in a transaction is locked until its end. */
export class Transfers {
  constructor(private readonly dataSource: DataSource) {}

  async insert(tx: Transaction, record: TransferRecord): Promise<void> {
    await tx.manager.insert(transferSchema, toRow(record));
  }

  async save(tx: Transaction, record: TransferRecord): Promise<void> {
    const { id, ...row } = toRow(record);
    await tx.manager.update(transferSchema, { id }, row);
  }

  /** Also not found when it belongs to somebody else: a stranger learns nothing about foreign pids. */
  async lock(tx: Transaction, id: string, counterparty?: Did): Promise<Result<TransferRecord, NotFound>> {
    const where = counterparty === undefined ? { id } : { id, counterparty };
    const row = await tx.manager.findOne(transferSchema, { where, lock: { mode: 'pessimistic_write' } });
    return row ? ok(row as TransferRow) : notFound(id);
  }

  async find(id: string, counterparty?: Did): Promise<Result<TransferRecord, NotFound>> {
    const where = counterparty === undefined ? { id } : { id, counterparty };
    const row = await this.dataSource.manager.findOneBy(transferSchema, where);
    return row ? ok(row as TransferRow) : notFound(id);
  }

  async findAll(ids: readonly string[]): Promise<readonly TransferRecord[]> {
    return (await this.dataSource.manager.findBy(transferSchema, { id: Any([...new Set(ids)]) })) as TransferRow[];
  }

  /** The provider's transfer that this consumer has requested under its pid (idempotent by `consumerPid`, DSP §9.2.1). */
  async findRequested(tx: Transaction, counterparty: Did, consumerPid: string): Promise<TransferRecord | null> {
    const row = await tx.manager.findOneBy(transferSchema, { counterparty, consumerPid, role: 'provider' });
    return row as TransferRow | null;
  }

  async findByToken(tokenDigest: string): Promise<TransferRecord | null> {
    const row = await this.dataSource.manager.findOneBy(transferSchema, { tokenDigest });
    return row as TransferRow | null;
  }

  /** Those under an agreement that can still be ended, locked. */
  async lockOpen(tx: Transaction, agreementId: string): Promise<readonly TransferRecord[]> {
    const state = Not(In(['COMPLETED', 'TERMINATED', 'REFUSED']));
    const where = { agreementId, state };
    const rows = await tx.manager.find(transferSchema, { where, lock: { mode: 'pessimistic_write' } });
    return rows as TransferRow[];
  }

  async list(limit: number, offset: number): Promise<readonly TransferRecord[]> {
    const rows = await this.dataSource.manager.find(transferSchema, {
      order: { createdAt: 'DESC', id: 'ASC' },
      take: limit,
      skip: offset,
    });
    return rows as TransferRow[];
  }
}

function notFound(id: string): Result<never, NotFound> {
  return refuse('transfer.not-found', `There is no transfer ${id}.`);
}

function toRow(record: TransferRecord): TransferRow {
  const { transfer } = record;
  return { ...record, state: transfer.state, role: transfer.role, consumerPid: transfer.consumerPid };
}
