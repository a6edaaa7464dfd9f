import type { Digest, Json } from '@hansa/kernel';
import type { AuditReport } from '../report.js';
import type { RegisterEntry } from './register-entry.js';

/** An audit that an entry can point to. Addresses are absolute; absent for a report that lies in a file. */
export interface AuditEvidence {
  readonly id: string | null;
  readonly report: AuditReport;
  /** ISO 8601 in UTC; null where the audit is no credential. */
  readonly issuedAt: string | null;
  readonly validUntil: string | null;
  readonly isRevoked: boolean;
  readonly page: string | null;
  readonly credential: string | null;
}

/** What is known about a model that a system uses. */
export interface ModelFacts {
  readonly name: string;
  readonly version: string;
  readonly digest: Digest;
  readonly description: string | null;
  readonly intendedUse: string | null;
  readonly limitations: readonly string[];
  readonly owners: readonly string[];
  readonly licence: string | null;
  /** A score at or above it is a positive decision. */
  readonly threshold: number | null;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** As the model card has it. */
  readonly trainingData: Json | null;
}

/** Where an entry stands in its register; absent where none is published. */
export interface Publication {
  /** A UUID. */
  readonly id: string;
  readonly version: number;
  /** ISO 8601 in UTC. */
  readonly firstPublishedAt: string;
  readonly changedAt: string;
  readonly page: string;
}

/** All that an export is made of. */
export interface RegisterMaterial {
  readonly entry: RegisterEntry;
  /** Newest first. */
  readonly audits: readonly AuditEvidence[];
  readonly models: readonly ModelFacts[];
  readonly publication: Publication | null;
}

/** The newest audit that still counts: a revoked one says nothing about a system. */
export function newestAudit(audits: readonly AuditEvidence[]): AuditEvidence | undefined {
  return audits.find(({ isRevoked }) => !isRevoked);
}
