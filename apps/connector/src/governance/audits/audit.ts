import type { AuditPlan, Verdict } from '@hansa/fair';
import type { Did, Digest, Problem } from '@hansa/kernel';
import type { RowCondition } from '@hansa/tabular';
import type { CountingInput } from '../counts/counts-request.js';

/** Whose decisions are audited: those of a hosted model, or those that stand in a column already. */
export type AuditSubject =
  | { readonly kind: 'model'; readonly modelId: string }
  | {
      readonly kind: 'decisions';
      readonly column: string;
      /** The values that are a positive decision; null for a column of 0 and 1. */
      readonly positive: readonly (string | number | boolean)[] | null;
    }
  | FederatedSubject;

/** The decisions of several cities, each counted by its own node. */
export interface FederatedSubject {
  readonly kind: 'federation';
  readonly cities: readonly AskedCity[];
  /** How many of them must hand out their counts; with fewer the audit fails. */
  readonly minimumCities: number;
  /** Counts below this shall be withheld; null leaves it to the cities. */
  readonly minimumCell: number | null;
  /** Seconds for which a city is waited for. */
  readonly waitSeconds: number;
}

/** A city that is asked to count, under an agreement with it. */
export interface AskedCity extends CountingInput {
  readonly counterparty: Did;
  readonly agreementId: string;
  readonly datasetId: string;
}

/** Everything that was fixed, and stands in the ledger, before anything was computed. */
export interface PlannedAudit {
  readonly id: string;
  readonly subject: AuditSubject;
  /** Of several cities their datasets, one after another. */
  readonly datasetId: string;
  readonly labelColumn: string;
  readonly where: readonly RowCondition[];
  readonly plan: AuditPlan;
  readonly planDigest: Digest;
  /** Of the dataset's source at that moment; of several cities that of what they are asked for. */
  readonly datasetDigest: Digest;
  /** The place of the credential in this node's list of revoked audits. */
  readonly statusIndex: number;
  readonly plannedAt: Date;
}

/** What an audit has found. Times are ISO 8601 in UTC. */
export interface AuditOutcome {
  readonly verdict: Verdict['outcome'];
  readonly reasons: Verdict['reasons'];
  readonly rows: number;
  readonly reportDigest: Digest;
  readonly issuedAt: string;
  readonly validUntil: string;
}

interface Revocation {
  readonly at: string;
  readonly reason: string;
}

export type AuditState =
  | { readonly status: 'queued' }
  | { readonly status: 'running'; readonly done: number; readonly total: number }
  | { readonly status: 'failed'; readonly problem: Problem; readonly endedAt: string }
  | { readonly status: 'done'; readonly outcome: AuditOutcome; readonly revocation: Revocation | null };

/** An audit from its plan to its verdict. */
export interface Audit extends PlannedAudit {
  readonly state: AuditState;
}

export type DoneState = Extract<AuditState, { status: 'done' }>;

/** An audit with its verdict. */
export interface DoneAudit extends Audit {
  readonly state: DoneState;
}

/** The signed outcome, in the bytes that were hashed and signed. */
export interface IssuedReport {
  /** Canonical JSON. */
  readonly report: string;
  readonly credential: string;
}

export function isDone(audit: Audit): audit is DoneAudit {
  return audit.state.status === 'done';
}
