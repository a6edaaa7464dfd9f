import type { Did, Digest, Json, JsonObject } from '@hansa/kernel';
import type { Trace } from '@hansa/odrl';

/** The answers of the management interface, as far as commands read them. Times are ISO 8601 in UTC. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins. */
  readonly next?: string | number;
}

export interface NodeInfo {
  readonly did: Did;
  readonly publicUrl: string;
  readonly city: string;
  readonly version: string;
  /** Issues membership credentials. */
  readonly authority: boolean;
  readonly database: 'embedded' | 'server';
  /** Where jobs are queued. */
  readonly jobs: 'database' | 'redis';
}

export interface Dataset {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly publisher: string | null;
  readonly licence: string | null;
  readonly source:
    | { readonly kind: 'file'; readonly path: string; readonly format: string }
    | { readonly kind: 'http'; readonly url: string; readonly format: string }
    | { readonly kind: 'inference-service'; readonly modelId: string };
  /** False for data that go on changing. */
  readonly finite: boolean;
  /** Seconds between two looks at data that go on changing. */
  readonly intervalSeconds: number | null;
  /** Null for an inference service. */
  readonly profile: {
    readonly columns: readonly { readonly name: string; readonly type: string }[];
    readonly rows: number;
    readonly bytes: number;
    readonly digest: Digest;
  } | null;
  readonly createdAt: string;
}

export interface DatasetPreview {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Json[])[];
}

export interface PolicyTemplate {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly policy: JsonObject;
  /** What it permits and demands, in words. */
  readonly sentences: readonly string[];
}

export interface Offer {
  readonly id: string;
  readonly datasetId: string;
  readonly policy: JsonObject;
  readonly template: { readonly name: string; readonly parameters: JsonObject } | null;
  readonly sentences: readonly string[];
  readonly createdAt: string;
  readonly withdrawnAt: string | null;
}

export interface PeerCatalog {
  readonly participantId: string | null;
  readonly address: string;
  readonly datasets: readonly {
    readonly id: string;
    readonly title: string | null;
    readonly description: string | null;
    readonly formats: readonly string[];
    readonly offers: readonly {
      readonly id: string;
      readonly policy: JsonObject;
      readonly sentences: readonly string[];
    }[];
  }[];
  /** What the peer lists and this node cannot read. */
  readonly broken: readonly { readonly id: string | null; readonly detail: string; readonly at: string }[];
  readonly next?: string;
}

export interface Person {
  readonly name: string;
  readonly admittedAt: string;
}

export interface AdmittedPerson {
  readonly name: string;
  readonly token: string;
}

/** Who ended or paused a process, and why. */
export interface Cause {
  readonly by: 'consumer' | 'provider';
  readonly code: string | null;
  readonly reason: Json;
}

