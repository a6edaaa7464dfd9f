import { digestOfJson } from '@hansa/kernel';
import { sentencesOf } from '../policy/index.js';
import { nextActor } from './awaiting.js';
import { handlingOf } from './handling.js';
import type { NegotiationRecord } from './negotiation-record.js';

/** A negotiation as the management interface shows it: where it stands, who must act and why, who ended it and why. */
export function shownNegotiation(record: NegotiationRecord): object {
  const { id, counterparty, datasetId, purpose, decision, negotiation, createdAt, updatedAt } = record;
  const { role, state, pending } = negotiation;
  return {
    id,
    counterparty,
    datasetId,
    purpose,
    decision,
    role,
    state,
    pending: pending?.message.type ?? null,
    awaiting: nextActor(record),
    ...('agreement' in negotiation ? { agreementId: negotiation.agreement['@id'] } : {}),
    ...('termination' in negotiation
      ? { termination: { ...negotiation.termination, side: negotiation.termination.by === role ? 'us' : 'them' } }
      : {}),
    ...('detail' in negotiation ? { detail: negotiation.detail } : {}),
    createdAt,
    updatedAt,
  };
}

/** {@link shownNegotiation} with the terms that are on the table and their digest, and the rules that we go by. */
export function shownWithTerms(record: NegotiationRecord): object {
  const { offer } = record.negotiation;
  const { rules, comparison, unasked } = handlingOf(record);
  const terms = { offer, terms: digestOfJson(offer), sentences: sentencesOf(offer) };
  return { ...shownNegotiation(record), ...terms, comparison, unasked, rules };
}
