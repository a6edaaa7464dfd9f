import type { NegotiationState } from '../vocabulary.js';
import type { Table } from './table.js';

/** The messages of a negotiation by what they say; the two event messages are told apart. */
export type NegotiationMove =
  | 'request'
  | 'offer'
  | 'accepted'
  | 'agreement'
  | 'verification'
  | 'finalized'
  | 'termination';

/**
 * Contract negotiation (DSP 2025-1, Contract Negotiation Protocol, State Machine). `INITIAL` and `REFUSED` are ours, for a
 * negotiation that the other side does not know yet, or never will: its opening message is not acknowledged, or refused. The text lets either side terminate "at any state"; the specification's diagram is narrower, and we follow
 * the text, since a side that wants to leave cannot be made to stay.
 */
export const negotiationTable = {
  INITIAL: { request: ['consumer', 'REQUESTED'], offer: ['provider', 'OFFERED'] },
  REQUESTED: {
    offer: ['provider', 'OFFERED'],
    agreement: ['provider', 'AGREED'],
    termination: ['either', 'TERMINATED'],
  },
  OFFERED: {
    request: ['consumer', 'REQUESTED'],
    accepted: ['consumer', 'ACCEPTED'],
    termination: ['either', 'TERMINATED'],
  },
  ACCEPTED: { agreement: ['provider', 'AGREED'], termination: ['either', 'TERMINATED'] },
  AGREED: { verification: ['consumer', 'VERIFIED'], termination: ['either', 'TERMINATED'] },
  VERIFIED: { finalized: ['provider', 'FINALIZED'], termination: ['either', 'TERMINATED'] },
  FINALIZED: {},
  TERMINATED: {},
  REFUSED: {},
} as const satisfies Table<'INITIAL' | 'REFUSED' | NegotiationState, NegotiationMove>;
