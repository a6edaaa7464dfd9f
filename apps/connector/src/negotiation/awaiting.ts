import { allowed, isTerminal, negotiationTable } from '@hansa/dsp';
import { addDuration, parseDuration } from '@hansa/odrl';
import type { Approval } from './handling.js';
import { handlingOf } from './handling.js';
import type { Awaiting, NegotiationRecord, Why } from './negotiation-record.js';

/** Who has to act next in a negotiation, as staff see it. */
export interface NextActor extends Why {
  readonly who: 'us' | 'them';
  readonly since: string;
  readonly deadline: string | null;
  /** Present where a person here must approve. */
  readonly approvals?: { readonly needed: number; readonly given: readonly Approval[] };
}

/** Holds a negotiation for a person from now on. */
export function hold(record: NegotiationRecord, why: Why, now: Date): Awaiting {
  const { decideWithin } = handlingOf(record).rules;
  const duration = decideWithin === null ? undefined : parseDuration(decideWithin);
  const deadline = duration && new Date(addDuration(now.getTime(), duration)).toISOString();
  return { code: why.code, text: why.text, since: now.toISOString(), deadline: deadline ?? null };
}

/** Who must act and why; null when the negotiation is over. */
export function nextActor(record: NegotiationRecord): NextActor | null {
  const { negotiation, awaiting, counterparty, updatedAt } = record;
  const { state, role, pending } = negotiation;
  if (isTerminal(negotiationTable, state)) return null;
  const { rules, approvals: given } = handlingOf(record);
  if (awaiting) return { who: 'us', ...awaiting, approvals: { needed: rules.approvals, given } };
  const rest = { since: updatedAt.toISOString(), deadline: null };
  if (pending) {
    const text = `${counterparty} has not acknowledged our ${pending.message.type} yet. The node goes on trying.`;
    return { who: 'them', code: 'delivery', text, ...rest };
  }
  const isOurTurn = allowed(negotiationTable, state, role).some((move) => move !== 'termination');
  return isOurTurn
    ? { who: 'us', code: 'unattended', text: 'No rule says what comes next.', ...rest }
    : { who: 'them', code: 'answer', text: `${counterparty} has to answer.`, ...rest };
}
