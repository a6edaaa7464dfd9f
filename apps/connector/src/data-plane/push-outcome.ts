import type { TransferIntent } from '@hansa/dsp';
import type { JsonObject, Problem, RetryPolicy } from '@hansa/kernel';
import { type HttpProblem, peerText } from '@hansa/platform';
import type { Push } from '../transfer/index.js';
import type { StoredRepresentation } from './representations.js';

/** How one turn of a push ended. */
export type PushOutcome =
  /** The sink has the data; `isNew` is false where it had them before. */
  | {
      readonly kind: 'delivered';
      readonly stored: StoredRepresentation;
      readonly isNew: boolean;
      readonly every: number | null;
    }
  /** Tried again, as long as the retry policy allows. */
  | { readonly kind: 'later'; readonly problem: string }
  /** Nothing that this transfer can do will change it. */
  | { readonly kind: 'ended'; readonly code: string; readonly reason: string }
  /** The policy does not permit it now; it may, when somebody resumes the transfer. */
  | { readonly kind: 'paused'; readonly code: string; readonly reason: string }
  /** Nobody wants it any more. */
  | { readonly kind: 'void' };

/** What is stored, said to the consumer and recorded after a turn. */
export interface Settlement {
  readonly next: Omit<Push, 'transferId' | 'run'>;
  readonly intent: TransferIntent | null;
  readonly entry: JsonObject | null;
}

/** Refusals of a sink that mean "not now". */
const temporary: ReadonlySet<number> = new Set([408, 409, 425, 429]);
/** Problems of an address that will be the same next time. */
const lasting: ReadonlySet<string> = new Set(['http.address-refused', 'http.redirect-refused']);

/** What an answer of the sink means. `every`: seconds to the next look at data that go on changing, else null. */
export function answered(status: number, stored: StoredRepresentation, every: number | null): PushOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered', stored, isNew: true, every };
  const problem = `The sink answered with status ${status}.`;
  return status >= 500 || temporary.has(status)
    ? { kind: 'later', problem }
    : { kind: 'ended', code: 'push.refused', reason: problem };
}

/** What it means that there was no answer. The consumer is told one text for all reasons; the log has the others. */
export function unanswered({ kind }: HttpProblem): PushOutcome {
  if (kind === 'http.aborted') return { kind: 'void' };
  return lasting.has(kind)
    ? { kind: 'ended', code: 'push.refused', reason: peerText }
    : { kind: 'later', problem: peerText };
}

/** What it means that a pull would be refused at this moment. */
export function notGranted({ kind, detail }: Problem): PushOutcome {
  if (kind === 'data.denied') return { kind: 'paused', code: 'policy.denied', reason: detail };
  if (kind === 'data.gone') return { kind: 'ended', code: kind, reason: detail };
  return { kind: 'later', problem: 'The provider cannot decide about this use at the moment.' };
}

/**
 * Finite data complete the transfer when they have arrived, others are looked at again. A sink that goes on failing
 * suspends the transfer, so that the consumer can resume it when the sink is mended.
 *
 * @example
 * settle(push, { kind: 'later', problem: 'The sink answered with status 500.' }, retry, now).next.failures; // 1
 */
export function settle(push: Push, outcome: PushOutcome, retry: RetryPolicy, now: Date): Settlement {
  const { deliveries, delivered } = push;
  const rested = { dueAt: null, failures: 0, failingSince: null, problem: null, deliveries, delivered };
  switch (outcome.kind) {
    case 'delivered':
      return afterDelivery(push, outcome, now);
    case 'later':
      return afterFailure(push, outcome.problem, retry, now);
    case 'ended':
    case 'paused': {
      const { kind, code, reason } = outcome;
      const move = kind === 'ended' ? 'termination' : 'suspension';
      return { next: { ...rested, problem: reason }, intent: { move, code, reason: [reason] }, entry: null };
    }
    case 'void':
      return { next: rested, intent: null, entry: null };
  }
}

function afterDelivery(push: Push, outcome: Extract<PushOutcome, { kind: 'delivered' }>, now: Date): Settlement {
  const { stored, isNew, every } = outcome;
  const { digest, bytes, rows, format } = stored;
  const at = now.toISOString();
  return {
    next: {
      dueAt: every === null ? null : new Date(now.getTime() + every * 1000),
      failures: 0,
      failingSince: null,
      problem: null,
      deliveries: push.deliveries + (isNew ? 1 : 0),
      delivered: isNew ? { digest, bytes, rows, format, at } : push.delivered,
    },
    intent: every === null ? { move: 'completion' } : null,
    entry: isNew ? { digest, bytes, rows, format } : null,
  };
}

function afterFailure(push: Push, problem: string, retry: RetryPolicy, now: Date): Settlement {
  const { deliveries, delivered } = push;
  const failures = push.failures + 1;
  const failingSince = push.failingSince ?? now;
  const delay = retry({ failures, elapsed: now.getTime() - failingSince.getTime() });
  const next = { failures, failingSince, problem, deliveries, delivered };
  if (delay !== null) return { next: { ...next, dueAt: new Date(now.getTime() + delay) }, intent: null, entry: null };
  const advice = `The provider has given up after ${failures} attempts; resume the transfer to let it try again.`;
  const intent = { move: 'suspension', code: 'push.failed', reason: [problem, advice] } as const;
  return { next: { ...next, dueAt: null }, intent, entry: null };
}
