import type { Explanation } from '@hansa/explain';
import type { Digest } from '@hansa/kernel';

/** An explanation as it was given, once and for all. */
export interface StoredExplanation {
  readonly id: string;
  readonly modelId: string;
  /** The dataset that the case was compared with. */
  readonly background: string;
  readonly explanation: Explanation;
  /** The same in plain words. */
  readonly sentences: readonly string[];
  /** Of the explanation as canonical JSON: what the ledger holds, since cases can be about people. */
  readonly digest: Digest;
  /** Shown on the public page of the model; only what the operator asked for can be. */
  readonly isPublic: boolean;
  readonly createdAt: Date;
}
