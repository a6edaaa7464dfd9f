import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, type Did, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { Table, type Transaction } from '@hansa/platform';
import { Any, type DataSource, IsNull, LessThanOrEqual, Not } from 'typeorm';
import { type AgreementRow, agreementSchema } from './agreement.schema.js';
import { type AgreementEnd, type EndReason, reasonOfEnd, sentenceOfEnd } from './agreement-end.js';
import { type AgreementRecord, endAt, type TerminationNotice } from './agreement-record.js';

type NotFound = Problem<'agreement.not-found'>;

/** Milliseconds for which a consumer is kept waiting for an agreement that is being concluded. */
const patience = 500;

const table = new Table<AgreementRow>(agreementSchema, ['id']);

/** The agreements of this node, of both roles. */
export class Agreements {
  #inserted: (agreement: AgreementRecord) => void = () => {};

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Names who is told of each new agreement after its commit. */
  onInserted(listener: (agreement: AgreementRecord) => void): void {
    this.#inserted = listener;
  }

  async insert(tx: Transaction, agreement: AgreementRecord): Promise<void> {
    table.insert(tx, toRow(agreement));
    tx.afterCommit(() => this.#inserted(agreement));
  }

  async find(id: string): Promise<Result<AgreementRecord, NotFound>> {
    const row = await this.dataSource.manager.findOneBy(agreementSchema, { id });
    return row ? ok(toRecord(row as AgreementRow)) : unknownAgreement(id);
  }

  async findAll(ids: readonly string[]): Promise<readonly AgreementRecord[]> {
    const rows = await this.dataSource.manager.findBy(agreementSchema, { id: Any([...new Set(ids)]) });
    return (rows as AgreementRow[]).map(toRecord);
  }

  /** Locked until the end of the transaction. Also not found when it is with somebody else than the counterparty named. */
  async lock(tx: Transaction, id: string, counterparty?: Did): Promise<Result<AgreementRecord, NotFound>> {
    const where = counterparty === undefined ? { id } : { id, counterparty };
    const row = await tx.manager.findOne(agreementSchema, { where, lock: { mode: 'pessimistic_write' } });
    return row ? ok(toRecord(row as AgreementRow)) : unknownAgreement(id);
  }

  /**
   * An agreement of ours as provider that its consumer may know before us: it has our last message of the negotiation,
   * and its answer to that is still on the way. We wait a moment for it.
   */
  async findConcluded(
    id: string,
    counterparty: Did,
  ): Promise<Result<AgreementRecord, Problem<'agreement.not-found' | 'agreement.busy'>>> {
    const until = performance.now() + patience;
    let found = await this.#provided(id, counterparty);
    while (!found.ok) {
      // In this order: what is concluded between the two is found.
      const concluding = await this.#isBeingConcluded(id, counterparty);
      found = await this.#provided(id, counterparty);
      if (found.ok || !concluding) return found;
      if (performance.now() > until)
        return refuse('agreement.busy', 'The agreement is being concluded; ask again in a moment.');
      await sleep(25);
    }
    return found;
  }

  async #provided(id: string, counterparty: Did): Promise<Result<AgreementRecord, NotFound>> {
    const where = { id, counterparty, role: 'provider' as const };
    const row = await this.dataSource.manager.findOneBy(agreementSchema, where);
    return row ? ok(toRecord(row as AgreementRow)) : unknownAgreement(id);
  }

