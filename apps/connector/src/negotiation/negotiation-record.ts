import type { Negotiation } from '@hansa/dsp';
import type { Did } from '@hansa/kernel';
import type { Trace } from '@hansa/odrl';
import type { Stored } from '@hansa/platform';
import type { Handling } from './handling.js';

/** Why the provider decided as it did: shown to its operator, and kept in the ledger. */
export interface DecisionNote {
  readonly outcome: 'permit' | 'deny';
  /** What the other side is told. */
  readonly unmet: readonly { readonly code: string; readonly text: string }[];
  readonly trace: Trace;
}

/** Why a person has to decide: a stable code, and a sentence. */
export interface Why {
  readonly code: string;
  readonly text: string;
}

/** Something is held: a person at this node must decide. Plain JSON; times are ISO 8601. */
export interface Awaiting extends Why {
  readonly since: string;
  /** When it is terminated unless somebody has decided; null: never. */
  readonly deadline: string | null;
}

/** A negotiation with what this node keeps beside the protocol's own data. */
export interface NegotiationRecord {
  /** Our own pid. */
  readonly id: string;
  readonly counterparty: Did;
  /** The base URL that our messages go to. */
  readonly address: string;
  readonly datasetId: string;
  /** The IRI of the declared purpose; null where the offer asks for none, or none was declared. */
  readonly purpose: string | null;
  readonly negotiation: Negotiation;
  readonly decision: DecisionNote | null;
  /** The agreement in whose place the new one shall stand; null where it is about a new one. */
  readonly supersedes: string | null;
  /** The consumer's credentials as they were when it asked, in JWT form; empty on the consumer's side. */
  readonly credentials: readonly string[];
  /** What we go by; null where nothing is out of the ordinary. */
  readonly handling: Handling | null;
  /** Present while it is held for a person at this node. */
  readonly awaiting: Awaiting | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A negotiation that is there: it may be saved again, with whatever of it may change. */
export type StoredNegotiation = Stored<
  NegotiationRecord,
  'id' | 'counterparty' | 'address' | 'datasetId' | 'createdAt'
>;
