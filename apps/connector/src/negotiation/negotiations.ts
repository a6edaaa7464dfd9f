import { type Did, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { type Stored, Table, type Transaction } from '@hansa/platform';
import { type DataSource, In, IsNull, LessThanOrEqual, Not } from 'typeorm';
import type { NextActor } from './awaiting.js';
import { handlingOf } from './handling.js';
import { type NegotiationRow, negotiationSchema, writtenOnce } from './negotiation.schema.js';
import type { NegotiationRecord, StoredNegotiation } from './negotiation-record.js';

type Once = (typeof writtenOnce)[number];
type StoredRow = Stored<NegotiationRow, Once>;
type Derived = Omit<StoredRow, keyof NegotiationRecord>;

const table = new Table<NegotiationRow, Once>(negotiationSchema, writtenOnce);

type NotFound = Problem<'negotiation.not-found'>;

/** The negotiations of this node. What is loaded in a transaction is locked until its end. */
export class Negotiations {
  constructor(private readonly dataSource: DataSource) {}

  async insert(tx: Transaction, record: NegotiationRecord): Promise<StoredNegotiation> {
    table.insert(tx, toRow(record));
    return record as StoredNegotiation;
  }

  async save(tx: Transaction, record: StoredNegotiation): Promise<void> {
    table.update(tx, toRow(record));
  }

  /** Also not found when it belongs to somebody else: a stranger learns nothing about foreign pids. */
  async lock(tx: Transaction, id: string, counterparty?: Did): Promise<Result<StoredNegotiation, NotFound>> {
    const row = await table.lock(tx, ofCounterparty, [id, counterparty]);
    return row ? ok(row) : notFound(id);
  }

  async find(id: string, counterparty?: Did): Promise<Result<StoredNegotiation, NotFound>> {
    const found: StoredRow[] = await this.dataSource.query(`${table.select} WHERE ${ofCounterparty}`, [
      id,
      counterparty,
    ]);
    return found[0] ? ok(found[0]) : notFound(id);
  }

  /** The provider's negotiation that this consumer has opened under its pid. */
  async findOpened(tx: Transaction, counterparty: Did, consumerPid: string): Promise<NegotiationRecord | null> {
    const [row] = await tx.query<NegotiationRow>(
      `${table.select} WHERE counterparty = $1 AND consumer_pid = $2 AND role = 'provider'`,
      [counterparty, consumerPid],
    );
    return row ?? null;
  }

  /** The consumer's negotiation that this provider has opened under its pid. */
  async findOffered(tx: Transaction, counterparty: Did, providerPid: string): Promise<NegotiationRecord | null> {
    const row = await tx.manager.findOneBy(negotiationSchema, { counterparty, providerPid, role: 'consumer' });
    return row as NegotiationRow | null;
  }

  /** Held negotiations whose deadline has passed, the longest first. */
  async overdue(now: Date, limit: number): Promise<readonly string[]> {
    const found = { where: { decideBy: LessThanOrEqual(now) }, order: { decideBy: 'ASC' }, take: limit } as const;
    const rows = await this.dataSource.manager.find(negotiationSchema, { select: { id: true }, ...found });
    return rows.map(({ id }) => id);
  }

  /** When the next deadline passes; null: there is none. */
  async nextDeadline(): Promise<Date | null> {
    const where = { decideBy: Not(IsNull()) };
    const options = { select: { id: true, decideBy: true }, where, order: { decideBy: 'ASC' }, take: 1 } as const;
    const [first] = await this.dataSource.manager.find(negotiationSchema, options);
    return first?.decideBy ?? null;
  }

  /** @param actor only those in which we, or they, have to act. */
  async list(limit: number, offset: number, actor?: NextActor['who']): Promise<readonly NegotiationRecord[]> {
    const open = { awaiting: IsNull(), state: Not(In(['FINALIZED', 'TERMINATED', 'REFUSED'])) };
    const where = actor === undefined ? {} : actor === 'us' ? { awaiting: Not(IsNull()) } : open;
    const rows = await this.dataSource.manager.find(negotiationSchema, {
      where,
      order: { createdAt: 'DESC', id: 'ASC' },
      take: limit,
      skip: offset,
    });
    return rows as NegotiationRow[];
  }
}

/** `$2` is null where it does not matter whose it is. */
const ofCounterparty = 'id = $1 AND ($2::text IS NULL OR counterparty = $2)';

function notFound(id: string): Result<never, NotFound> {
  return refuse('negotiation.not-found', `There is no negotiation ${id}.`);
}

function toRow<Record extends NegotiationRecord>(record: Record): Record & Derived {
  const { negotiation, awaiting } = record;
  const { state, role } = negotiation;
  // A pid makes an opening message idempotent, so only the opener's own counts: the other one may be any.
  const { unasked } = handlingOf(record);
  const consumerPid = 'consumerPid' in negotiation && !unasked ? negotiation.consumerPid : null;
  const providerPid = 'providerPid' in negotiation && unasked ? negotiation.providerPid : null;
  const decideBy = awaiting?.deadline ? new Date(awaiting.deadline) : null;
  // No event gives a negotiation another role.
  return { ...record, state, role: role as Derived['role'], consumerPid, providerPid, decideBy };
}
