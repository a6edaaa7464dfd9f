import { type JsonObject, ok, type Problem, type Result } from '@hansa/kernel';
import type { Inbox, Transaction, UnitOfWork } from '@hansa/platform';
import type { Counterparty } from '../identity/index.js';
import { repeatKey } from './message-identity.js';

/** A message of a process, and whose it is. */
export interface Arrived {
  readonly from: Counterparty;
  /** Our pid of the process. */
  readonly pid: string;
  readonly wire: JsonObject;
}

/**
 * Decides a message once, in one transaction: every copy of it gets the first final answer again, a refusal too. A
 * refusal that is forgotten lets a slow copy be accepted after its sender has given the message up.
 *
 * `load` locks the process; it is asked for together with the note of the message.
 *
 * Not final are "later", which asks for the same message again, and that there is no such process: strangers leave
 * nothing behind here.
 */
export async function answerOnce<T>(
  { unitOfWork, inbox }: { readonly unitOfWork: UnitOfWork; readonly inbox: Inbox },
  { from: { did }, pid, wire }: Arrived,
  load: (tx: Transaction) => Promise<Result<T>>,
  decide: (tx: Transaction, process: T) => Promise<Result<null>>,
): Promise<Result<null>> {
  const { key, certain } = repeatKey(pid, wire);
  const outcome = await unitOfWork.run(async (tx): Promise<Result<Result<null>>> => {
    const [noted, loaded] = await Promise.all([inbox.note(tx, did, key), load(tx)]);
    const repeat = !noted;
    const first = repeat ? await inbox.refusalOf(tx, did, key) : null;
    const again = ok(first ? { ok: false as const, problem: first } : ok(null));
    if (repeat && certain) return again;
    const decided = loaded.ok ? await decide(tx, loaded.value) : loaded;
    if (decided.ok) {
      if (first) await inbox.answer(tx, did, key, null);
      return ok(decided);
    }
    if (!isFinal(decided.problem)) return decided;
    if (repeat) return again;
    await inbox.answer(tx, did, key, decided.problem);
    return ok(decided);
  });
  return outcome.ok ? outcome.value : outcome;
}

const passing: ReadonlySet<string> = new Set(['negotiation.not-found', 'transfer.not-found']);
const isFinal = ({ kind }: Problem): boolean => !kind.endsWith('.busy') && !passing.has(kind);