  /** Whether we have verified and accepted this agreement, and wait for the consumer to acknowledge that. */
  async #isBeingConcluded(id: string, counterparty: Did): Promise<boolean> {
    const found: unknown[] = await this.dataSource.query(
      `SELECT 1 FROM negotiation WHERE agreement_id = $1 AND counterparty = $2 AND role = 'provider' AND state = 'VERIFIED'`,
      [id, counterparty],
    );
    return found.length > 0;
  }

  async list(limit: number, offset: number): Promise<readonly AgreementRecord[]> {
    const rows = await this.dataSource.manager.find(agreementSchema, {
      order: { agreedAt: 'DESC', id: 'ASC' },
      take: limit,
      skip: offset,
    });
    return (rows as AgreementRow[]).map(toRecord);
  }

  /** Those that stand in the place of an agreement, the oldest first. */
  async successorsOf(id: string): Promise<readonly AgreementRecord[]> {
    const where = { supersedes: id };
    const rows = await this.dataSource.manager.find(agreementSchema, { where, order: { agreedAt: 'ASC', id: 'ASC' } });
    return (rows as AgreementRow[]).map(toRecord);
  }

  /** The agreement, unless it has ended: and it does not end before this transaction does. */
  async hold(
    tx: Transaction,
    id: string,
  ): Promise<Result<AgreementRecord, Problem<'agreement.not-found' | 'agreement.conflict'>>> {
    const lock = { mode: 'pessimistic_read' } as const;
    const row = await tx.manager.findOne(agreementSchema, { where: { id }, lock });
    if (!row) return unknownAgreement(id);
    const agreement = toRecord(row as AgreementRow);
    const end = endAt(agreement, this.clock.now());
    return end === null ? ok(agreement) : refuse('agreement.conflict', sentenceOfEnd(end));
  }

  /**
   * Whether an agreement about a dataset may take the place of this one: it is with the same counterparty in the same
   * role, about the same dataset, and nobody has ended it. One that has expired may be renewed.
   */
  async maySupersede(
    tx: Transaction,
    id: string,
    { counterparty, role, datasetId }: Pick<AgreementRecord, 'counterparty' | 'role' | 'datasetId'>,
  ): Promise<Result<null, Problem<'agreement.not-found' | 'agreement.conflict' | 'agreement.other-dataset'>>> {
    const row = await tx.manager.findOneBy(agreementSchema, { id, counterparty, role });
    if (!row) return unknownAgreement(id);
    const { datasetId: own, end } = toRecord(row as AgreementRow);
    if (own !== datasetId) return refuse('agreement.other-dataset', `The agreement ${id} is about another dataset.`);
    return end === null || end.kind === 'expired' ? ok(null) : refuse('agreement.conflict', sentenceOfEnd(end));
  }

  /** The provider chooses the id of an agreement; it may not be that of one which this node has with anybody. */
  async isFresh(tx: Transaction, id: string): Promise<Result<null, Problem<'agreement.id-taken'>>> {
    const [taken] = await tx.query('SELECT 1 FROM agreement WHERE id = $1', [id]);
    return taken ? refuse('agreement.id-taken', 'The id of the agreement is that of another one.') : ok(null);
  }

  /** Why an agreement has ended; null while it is in force. */
  async endOf(tx: Transaction, id: string): Promise<EndReason | null> {
    const row = await tx.manager.findOneBy(agreementSchema, { id });
    const end = row && endAt(toRecord(row as AgreementRow), this.clock.now());
    return end && reasonOfEnd(end);
  }

  /** Records how an agreement has ended, and whether there is a termination of ours to tell. */
  async saveEnd(tx: Transaction, id: string, end: AgreementEnd, notice: TerminationNotice | null): Promise<void> {
    await tx.manager.update(agreementSchema, { id }, { ...endColumns(end), notice });
  }

  /** Records what has become of the message about our termination. */
  async saveNotice(tx: Transaction, id: string, notice: TerminationNotice): Promise<void> {
    await tx.manager.update(agreementSchema, { id }, { notice });
  }

  /** When the next agreement expires whose end is not recorded; null when none does. */
  async nextExpiry(): Promise<Date | null> {
    const [next] = await this.dataSource.manager.find(agreementSchema, {
      where: { endedAt: IsNull(), expiresAt: Not(IsNull()) },
      order: { expiresAt: 'ASC' },
      take: 1,
    });
    return next?.expiresAt ?? null;
  }

  /** Agreements that have expired by now and whose end is not recorded, locked; those that others have locked are left to them. */
  async lockExpired(tx: Transaction, limit: number): Promise<readonly AgreementRecord[]> {
    const rows = await tx.manager.find(agreementSchema, {
      where: { endedAt: IsNull(), expiresAt: LessThanOrEqual(this.clock.now()) },
      order: { expiresAt: 'ASC', id: 'ASC' },
      take: limit,
      lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
    });
    return (rows as AgreementRow[]).map(toRecord);
  }
}

function unknownAgreement(id: string): Result<never, NotFound> {
  return refuse('agreement.not-found', `This node knows no agreement ${id}.`);
}

function endColumns(end: AgreementEnd | null): Pick<AgreementRow, 'endedAt' | 'ending'> {
  if (end === null) return { endedAt: null, ending: null };
  const { at: endedAt, ...ending } = end;
  return { endedAt, ending };
}

function toRow({ end, ...rest }: AgreementRecord): AgreementRow {
  return { ...rest, ...endColumns(end) };
}

function toRecord({ endedAt, ending, ...rest }: AgreementRow): AgreementRecord {
  return { ...rest, end: ending && endedAt ? { ...ending, at: endedAt } : null };
}
