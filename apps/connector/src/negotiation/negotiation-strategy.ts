import type { NegotiationIntent } from '@hansa/dsp';
import type { NegotiationRecord, Why } from './negotiation-record.js';

/** A person at this node must decide. */
export type Hold = { readonly move: 'hold' } & Why;

/**
 * What this node says next in a negotiation of its own accord, or why a person must; null: nothing, somebody else must
 * act. Called in the transaction that changed the negotiation, so it decides on what the record holds and waits for
 * nothing.
 */
export interface NegotiationStrategy {
  next(record: NegotiationRecord, now: Date): NegotiationIntent | Hold | null;
}

export const NEGOTIATION_STRATEGY = Symbol('negotiation strategy');
