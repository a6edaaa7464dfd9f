import type { ModelCard, ModelSignature } from '@hansa/inference';
import type { Digest } from '@hansa/kernel';

/** A model that this node can run. Never changed: a new file is a new version. */
export interface HostedModel {
  readonly id: string;
  /** Of the file's bytes; what audits and credentials name. */
  readonly digest: Digest;
  /** What goes in and comes out, read from the bytes. */
  readonly signature: ModelSignature;
  readonly card: ModelCard;
  readonly createdAt: Date;
}
