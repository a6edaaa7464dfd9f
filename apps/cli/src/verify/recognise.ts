import {
  type Did,
  isDid,
  isJsonObject,
  type JsonObject,
  ok,
  type Problem,
  parseJson,
  type Result,
  refuse,
} from '@hansa/kernel';

/** A file that can be verified, told apart by what it holds and not by its name. */
export type Evidence =
  | { readonly kind: 'ledger-proof'; readonly file: string; readonly value: JsonObject; readonly checkpoint: string }
  | { readonly kind: 'credential'; readonly file: string; readonly value: JsonObject }
  | { readonly kind: 'report'; readonly file: string; readonly value: JsonObject }
  | { readonly kind: 'checkpoint'; readonly file: string; readonly text: string }
  | {
      readonly kind: 'consistency-proof';
      readonly file: string;
      readonly proof: readonly string[];
      readonly checkpoint: string;
    };

export type EvidenceOf<K extends Evidence['kind']> = Extract<Evidence, { readonly kind: K }>;

/** Tells what a file holds. */
export function recognise(file: string, text: string): Result<Evidence, Problem<'verify.unreadable'>> {
  if (checkpointSize(text) !== null) return ok({ kind: 'checkpoint', file, text });
  const parsed = parseJson(text);
  if (!parsed.ok) return unreadable(file, parsed.problem.detail);
  const { value } = parsed;
  if (!isJsonObject(value)) return unreadable(file, 'It holds no JSON object.');
  const { checkpoint, proof } = value;
  if ('entry' in value && 'inclusion' in value && typeof checkpoint === 'string')
    return ok({ kind: 'ledger-proof', file, value, checkpoint });
  if (typeof checkpoint === 'string' && Array.isArray(proof) && proof.every((hash) => typeof hash === 'string'))
    return ok({ kind: 'consistency-proof', file, proof, checkpoint });
  if ('@context' in value && 'issuer' in value) return ok({ kind: 'credential', file, value });
  if (value.type === 'AuditReport') return ok({ kind: 'report', file, value });
  if (value.type === 'TaskAuditReport')
    return unreadable(
      file,
      'It is a report on another task than yes-or-no decisions, which no credential signs. Compute it again by the command at its end, and compare the digests.',
    );
  return unreadable(
    file,
    'It is neither a ledger proof, a signed credential, an audit report, a checkpoint nor a consistency proof.',
  );
}

/** The name of the log in a checkpoint: the DID of its owner. Unverified. */
export function checkpointOrigin(text: string): Did | null {
  const origin = text.slice(0, text.indexOf('\n'));
  return isDid(origin) ? origin : null;
}

/** How many entries a checkpoint speaks of, or null for what is no checkpoint. Unverified. */
export function checkpointSize(text: string): number | null {
  const [, size] = /^did:[^\n]+\n(\d{1,15})\n[A-Za-z0-9+/=]+\n/.exec(text) ?? [];
  return size === undefined ? null : Number(size);
}

function unreadable(file: string, why: string) {
  return refuse('verify.unreadable', `${file} cannot be verified: ${why}`);
}
