import { type Did, type Problem, type Result, refuse } from '@hansa/kernel';
import {
  type Checkpoint,
  type Hash,
  type NoteKey,
  verifyCheckpoint,
  verifyConsistency,
  verifyLedgerProof,
} from '@hansa/ledger';
import { type Check, type Examination, fails, holds, type VerifyPorts } from './examination.js';
import { reportKeysOf } from './multikey.js';
import { checkpointOrigin, type EvidenceOf } from './recognise.js';

/** An entry with its path to a signed checkpoint: a receipt of what happened. */
export async function examineLedgerProof(
  { kind, file, value, checkpoint }: EvidenceOf<'ledger-proof'>,
  ports: VerifyPorts,
): Promise<Examination> {
  const signer = checkpointOrigin(checkpoint);
  const proven = await byKeysOf(signer, ports, (key) => verifyLedgerProof(value, key));
  return {
    file,
    kind,
    signer,
    checks: proven.ok ? provenChecks(proven.value) : [refusedCheck(proven.problem, signer)].flat(),
  };
}

function provenChecks({ entry, index, checkpoint }: ReturnOf<typeof verifyLedgerProof>): readonly Check[] {
  const { origin, size } = checkpoint;
  return [
    holds('signature', `The checkpoint is signed by ${origin}.`),
    holds('inclusion', `"${entry.kind}" of ${entry.at} is entry ${index} of ${size} in its ledger.`),
    // Anybody can write somebody else's name into a ledger of his own.
    entry.actor === origin
      ? holds('actor', `${origin} speaks about itself.`)
      : fails('actor', `The entry says that ${entry.actor} did it, but it stands in the ledger of ${origin}.`),
  ];
}

function refusedCheck({ kind, detail }: Problem, signer: Did | null): readonly Check[] {
  if (kind === 'ledger.not-included')
    return [holds('signature', `The checkpoint is signed by ${signer}.`), fails('inclusion', detail)];
  if (kind.startsWith('ledger.')) return [fails('form', detail)];
  return [fails(kind.startsWith('verify.') || kind.startsWith('did.') ? 'signer' : 'signature', detail)];
}

/** The signed state of a ledger on its own. */
export async function examineCheckpoint(
  { kind, file, text }: EvidenceOf<'checkpoint'>,
  ports: VerifyPorts,
): Promise<Examination> {
  const signer = checkpointOrigin(text);
  const opened = await byKeysOf(signer, ports, (key) => verifyCheckpoint(text, key));
  const checks = opened.ok
    ? [holds('signature', `Signed by ${opened.value.origin}, over ${opened.value.size} entries.`)]
    : refusedCheck(opened.problem, signer);
  return { file, kind, signer, checks };
}

/** That a ledger only grew since a checkpoint that was saved before. */
export async function examineConsistency(
  { kind, file, proof, checkpoint }: EvidenceOf<'consistency-proof'>,
  saved: readonly EvidenceOf<'checkpoint'>[],
  ports: VerifyPorts,
): Promise<Examination> {
  const signer = checkpointOrigin(checkpoint);
  const newer = await byKeysOf(signer, ports, (key) => verifyCheckpoint(checkpoint, key));
  if (!newer.ok) return { file, kind, signer, checks: refusedCheck(newer.problem, signer) };
  const signed = holds('signature', `The newer checkpoint is signed by ${newer.value.origin}.`);
  const earlier = await Promise.all(
    saved
      .filter(({ text }) => checkpointOrigin(text) === signer)
      .map(({ text }) => byKeysOf(signer, ports, (key) => verifyCheckpoint(text, key))),
  );
  const grown = earlier
    .flatMap((older) => (older.ok ? [older.value] : []))
    .find((older) => isPrefix(older, newer.value, proof));
  const consistency = grown
    ? holds(
        'consistency',
        `The ${newer.value.size} entries begin with the ${grown.size} of the saved checkpoint, unchanged.`,
      )
    : fails(
        'consistency',
        'No saved checkpoint given here is the beginning of this ledger: entries were changed, or these files do not belong together.',
      );
  return { file, kind, signer, checks: [signed, consistency] };
}

function isPrefix(older: Checkpoint, newer: Checkpoint, proof: readonly string[]): boolean {
  const hashes = proof.map((text): Hash => Buffer.from(text, 'base64'));
  return (
    hashes.every((hash) => hash.length === 32) &&
    verifyConsistency(older.size, newer.size, older.root, newer.root, hashes)
  );
}

type ReturnOf<F extends (...args: never[]) => Result<unknown>> =
  Extract<ReturnType<F>, { readonly ok: true }> extends { readonly value: infer V } ? V : never;

/** Tries the published keys of the signer; a key that the note does not name is no verdict, another may fit. */
async function byKeysOf<T>(
  signer: Did | null,
  { resolveDid, signer: expected }: VerifyPorts,
  verify: (key: NoteKey) => Result<T>,
): Promise<Result<T>> {
  if (signer === null) return refuse('verify.no-signer', 'The checkpoint does not name its ledger by a DID.');
  if (expected !== undefined && signer !== expected)
    return refuse('verify.other-signer', `The ledger is of ${signer}, not of ${expected}.`);
  const resolved = await resolveDid(signer, { refresh: false });
  if (!resolved.ok) return refuse('did.unresolvable', `${signer} could not be resolved: ${resolved.problem.detail}`);
  let outcome: Result<T> = refuse('verify.no-key', `${signer} publishes no Ed25519 key for reports.`);
  for (const { publicKey } of reportKeysOf(resolved.value)) {
    outcome = verify({ name: signer, publicKey });
    if (outcome.ok || outcome.problem.kind !== 'note.unsigned') return outcome;
  }
  return outcome;
}
