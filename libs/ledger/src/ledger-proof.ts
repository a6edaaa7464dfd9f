import { isJsonObject, type Json, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { type Checkpoint, type CheckpointProblem, verifyCheckpoint } from './checkpoint.js';
import { entryHash, type LedgerEntry, parseLedgerEntry } from './entry.js';
import { type Hash, hashLength } from './hash.js';
import { verifyInclusion } from './proof.js';
import { decodeBase64, type NoteKey } from './signed-note.js';

/** All that a stranger needs to check, without a network, that an entry stands in a log. JSON as it is. */
export interface LedgerProof {
  readonly entry: LedgerEntry;
  /** The entry's place in the log, from 0. */
  readonly index: number;
  /** The audit path to the checkpoint's root in base64, nearest sibling first (RFC 9162 §2.1.3). */
  readonly inclusion: readonly string[];
  /** The signed checkpoint (C2SP tlog-checkpoint) that the path leads to. */
  readonly checkpoint: string;
}

/** A proof that held: the entry, its place, and the state of the log that vouches for it. */
export interface ProvenEntry {
  readonly entry: LedgerEntry;
  readonly index: number;
  readonly checkpoint: Checkpoint;
}

export type LedgerProofProblem =
  | CheckpointProblem
  | Problem<'ledger.malformed-proof' | 'ledger.malformed-entry' | 'ledger.not-included'>;

/** Binds an entry to a signed checkpoint. `path` is the inclusion proof for the checkpoint's size. */
export function ledgerProof(entry: LedgerEntry, index: number, path: readonly Hash[], checkpoint: string): LedgerProof {
  return { entry, index, inclusion: path.map((hash) => Buffer.from(hash).toString('base64')), checkpoint };
}

/**
 * Checks a proof that came from outside, offline: shape, the checkpoint's signature and origin, and that the entry is
 * included at its index. It shows that the log's owner vouches for the entry; only consistency proofs between
 * checkpoints show that the owner tells everybody the same.
 *
 * @param key the log's origin and the raw Ed25519 public key of its owner.
 * @example
 * const file = parseJson(text); // from the kernel: caps the depth
 * const proven = verifyLedgerProof(file.value, { name: 'did:web:berlin.example', publicKey });
 * if (proven.ok) proven.value.entry.kind; // 'audit.issued'
 */
export function verifyLedgerProof(proof: unknown, key: NoteKey): Result<ProvenEntry, LedgerProofProblem> {
  if (!isJsonObject(proof)) return malformed('The proof is not a JSON object.');
  const entry = parseLedgerEntry(proof.entry);
  if (!entry.ok) return entry;
  const { index, inclusion, checkpoint: signed } = proof;
  if (typeof index !== 'number') return malformed('The proof has no index.', '/index');
  const path = pathOf(inclusion);
  if (path === undefined) return malformed('The inclusion proof must be a list of base64 hashes.', '/inclusion');
  if (typeof signed !== 'string') return malformed('The proof has no checkpoint.', '/checkpoint');
  const checkpoint = verifyCheckpoint(signed, key);
  if (!checkpoint.ok) return checkpoint;
  if (!verifyInclusion(entryHash(entry.value), index, checkpoint.value.size, path, checkpoint.value.root))
    return refuse(
      'ledger.not-included',
      `The entry does not stand at index ${index} of the log "${key.name}": the entry, the index or the path was changed.`,
    );
  return ok({ entry: entry.value, index, checkpoint: checkpoint.value });
}

/** The hashes of a base64 path, or undefined. A path longer than 64 could not belong to any log that fits in numbers. */
function pathOf(inclusion: Json | undefined): readonly Hash[] | undefined {
  if (!Array.isArray(inclusion) || inclusion.length > 64) return undefined;
  const path: Hash[] = [];
  for (const text of inclusion) {
    const hash = typeof text === 'string' ? decodeBase64(text) : undefined;
    if (hash?.length !== hashLength) return undefined;
    path.push(hash);
  }
  return path;
}

function malformed(detail: string, at?: string) {
  return refuse('ledger.malformed-proof', `${detail} Use a proof as the ledger exported it.`, at);
}
