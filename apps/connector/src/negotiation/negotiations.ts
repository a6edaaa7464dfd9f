import { type Did, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { Transaction } from '@hansa/platform';
import type { DataSource } from 'typeorm';
import { type NegotiationRow, negotiationSchema } from './negotiation.schema.js';
import type { NegotiationRecord } from './negotiation-record.js';

type NotFound = Problem<'negotiation.not-found'>;

/** The negotiations of this node. What is loaded in a transaction is locked until its end. */
export class Negotiations {
  constructor(private readonly dataSource: DataSource) {}

  async insert(tx: Transaction, record: NegotiationRecord): Promise<void> {
    await tx.manager.insert(negotiationSchema, toRow(record));
  }

  async save(tx: Transaction, record: NegotiationRecord): Promise<void> {
    const { id, ...row } = toRow(record);
    await tx.manager.update(negotiationSchema, { id }, row);
  }

  /** Also not found when it belongs to somebody else: a stranger learns nothing about foreign pids. */
  async lock(tx: Transaction, id: string, counterparty?: Did): Promise<Result<NegotiationRecord, NotFound>> {
    const where = counterparty === undefined ? { id } : { id, counterparty };
    const row = await tx.manager.findOne(negotiationSchema, { where, lock: { mode: 'pessimistic_write' } });
    return row ? ok(row as NegotiationRow) : notFound(id);
  }

  async find(id: string, counterparty?: Did): Promise<Result<NegotiationRecord, NotFound>> {
    const where = counterparty === undefined ? { id } : { id, counterparty };
    const row = await this.dataSource.manager.findOneBy(negotiationSchema, where);
    return row ? ok(row as NegotiationRow) : notFound(id);
  }

  /** The provider's negotiation that this consumer has opened under its pid. */
  async findOpened(tx: Transaction, counterparty: Did, consumerPid: string): Promise<NegotiationRecord | null> {
    const row = await tx.manager.findOneBy(negotiationSchema, { counterparty, consumerPid, role: 'provider' });
    return row as NegotiationRow | null;
  }

  async list(limit: number, offset: number): Promise<readonly NegotiationRecord[]> {
    const rows = await this.dataSource.manager.find(negotiationSchema, {
      order: { createdAt: 'DESC', id: 'ASC' },
      take: limit,
      skip: offset,
    });
    return rows as NegotiationRow[];
  }
}

function notFound(id: string): Result<never, NotFound> {
  return refuse('negotiation.not-found', `There is no negotiation ${id}.`);
}

function toRow(record: NegotiationRecord): NegotiationRow {
  const { negotiation } = record;
  const consumerPid = 'consumerPid' in negotiation ? negotiation.consumerPid : null;
  return { ...record, state: negotiation.state, role: negotiation.role, consumerPid };
}
