import type { RegisterEntry } from '@hansa/fair';
import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { Transaction } from '@hansa/platform';
import { type DataSource, In } from 'typeorm';
import { type EntryRow, registerEntrySchema, registerVersionSchema } from './register.schema.js';
import type { PublishedRecord, RegisterDraft, RegisterRecord, RegisterVersion } from './register-record.js';

type NotFound = Problem<'register.not-found'>;

/** The entries of this node's algorithm register, drafts and published versions. */
export class RegisterEntries {
  constructor(private readonly dataSource: DataSource) {}

  async add(tx: Transaction, id: string, draft: RegisterDraft): Promise<void> {
    const { at } = draft;
    await tx.manager.insert(registerEntrySchema, { id, ...draftColumns(draft), isRetired: false, createdAt: at });
  }

  async find(id: string): Promise<Result<RegisterRecord, NotFound>> {
    const row = await this.dataSource.manager.findOneBy(registerEntrySchema, { id });
    return row ? ok(toRecord(row)) : notFound(id);
  }

  /** Locked until the end of the transaction. */
  async lock(tx: Transaction, id: string): Promise<Result<RegisterRecord, NotFound>> {
    const lock = { mode: 'pessimistic_write' } as const;
    const row = await tx.manager.findOne(registerEntrySchema, { where: { id }, lock });
    return row ? ok(toRecord(row)) : notFound(id);
  }

  async saveDraft(tx: Transaction, id: string, draft: RegisterDraft): Promise<void> {
    await tx.manager.update(registerEntrySchema, { id }, draftColumns(draft));
  }

  /** Adds a version; the draft that it was made of is gone with it. */
  async publish(tx: Transaction, version: RegisterVersion, isRetired: boolean): Promise<void> {
    await tx.manager.insert(registerVersionSchema, version);
    await tx.manager.update(registerEntrySchema, { id: version.entryId }, { ...draftColumns(null), isRetired });
  }

  /** Newest first. */
  async list(limit: number, offset: number): Promise<readonly RegisterRecord[]> {
    const order = { createdAt: 'DESC', id: 'ASC' } as const;
    const rows = await this.dataSource.manager.find(registerEntrySchema, { order, take: limit, skip: offset });
    return rows.map(toRecord);
  }

  /** Newest first. */
  async versions(entryId: string, tx?: Transaction): Promise<readonly RegisterVersion[]> {
    const order = { number: 'DESC' } as const;
    const manager = tx?.manager ?? this.dataSource.manager;
    return (await manager.find(registerVersionSchema, { where: { entryId }, order })) as readonly RegisterVersion[];
  }

  /** The newest version of each of these entries that has one. */
  async newestVersions(entryIds: readonly string[]): Promise<ReadonlyMap<string, RegisterVersion>> {
    const where = { entryId: In([...entryIds]) };
    const rows = await this.dataSource.manager.find(registerVersionSchema, { where, order: { number: 'ASC' } });
    return new Map(rows.map((row) => [row.entryId, row as RegisterVersion]));
  }

  /** A system that was published at least once. */
  async published(id: string): Promise<Result<PublishedRecord, NotFound>> {
    const [record, [newest, ...older]] = await Promise.all([this.find(id), this.versions(id)]);
    if (!record.ok) return record;
    return newest ? ok({ record: record.value, versions: [newest, ...older] }) : notFound(id);
  }
}

function draftColumns(draft: RegisterDraft | null) {
  return { draft: draft?.content ?? null, draftBy: draft?.by ?? null, draftAt: draft?.at ?? null };
}

function toRecord({ id, draft, draftBy, draftAt, isRetired, createdAt }: EntryRow): RegisterRecord {
  const written =
    draft && draftBy !== null && draftAt ? { content: draft as RegisterEntry, by: draftBy, at: draftAt } : null;
  return { id, draft: written, isRetired, createdAt };
}

function notFound(id: string): Result<never, NotFound> {
  return refuse('register.not-found', `The register of this node has no entry ${id}.`);
}
