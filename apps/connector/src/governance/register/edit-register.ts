import { entryChanges, fillFromAudits, type RegisterEntry, requireComplete } from '@hansa/fair';
import { type Clock, digestOfJson, type Ids, type Json, ok, type Result, refuse } from '@hansa/kernel';
import type { Transaction, UnitOfWork } from '@hansa/platform';
import type { Ledger } from '../../ledger/index.js';
import type { Audits } from '../audits/audits.js';
import type { Models } from '../models/models.js';
import type { GatherMaterial } from './gather-material.js';
import type { RegisterEntries } from './register-entries.js';
import type { RegisterRecord, RegisterVersion } from './register-record.js';

interface Publishing {
  readonly content: RegisterEntry;
  readonly by: string;
  readonly note: string | null;
  readonly isRetired: boolean;
}

/**
 * Writes the algorithm register: a draft that nobody else sees, versions that stay, and the end of a system's use. Every
 * step stands in the ledger with who took it and which fields it changed.
 */
export class EditRegister {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly entries: RegisterEntries,
    private readonly material: GatherMaterial,
    private readonly models: Models,
    private readonly audits: Audits,
    private readonly ledger: Ledger,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Begins an entry as a draft. */
  async create(content: RegisterEntry, by: string): Promise<Result<RegisterRecord>> {
    const allowed = await this.#check(content);
    if (!allowed.ok) return allowed;
    const id = this.ids.next();
    const draft = { content, by, at: this.clock.now() };
    await this.unitOfWork.run(async (tx) => {
      await this.entries.add(tx, id, draft);
      await this.#record(tx, 'register.drafted', id, { by, changed: changedFields({}, content) });
    });
    return this.entries.find(id);
  }

  /** Puts another draft in the place of the one that is there. What is published stays as it is. */
  async change(id: string, content: RegisterEntry, by: string): Promise<Result<RegisterRecord>> {
    const allowed = await this.#check(content);
    if (!allowed.ok) return allowed;
    const changed = await this.unitOfWork.run(async (tx): Promise<Result<null>> => {
      const open = await this.#lockOpen(tx, id);
      if (!open.ok) return open;
      const [newest] = await this.entries.versions(id, tx);
      const before = open.value.draft?.content ?? newest?.content ?? {};
      await this.entries.saveDraft(tx, id, { content, by, at: this.clock.now() });
      await this.#record(tx, 'register.drafted', id, { by, changed: changedFields(before, content) });
      return ok(null);
    });
    return changed.ok ? this.entries.find(id) : changed;
  }

  /** Makes the draft the newest version, if nothing is missing that the standard demands. */
  async publish(id: string, note: string | null, by: string): Promise<Result<RegisterVersion>> {
    const found = await this.entries.find(id);
    if (!found.ok) return found;
    const { draft, isRetired } = found.value;
    if (isRetired) return retired();
    if (!draft) return refuse('register.conflict', 'There is no draft: everything that was written is published.');
    return this.#publish(id, { content: draft.content, by, note, isRetired: false }, draft.at);
  }

  /** Ends a system. Its entry stays for everybody to read, as retired. */
  async retire(id: string, reason: string, by: string): Promise<Result<RegisterVersion>> {
    const found = await this.entries.published(id);
    if (!found.ok) return found;
    const [newest] = found.value.versions;
    const content = { ...newest.content, status: 'retired' };
    return this.#publish(id, { content, by, note: reason, isRetired: true }, null);
  }

  /** @param draftAt when the draft was saved that is published; another one in its place must not slip through */
  async #publish(id: string, publishing: Publishing, draftAt: Date | null): Promise<Result<RegisterVersion>> {
    const { content, by, note, isRetired } = publishing;
    const filled = fillFromAudits(await this.material.run(content, null));
    // A system that has ended is told as it was; audits that count no longer must not keep it from ending.
    const complete = isRetired ? ok(null) : requireComplete({ ...filled, ...content });
    if (!complete.ok) return complete;
    return this.unitOfWork.run(async (tx): Promise<Result<RegisterVersion>> => {
      const open = await this.#lockOpen(tx, id);
      if (!open.ok) return open;
      if (draftAt !== null && open.value.draft?.at.getTime() !== draftAt.getTime())
        return refuse('register.conflict', 'The draft was changed at the same moment. Look at it and publish again.');
      const [newest] = await this.entries.versions(id, tx);
      const publishedAt = this.clock.now();
      const number = (newest?.number ?? 0) + 1;
      const version = { entryId: id, number, content, filled, note, changedBy: by, publishedAt };
      await this.entries.publish(tx, version, isRetired);
      const changed = changedFields(newest?.content ?? {}, content);
      const facts = { by, version: number, note, changed, digest: digestOfJson(content) };
      await this.#record(tx, isRetired ? 'register.retired' : 'register.published', id, facts, content);
      return ok(version);
    });
  }

  async #lockOpen(tx: Transaction, id: string): Promise<Result<RegisterRecord>> {
    const locked = await this.entries.lock(tx, id);
    return locked.ok && locked.value.isRetired ? retired() : locked;
  }

  async #record(tx: Transaction, kind: string, id: string, data: Json, { models = [] }: RegisterEntry = {}) {
    await this.ledger.append(tx, { kind, subjects: [id, ...models], data });
  }

  /** What an entry names must be there, and only `retire` ends a system. */
  async #check({ status, models = [], audits = [] }: RegisterEntry): Promise<Result<null>> {
    if (status === 'retired')
      return refuse('register.invalid', 'status: a system is ended by retiring its entry, which asks why.', 'status');
    for (const id of models) {
      const model = await this.models.find(id);
      if (!model.ok) return refuse('register.invalid', `models: ${model.problem.detail}`, 'models');
    }
    for (const id of audits) {
      const audit = await this.audits.find(id);
      if (!audit.ok) return refuse('register.invalid', `audits: ${audit.problem.detail}`, 'audits');
    }
    return ok(null);
  }
}

function changedFields(before: RegisterEntry, after: RegisterEntry): string[] {
  return entryChanges(before, after).map(({ field }) => field);
}

function retired(): Result<never> {
  return refuse('register.conflict', 'The system is retired: its entry stays as it is, for everybody to read.');
}
