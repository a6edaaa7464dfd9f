import {
  type AgreedNegotiation,
  type ConsumerPid,
  evolveNegotiation,
  type NegotiationStep,
  type ProviderPid,
} from '@hansa/dsp';
import { describe, expect, test } from '@jest/globals';
import { agreementAgain } from './agreement-again.js';

const pids = { consumerPid: 'c' as ConsumerPid, providerPid: 'p' as ProviderPid };
const parties = { target: 'urn:d', assigner: 'did:web:p.example', assignee: 'did:web:c.example' };
const permission = [{ action: 'use' }];
const agreementOf = (id: string, second: number, changes: object = {}) =>
  ({
    '@type': 'Agreement',
    '@id': id,
    ...parties,
    timestamp: `2026-11-23T12:00:0${second}Z`,
    permission,
    ...changes,
  }) as const;
const negotiation = {
  role: 'consumer',
  state: 'AGREED',
  ...pids,
  offer: { '@type': 'Offer', '@id': 'urn:o', target: 'urn:d', permission },
  agreement: agreementOf('urn:a:1', 1),
  pending: { id: 'urn:v', message: { type: 'ContractAgreementVerificationMessage', ...pids } },
} as unknown as AgreedNegotiation;
const said = (agreement: object, changes: object = {}) =>
  ({ type: 'ContractAgreementMessage', ...pids, agreement, ...changes }) as NegotiationStep;

describe('a provider that agrees once more while our verification is on its way', () => {
  test('gives another agreement on the same terms, which holds from then on; the verification goes on', () => {
    const second = agreementOf('urn:a:2', 2);
    const events = agreementAgain(negotiation, said(second));
    const before = negotiation as Parameters<typeof evolveNegotiation>[0];
    expect(events?.ok ? events.value.reduce(evolveNegotiation, before) : null).toEqual({
      ...negotiation,
      agreement: second,
    });
  });

  test.each<[string, object]>([
    ['other terms', { permission: [{ action: 'distribute' }] }],
    ['another dataset', { target: 'urn:other' }],
    ['other parties', { assignee: 'did:web:other.example' }],
  ])('does not change to %s', (_, changes) => {
    expect(agreementAgain(negotiation, said(agreementOf('urn:a:2', 2, changes)))).toBeNull();
  });

  test.each<[string, object, object]>([
    ['before we have verified', { pending: null }, {}],
    ['to its own side', { role: 'provider' }, {}],
    ['after the verification was taken in', { state: 'VERIFIED' }, {}],
    ['in another process', {}, { providerPid: 'q' }],
    ['by another message', {}, { type: 'ContractAgreementVerificationMessage' }],
  ])('is not heard %s', (_, of, changes) => {
    const at = { ...negotiation, ...of } as AgreedNegotiation;
    expect(agreementAgain(at, said(agreementOf('urn:a:2', 2), changes))).toBeNull();
  });
});
