import type { Transfer } from '@hansa/dsp';
import type { Did } from '@hansa/kernel';

/** A transfer process with what this node keeps beside the protocol's own data. */
export interface TransferRecord {
  /** Our own pid. */
  readonly id: string;
  readonly counterparty: Did;
  /** The base URL that our messages go to. */
  readonly address: string;
  readonly agreementId: string;
  readonly datasetId: string;
  readonly transfer: Transfer;
  /** Whether the provider lets it start, and if not, which requirements are not met. Null on the consumer's side. */
  readonly decision: { readonly outcome: 'permit' | 'deny'; readonly unmet: readonly string[] } | null;
  /** The digest of the transfer token: that of the provider's data address, or that which opens the consumer's own sink. */
  readonly tokenDigest: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
