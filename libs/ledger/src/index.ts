export { type Checkpoint, type CheckpointProblem, signCheckpoint, verifyCheckpoint } from './checkpoint.js';
export { entryBytes, entryHash, type LedgerEntry, parseLedgerEntry } from './entry.js';
export { emptyRoot, type Hash, leafHash, sameHash } from './hash.js';
export {
  type LedgerProof,
  type LedgerProofProblem,
  ledgerProof,
  type ProvenEntry,
  verifyLedgerProof,
} from './ledger-proof.js';
export {
  consistencyProof,
  frontierAt,
  inclusionProof,
  type NodeReader,
  verifyConsistency,
  verifyInclusion,
} from './proof.js';
export { type NoteKey, type NoteProblem, type NoteSigner, noteKeyId, openNote, signNote } from './signed-note.js';
export {
  type Appended,
  append,
  emptyFrontier,
  type Frontier,
  type NodePlace,
  rootOf,
  rootOfLeaves,
  type TreeNode,
} from './tree.js';
