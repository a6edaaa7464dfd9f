import {
  type AtsValues,
  type EntryChange,
  type Exported,
  type ExportFormat,
  entryChanges,
  exportAs,
  fillFromAudits,
  type RegisterEntry,
  type RegisterMaterial,
} from '@hansa/fair';
import { ok, type Result, refuse } from '@hansa/kernel';
import type { DoneAudit } from '../audits/audit.js';
import type { HostedModel } from '../models/hosted-model.js';
import type { GatherMaterial } from './gather-material.js';
import type { RegisterEntries } from './register-entries.js';
import type { PublishedRecord, RegisterRecord, RegisterVersion } from './register-record.js';

/** A system in a list. */
export interface RegisteredSystem {
  readonly record: RegisterRecord;
  readonly version: RegisterVersion;
  /** The newest one, revoked or not. */
  readonly newestAudit: DoneAudit | null;
}

/** A version beside the one before it. */
export interface VersionChanges extends RegisterVersion {
  readonly changes: readonly EntryChange[];
}

/** Everything that the public page of a system shows. */
export interface SystemFile extends PublishedRecord {
  /** The version that is shown. */
  readonly version: RegisterVersion;
  readonly isNewest: boolean;
  readonly material: RegisterMaterial;
  /** The hosted models that this version names. */
  readonly models: readonly HostedModel[];
  /** What audits say in the fields that were left open: today for the newest version, as it was for an older one. */
  readonly filled: AtsValues;
  /** Newest first. */
  readonly audits: readonly DoneAudit[];
  readonly history: readonly VersionChanges[];
}

/** Which version to show: by number, or the one that stood at a moment; without either the newest. */
export interface VersionChoice {
  readonly number?: number;
  readonly at?: Date;
}

/** The algorithm register as everybody sees it: published versions only. */
export class PublicRegister {
  constructor(
    private readonly entries: RegisterEntries,
    private readonly gather: GatherMaterial,
  ) {}

  /** Newest first; retired systems stay. */
  async list(limit: number): Promise<readonly RegisteredSystem[]> {
    const records = await this.entries.list(limit, 0);
    const newest = await this.entries.newestVersions(records.map(({ id }) => id));
    const systems = records.map(async (record): Promise<readonly RegisteredSystem[]> => {
      const version = newest.get(record.id);
      if (!version) return [];
      const [newestAudit = null] = await this.gather.auditsOf(version.content);
      return [{ record, version, newestAudit }];
    });
    return (await Promise.all(systems)).flat();
  }

  /** The systems whose newest version names this model, among the newest in the register. */
  async systemsWith(modelId: string, limit: number): Promise<readonly RegisterVersion[]> {
    const records = await this.entries.list(limit, 0);
    const newest = await this.entries.newestVersions(records.map(({ id }) => id));
    return [...newest.values()].filter(({ content }) => content.models?.includes(modelId));
  }

  async system(id: string, choice: VersionChoice = {}): Promise<Result<SystemFile>> {
    const found = await this.entries.published(id);
    if (!found.ok) return found;
    const { record, versions } = found.value;
    const version = choose(versions, choice);
    if (!version) return refuse('register.not-found', `The entry ${id} had no such version.`);
    const isNewest = version === versions[0];
    const publication = this.gather.publicationOf(found.value, version);
    const [material, models, audits] = await Promise.all([
      this.gather.run(version.content, publication),
      this.gather.modelsOf(version.content),
      this.gather.auditsOf(version.content),
    ]);
    const filled = isNewest ? fillFromAudits(material) : version.filled;
    const history = versionChanges(versions);
    return ok({ record, versions, version, isNewest, material, models, filled, audits, history });
  }

  async filled(content: RegisterEntry): Promise<AtsValues> {
    return fillFromAudits(await this.gather.run(content, null));
  }

  async export(
    id: string,
    format: ExportFormat,
    { withDrafts }: { readonly withDrafts: boolean },
  ): Promise<Result<Exported>> {
    const published = await this.entries.published(id);
    if (published.ok) {
      const [newest] = published.value.versions;
      const publication = this.gather.publicationOf(published.value, newest);
      return exportAs(format, await this.gather.run(newest.content, publication));
    }
    if (!withDrafts) return published;
    const record = await this.entries.find(id);
    if (!record.ok) return record;
    return exportAs(format, await this.gather.run(record.value.draft?.content ?? {}, null));
  }
}

/** Each version with what it changed in the one before it. */
export function versionChanges(versions: readonly RegisterVersion[]): readonly VersionChanges[] {
  return versions.map((version, i) => {
    const before = versions[i + 1];
    return { ...version, changes: before ? entryChanges(before.content, version.content) : [] };
  });
}

function choose(versions: readonly RegisterVersion[], { number, at }: VersionChoice): RegisterVersion | undefined {
  if (number !== undefined) return versions.find((version) => version.number === number);
  return at === undefined ? versions[0] : versions.find(({ publishedAt }) => publishedAt.getTime() <= at.getTime());
}
