import { isJsonObject, type Json } from '@hansa/kernel';
import type { Cause, NextActor, Process } from './api.js';

/** Seconds without news after which a process that waits for the other side counts as at rest. */
const quiet = 3;

/** Who has to act next in each state of a contract negotiation (DSP 2025-1, Contract Negotiation Protocol). */
const actors: Readonly<Record<string, 'consumer' | 'provider'>> = {
  REQUESTED: 'provider',
  OFFERED: 'consumer',
  ACCEPTED: 'provider',
  AGREED: 'consumer',
  VERIFIED: 'provider',
};

/** Tells, look by look, whether a process has come to rest: ended, at its goal, or waiting for somebody. */
export function restDetector<P extends Process>(
  isAtGoal: (process: P) => boolean,
  now: () => number = () => performance.now(),
): (process: P) => boolean {
  let seen = '';
  let since = now();
  return (process) => {
    if (isAtGoal(process) || hasFailed(process)) return true;
    const look = `${process.state} ${process.pending} ${process.updatedAt}`;
    if (look !== seen) {
      seen = look;
      since = now();
    }
    return process.pending === null && now() - since >= quiet * 1000;
  };
}

/** Ended without its goal, by either side or by the peer's refusal of the first message. */
function hasFailed({ state }: Process): boolean {
  return state === 'TERMINATED' || state === 'REFUSED';
}

/** The reasons of a termination or suspension as sentences. */
export function reasonsOf(cause: Cause | null | undefined): readonly string[] {
  if (!cause) return [];
  const { reason } = cause;
  return (Array.isArray(reason) ? reason : [reason]).flatMap(reasonText);
}

/** A reason is text, or an object with a text inside (DSP 2025-1 leaves its form open). */
function reasonText(reason: Json): readonly string[] {
  if (reason === null || reason === '') return [];
  if (typeof reason === 'string') return [reason];
  if (isJsonObject(reason)) {
    const text = reason.text ?? reason.description ?? reason['@value'];
    if (typeof text === 'string') return [text];
  }
  return [JSON.stringify(reason)];
}

/** Where a process stands, in words for a person, with who must act where it waits. */
export function standing(what: string, process: Process & { readonly awaiting?: NextActor | null }): string {
  const { state, pending, role, counterparty, termination, detail, awaiting } = process;
  if (state === 'REFUSED') return `${counterparty} refused the ${what}: ${detail ?? 'no reason was given'}`;
  if (state === 'TERMINATED') {
    const by = termination ? (termination.by === role ? 'this node' : counterparty) : 'one side';
    const reasons = reasonsOf(termination);
    return `The ${what} was terminated by ${by}${reasons.length === 0 ? ', without a reason' : `: ${reasons.join(' ')}`}`;
  }
  if (pending !== null)
    return `The ${what} is ${state}; a ${pending} for ${counterparty} is not delivered yet. The node goes on trying.`;
  if (awaiting?.who === 'us') return `The ${what} is ${state} and waits for somebody at this node: ${awaiting.text}`;
  const actor = actors[state];
  if (what === 'negotiation' && actor !== undefined)
    return `The negotiation is ${state} and waits for ${actor === role ? 'somebody at this node' : counterparty}.`;
  return `The ${what} is ${state}.`;
}