/** What negotiations and transfers have in common. */
export interface Process {
  readonly id: string;
  readonly role: 'consumer' | 'provider';
  readonly counterparty: Did;
  readonly datasetId: string;
  readonly state: string;
  /** Our message that the peer has not acknowledged yet. */
  readonly pending: string | null;
  readonly termination?: Cause | null;
  /** Why the peer refused the first message. */
  readonly detail?: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Who has to act next, and why. */
export interface NextActor {
  readonly who: 'us' | 'them';
  readonly code: string;
  readonly text: string;
  readonly since: string;
  /** When it is terminated unless somebody has decided. */
  readonly deadline: string | null;
  readonly approvals?: {
    readonly needed: number;
    readonly given: readonly { readonly by: string; readonly at: string }[];
  };
}

export interface Negotiation extends Process {
  readonly purpose: string | null;
  /** Null when it is over. */
  readonly awaiting?: NextActor | null;
  /** The terms on the table in words; of one negotiation only. */
  readonly sentences?: readonly string[];
  /** Their digest. */
  readonly terms?: string;
  /** The provider began it. */
  readonly unasked?: boolean;
  readonly agreementId?: string | null;
  readonly decision: {
    readonly outcome: 'permit' | 'deny';
    readonly unmet: readonly { readonly code: string; readonly text: string }[];
    readonly trace: Trace;
  } | null;
}

export interface Agreement {
  readonly id: string;
  readonly negotiationId: string;
  readonly role: 'consumer' | 'provider';
  readonly counterparty: Did;
  readonly datasetId: string;
  readonly purpose: string | null;
  readonly policy: JsonObject;
  readonly sentences: readonly string[];
  readonly agreedAt: string;
  readonly expiresAt: string | null;
  readonly state: 'active' | 'expired' | 'superseded' | 'terminated';
  readonly end: AgreementEnd | null;
  /** Whether the other side knows of our termination. */
  readonly notice: 'pending' | 'acknowledged' | 'refused' | null;
  /** The agreement in whose place this one stands. */
  readonly supersedes: string | null;
}

export type AgreementEnd =
  | { readonly kind: 'expired'; readonly at: string }
  /** By the agreement that stands in its place. */
  | { readonly kind: 'superseded'; readonly at: string; readonly by: string }
  | {
      readonly kind: 'terminated';
      readonly at: string;
      readonly by: 'consumer' | 'provider';
      readonly code: string | null;
      readonly reason: readonly string[];
    };

/** What stands on an agreement, as one node sees it. */
export interface AgreementDependants {
  readonly negotiation: { readonly id: string; readonly state: string };
  /** Agreements that stand in its place. */
  readonly successors: readonly string[];
  /** Negotiations under way about an agreement that shall take its place. */
  readonly renewals: readonly string[];
  readonly transfers: {
    /** How many there are, by their state. */
    readonly states: Readonly<Record<string, number>>;
    /** Those that end with it. */
    readonly open: readonly { readonly id: string; readonly state: string }[];
    /** How many access tokens work, or will work once the other side has acknowledged the start. */
    readonly tokens: number;
  };
  /** Entries of the ledger about data that left or arrived, and about answers of a model. */
  readonly receipts: number;
  /** The hosted model that is used under it; null where it is about data, or the model is the other side's. */
  readonly modelId: string | null;
}

export interface Transfer extends Process {
  readonly agreementId: string;
  readonly format: string;
  readonly endpoint?: string | null;
  readonly suspension?: Cause | null;
  /** The host that a provider brings the data to; null where it has no address that can be read. */
  readonly sink?: string | null;
  /** On the provider's side: how bringing the data goes. */
  readonly push?: {
    readonly dueAt: string | null;
    /** The part that is sent of what is under way, from 0 to 1. */
    readonly fraction: number | null;
    readonly failures: number;
    readonly problem: string | null;
    readonly deliveries: number;
  };
}

/** Data that a transfer has brought to this node. */
export interface Received {
  readonly id: string;
  readonly transferId: string;
  readonly content: Omit<Pulled, 'matches' | 'completed' | 'rows' | 'format'> & {
    readonly format: string | null;
    readonly rows: number | null;
  };
  readonly receivedAt: string;
}

export interface Pulled {
  readonly path: string;
  readonly format: string;
  readonly bytes: number;
  readonly rows: number;
  readonly digest: Digest;
  /** Null when the provider states none. */
  readonly providerDigest: Digest | null;
  readonly matches: boolean;
  /** Whether the provider was told that the transfer is complete. */
  readonly completed: boolean;
}

export interface HeldCredential {
  readonly id: string;
  readonly type: string;
  readonly issuer: string;
  readonly validUntil: string | null;
}

export interface CredentialRequest {
  readonly holderPid: string;
  readonly issuer: string;
  readonly types: readonly string[];
  readonly status: 'REQUESTED' | 'ISSUED' | 'REJECTED';
  readonly reason: string | null;
}

export interface Member {
  readonly did: Did;
  readonly claims: JsonObject;
}

export interface IssuedCredential {
  readonly id: string;
  readonly holder: string;
  readonly type: string;
  readonly validUntil: string;
  readonly revokedAt: string | null;
}

interface ModelPort {
  readonly name: string;
  readonly [member: string]: Json;
}

export interface HostedModel {
  readonly id: string;
  readonly digest: Digest;
  readonly signature: { readonly inputs: readonly ModelPort[]; readonly outputs: readonly ModelPort[] };
  readonly card: { readonly name: string; readonly version: string; readonly description?: string } & JsonObject;
  readonly createdAt: string;
}

export interface Scored {
  readonly rows: number;
  readonly positives: number;
  readonly ms: number;
}

export interface Audit {
  readonly id: string;
  readonly modelId: string;
  readonly datasetId: string;
  readonly status: 'queued' | 'running' | 'done' | 'failed';
  readonly progress: { readonly done: number; readonly total: number };
  readonly verdict?: string | { readonly outcome: string } | null;
  readonly reasons?: readonly (string | { readonly text: string })[] | null;
  readonly reportDigest?: Digest | null;
  /** Why a failed audit failed. */
  readonly detail?: string | null;
  readonly createdAt?: string;
  readonly revokedAt?: string | null;
}

/** A city of an audit, and how far it is. */
export interface FederatedCity {
  readonly counterparty: string;
  readonly agreementId: string;
  readonly status: 'waiting' | 'counting' | 'received' | 'refused';
  /** Rows that are counted, and rows in all, while it counts. */
  readonly done?: number;
  readonly total?: number;
  /** Rows that it has counted. */
  readonly rows?: number;
  /** Why it refused, or why it was not reached yet. */
  readonly problem?: { readonly detail: string } | null;
}

/** An audit of several cities. */
export interface FederatedAudit extends Audit {
  readonly cities: readonly FederatedCity[];
}

export interface AuditFinding {
  readonly finding: Digest;
  readonly severity: 'high' | 'medium' | 'low';
  readonly text: string;
  readonly state: 'open' | 'accepted' | 'resolved';
  readonly owner: string | null;
  readonly due: string | null;
  readonly reason: string | null;
  readonly evidence: string | null;
  readonly isOverdue: boolean;
}

export interface Explanation {
  readonly method: string;
  readonly baseValue: number;
  readonly prediction: number;
  readonly contributions: readonly { readonly feature: string; readonly value: Json; readonly contribution: number }[];
  readonly additivityError: number;
}

/** A response of the Open Inference Protocol v2. */
export interface InferenceResponse {
  readonly model_name?: string;
  readonly model_version?: string;
  readonly outputs: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly datatype: string;
    readonly data: readonly Json[];
  }[];
}

export interface LedgerItem {
  readonly index: number;
  readonly entry: {
    readonly kind: string;
    readonly at: string;
    readonly actor: Did;
    readonly subjects: readonly string[];
    readonly data: Json;
  };
}

/** A message that was given up. */
export interface DeadMessage {
  readonly id: string;
  readonly type: string;
  readonly processId: string;
  readonly counterparty: Did;
  readonly createdAt: string;
  readonly lastError: string;
}

/** A counterparty that cannot be reached. */
export interface Outage {
  readonly counterparty: Did;
  readonly since: string;
  readonly failures: number;
  readonly until: string;
  readonly lastError: string;
}
