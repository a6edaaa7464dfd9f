import type { JsonObject } from '@hansa/kernel';

/** An offer as the catalogue shows it: no target, the dataset around it is the target (DSP 2025-1, Catalog Protocol). */
export interface Offer extends JsonObject {
  readonly '@id': string;
  readonly '@type': 'Offer';
}

/** An offer inside a negotiation message, outside its dataset. */
export type MessageOffer = Offer & { readonly target?: string };

/** What both sides agreed on; immutable from the state AGREED on (DSP 2025-1, Contract Negotiation Protocol). */
export interface Agreement extends JsonObject {
  readonly '@id': string;
  readonly '@type': 'Agreement';
  readonly target: string;
  readonly assigner: string;
  readonly assignee: string;
  /** When it was concluded, xsd:dateTime. */
  readonly timestamp: string;
}
