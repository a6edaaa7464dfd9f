import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { type Hash, hashLength } from './hash.js';
import { decodeBase64, type NoteKey, type NoteProblem, type NoteSigner, openNote, signNote } from './signed-note.js';

/** What a log commits to at one moment (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** Names the log, for good: two logs never share an origin. */
  readonly origin: string;
  /** How many entries the log has. */
  readonly size: number;
  /** The root of the Merkle tree over them. */
  readonly root: Hash;
}

export type CheckpointProblem = NoteProblem | Problem<'checkpoint.malformed'>;

/**
 * A checkpoint as signed text (C2SP tlog-checkpoint): origin, size and root in lines of their own, then the signature.
 * The signer's name is the log's origin.
 *
 * @example
 * await signCheckpoint({ size: 3, root }, signer); // 'did:web:berlin.example\n3\nrrbP…\n\n— did:web:berlin.example Zm9v…\n'
 */
export function signCheckpoint(state: Omit<Checkpoint, 'origin'>, signer: NoteSigner): Promise<string> {
  return signNote(`${signer.name}\n${state.size}\n${Buffer.from(state.root).toString('base64')}\n`, signer);
}

/**
 * Reads a signed checkpoint and checks that it is this log's: signature, origin, size and root. Lines after the root
 * (extensions) are covered by the signature and otherwise ignored, as C2SP tlog-checkpoint asks.
 */
export function verifyCheckpoint(text: string, key: NoteKey): Result<Checkpoint, CheckpointProblem> {
  const opened = openNote(text, key);
  return opened.ok ? parseCheckpoint(opened.value, key.name) : opened;
}

function parseCheckpoint(text: string, expected: string): Result<Checkpoint, Problem<'checkpoint.malformed'>> {
  const [origin, size = '', encoded = ''] = text.split('\n');
  if (origin !== expected)
    return refuse('checkpoint.malformed', `The checkpoint is of the log "${origin}", not of "${expected}".`);
  if (!/^(0|[1-9][0-9]*)$/.test(size) || !Number.isSafeInteger(Number(size)))
    return refuse('checkpoint.malformed', 'The second line of the checkpoint must be the number of entries.');
  const root = decodeBase64(encoded);
  if (root?.length !== hashLength)
    return refuse('checkpoint.malformed', 'The third line of the checkpoint must be a root of 32 bytes in base64.');
  return ok({ origin, size: Number(size), root });
}
