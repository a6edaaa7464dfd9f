import { type Did, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { Transaction } from '@hansa/platform';
import { type DataSource, IsNull } from 'typeorm';
import { negotiationSchema } from '../negotiation.schema.js';
import { agreementSchema } from './agreement.schema.js';
import type { AgreementRecord } from './agreement-record.js';

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

function unknownAgreement(id: string): Result<never, Problem<'agreement.not-found'>> {
  return refuse('agreement.not-found', `This node knows no agreement ${id}.`);
}
