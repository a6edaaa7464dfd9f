import type { Agreement } from '@hansa/dsp';
import { type Did, must } from '@hansa/kernel';
import { agreementOf, type Offer, parsePolicy } from '@hansa/odrl';
import type { NegotiationRecord } from './negotiation-record.js';

/**
 * The agreement on the offer that is on the table, as the provider writes it. The offer was parsed when it came in, so
 * it can be parsed now.
 *
 * @example
 * agreementOn(record, { id: ids.next(), assigner: identity.did, now }); // { '@type': 'Agreement', … }
 */
export function agreementOn(
  { negotiation, datasetId, counterparty }: NegotiationRecord,
  { id, assigner, now }: { readonly id: string; readonly assigner: Did; readonly now: Date },
): Agreement {
  const parts = { id, target: datasetId, assigner, assignee: counterparty, timestamp: now };
  return agreementOf(must(parsePolicy(negotiation.offer)) as Offer, parts) as Agreement;
}
