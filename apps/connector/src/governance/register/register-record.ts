import type { AtsValues, RegisterEntry } from '@hansa/fair';

/** What somebody is writing, and the public does not see. */
export interface RegisterDraft {
  readonly content: RegisterEntry;
  readonly by: string;
  readonly at: Date;
}

/** A version that was published. It stays readable for good. */
export interface RegisterVersion {
  readonly entryId: string;
  /** From 1. */
  readonly number: number;
  /** As it was written. */
  readonly content: RegisterEntry;
  /** What audits said at that moment in the fields that were left open. */
  readonly filled: AtsValues;
  /** Why it was changed. */
  readonly note: string | null;
  readonly changedBy: string;
  readonly publishedAt: Date;
}

/** An algorithmic system in the register of this node. */
export interface RegisterRecord {
  readonly id: string;
  readonly draft: RegisterDraft | null;
  readonly isRetired: boolean;
  readonly createdAt: Date;
}

/** A system that the public can see. */
export interface PublishedRecord {
  readonly record: RegisterRecord;
  /** Newest first; at least one. */
  readonly versions: readonly [RegisterVersion, ...RegisterVersion[]];
}
