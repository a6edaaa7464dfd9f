import type { NegotiationIntent } from '@hansa/dsp';
import type { NegotiationRecord } from './negotiation-record.js';

/**
 * What this node says next in a negotiation of its own accord; null: nothing, somebody else must act. Called in the
 * transaction that changed the negotiation, so it decides on what the record holds and waits for nothing.
 */
export interface NegotiationStrategy {
  next(record: NegotiationRecord, now: Date): NegotiationIntent | null;
}

export const NEGOTIATION_STRATEGY = Symbol('negotiation strategy');
