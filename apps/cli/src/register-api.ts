import type { JsonObject } from '@hansa/kernel';

interface RegisterState {
  readonly id: string;
  readonly state: 'draft' | 'published' | 'retired';
  /** Of the newest published version. */
  readonly version: number | null;
  readonly hasDraft: boolean;
}

export interface RegisterLine extends RegisterState {
  readonly name?: string;
  readonly status?: string;
  readonly risk_category?: string;
  readonly domain?: string;
}

export interface RegisterVersion {
  readonly entryId: string;
  readonly number: number;
  readonly content: JsonObject;
  readonly note: string | null;
  readonly changedBy: string;
  readonly publishedAt: string;
}

export interface RegisterSystem extends RegisterState {
  readonly draft: { readonly entry: JsonObject; readonly changedBy: string; readonly changedAt: string } | null;
  readonly published: RegisterVersion | null;
  /** What audits say in the fields that were left open. */
  readonly filled: JsonObject;
  /** What the standard demands and nobody has said, in one sentence. */
  readonly missing: string | null;
}

export interface RegisterChange extends RegisterVersion {
  readonly changes: readonly {
    readonly label: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
}
