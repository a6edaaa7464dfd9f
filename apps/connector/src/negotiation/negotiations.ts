import { type Did, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { Transaction } from '@hansa/platform';
import { type DataSource, IsNull } from 'typeorm';
import { agreementSchema, type NegotiationRow, negotiationSchema } from './negotiation.schema.js';
import type { AgreementRecord, NegotiationRecord } from './negotiation-record.js';

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

/** The agreements of this node, of both roles. */
export class Agreements {
  constructor(private readonly dataSource: DataSource) {}

  async insert(tx: Transaction, agreement: AgreementRecord): Promise<void> {
    await tx.manager.insert(agreementSchema, agreement);
  }

  async find(id: string): Promise<Result<AgreementRecord, Problem<'agreement.not-found'>>> {
    const agreement = await this.dataSource.manager.findOneBy(agreementSchema, { id });
    return agreement ? ok(agreement as AgreementRecord) : unknownAgreement(id);
  }

  /** Whether we have verified and accepted this agreement, and wait for the consumer to acknowledge that. */
  isBeingConcluded(id: string, counterparty: Did): Promise<boolean> {
    return this.dataSource.manager
      .createQueryBuilder(negotiationSchema, 'n')
      .where({ counterparty, role: 'provider', state: 'VERIFIED' })
      .andWhere(`n.negotiation -> 'agreement' ->> '@id' = :id`, { id })
      .getExists();
  }

  async list(limit: number, offset: number): Promise<readonly AgreementRecord[]> {
    const rows = await this.dataSource.manager.find(agreementSchema, {
      order: { agreedAt: 'DESC', id: 'ASC' },
      take: limit,
      skip: offset,
    });
    return rows as AgreementRecord[];
  }

  /** The agreement, unless it has ended: and it does not end before this transaction does. */
  async hold(
    tx: Transaction,
    id: string,
  ): Promise<Result<AgreementRecord, Problem<'agreement.not-found' | 'agreement.conflict'>>> {
    const lock = { mode: 'pessimistic_read' } as const;
    const agreement = await tx.manager.findOne(agreementSchema, { where: { id }, lock });
    if (!agreement) return unknownAgreement(id);
    return agreement.terminatedAt === null
      ? ok(agreement as AgreementRecord)
      : refuse('agreement.conflict', `The agreement ${id} has ended.`);
  }

  /** Why an agreement has ended; null while it holds. */
  async endOf(tx: Transaction, id: string): Promise<string | null> {
    const agreement = await tx.manager.findOneBy(agreementSchema, { id });
    return agreement?.terminationReason ?? null;
  }

  /** False when it had ended before. */
  async terminate(tx: Transaction, id: string, at: Date, reason: string): Promise<boolean> {
    const ended = { terminatedAt: at, terminationReason: reason };
    const { affected } = await tx.manager.update(agreementSchema, { id, terminatedAt: IsNull() }, ended);
    return affected === 1;
  }
}

function notFound(id: string): Result<never, NotFound> {
  return refuse('negotiation.not-found', `There is no negotiation ${id}.`);
}

function unknownAgreement(id: string): Result<never, Problem<'agreement.not-found'>> {
  return refuse('agreement.not-found', `This node knows no agreement ${id}.`);
}

function toRow(record: NegotiationRecord): NegotiationRow {
  const { negotiation } = record;
  const consumerPid = 'consumerPid' in negotiation ? negotiation.consumerPid : null;
  return { ...record, state: negotiation.state, role: negotiation.role, consumerPid };
}
