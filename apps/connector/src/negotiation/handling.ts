import type { MessageOffer } from '@hansa/dsp';
import { type NegotiationRules, plainRules } from '../catalog/index.js';
import type { Comparison } from './compare-terms.js';

/** A person's yes to the terms that are on the table. */
export interface Approval {
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
}

/** What this node goes by in one negotiation; plain JSON. */
export interface Handling {
  readonly rules: NegotiationRules;
  /** The provider began it: nobody had asked. */
  readonly unasked: boolean;
  /** How the terms that the other side named last stand to ours; null while it has named none. */
  readonly comparison: Comparison | null;
  /** Our own terms as an answer to others, for a provider that counters. */
  readonly answer: MessageOffer | null;
  /** How often a rule has put our terms on the table. */
  readonly counters: number;
  /** A person here has made the terms on the table, so that the rules of the offer do not speak for them. */
  readonly personal: boolean;
  /** Of the terms on the table; other terms need others. */
  readonly approvals: readonly Approval[];
}

/** What goes for a negotiation that has nothing of its own. */
export const plainHandling: Handling = {
  rules: plainRules,
  unasked: false,
  comparison: null,
  answer: null,
  counters: 0,
  personal: false,
  approvals: [],
};

export const handlingOf = ({ handling }: { readonly handling: Handling | null }): Handling => handling ?? plainHandling;
