import { must } from '@hansa/kernel';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  acceptCredentials,
  type CredentialDelivery,
  credentialMessage,
  credentialRequestMessage,
  credentialStatusMessage,
  issuerMetadata,
  parseCredentialMessage,
  parseCredentialOffer,
  parseCredentialRequest,
  parseCredentialStatus,
  parseIssuerMetadata,
} from './index.js';
import { type Participant, ParticipantWorld } from './testing/index.js';

const issued: CredentialDelivery = {
  status: 'ISSUED',
  issuerPid: 'urn:i',
  holderPid: 'urn:h',
  credentials: [{ credentialType: 'MembershipCredential', payload: 'a.b.c', format: 'vc20-bssl/jwt' }],
};
const rejected: CredentialDelivery = {
  status: 'REJECTED',
  issuerPid: 'urn:i',
  holderPid: 'urn:h',
  rejectionReason: 'no',
};
const metadata = {
  issuer: 'did:web:authority.example',
  credentials: [
    {
      id: 'membership',
      credentialType: 'MembershipCredential',
      profile: 'vc20-bssl/jwt',
      credentialSchema: 'https://authority.example/schemas/membership.json',
      offerReason: 'issuance',
      bindingMethods: ['did:web'],
    },
  ],
} as const;
const request = { holderPid: 'urn:h', credentials: [{ id: 'membership' }] };
const state = { issuerPid: 'urn:i', holderPid: 'urn:h', status: 'RECEIVED' } as const;

describe('issuance messages', () => {
  test('every message can be written and read back', () => {
    expect(must(parseCredentialRequest(credentialRequestMessage(request)))).toEqual(request);
    expect(must(parseCredentialMessage(credentialMessage(issued)))).toEqual(issued);
    expect(must(parseCredentialMessage(credentialMessage(rejected)))).toEqual(rejected);
    expect(must(parseCredentialStatus(credentialStatusMessage(state)))).toEqual(state);
    expect(must(parseIssuerMetadata(issuerMetadata(metadata)))).toEqual(metadata);
  });

  const offer = { ...issuerMetadata(metadata), type: 'CredentialOfferMessage', credentials: [{ id: 'membership' }] };

  test('an offer may carry ids alone, as the DCP kit sends it', () => {
    expect(must(parseCredentialOffer(offer))).toEqual({
      issuer: metadata.issuer,
      credentials: [{ id: 'membership', bindingMethods: [] }],
    });
  });

  const message = (type: string, members: object) => ({
    '@context': 'https://w3id.org/dspace-dcp/v1.0/dcp.jsonld',
    type,
    ...members,
  });
  test.each<[string, { readonly ok: boolean }]>([
    [
      'a request without holderPid',
      parseCredentialRequest(message('CredentialRequestMessage', { credentials: [{ id: 'x' }] })),
    ],
    [
      'a request for nothing',
      parseCredentialRequest(message('CredentialRequestMessage', { holderPid: 'x', credentials: [] })),
    ],
    [
      'a request without ids',
      parseCredentialRequest(message('CredentialRequestMessage', { holderPid: 'x', credentials: [{}] })),
    ],
    [
      'a request for 51 credentials',
      parseCredentialRequest(
        message('CredentialRequestMessage', { holderPid: 'x', credentials: Array(51).fill({ id: 'x' }) }),
      ),
    ],
    ['a delivery without holderPid', parseCredentialMessage({ ...credentialMessage(issued), holderPid: undefined })],
    ['a delivery of type Foo', parseCredentialMessage({ ...credentialMessage(issued), type: 'Foo' })],
    [
      'a delivery with INVALID_STATUS',
      parseCredentialMessage({ ...credentialMessage(issued), status: 'INVALID_STATUS' }),
    ],
    ['a delivery of nothing', parseCredentialMessage({ ...credentialMessage(issued), credentials: [] })],
    [
      'a container without format',
      parseCredentialMessage({ ...credentialMessage(issued), credentials: [{ credentialType: 'A', payload: 'x' }] }),
    ],
    ['an unknown state', parseCredentialStatus({ ...credentialStatusMessage(state), status: 'LOST' })],
    ['an offer without issuer', parseCredentialOffer({ ...offer, issuer: null })],
    ['an offer with a numeric profile', parseCredentialOffer({ ...offer, credentials: [{ id: 'x', profile: 7 }] })],
    ['metadata that is a list', parseIssuerMetadata([])],
  ])('%s is refused', (_name, result) => {
    expect(result).toMatchObject({ ok: false, problem: { kind: 'message.malformed' } });
  });
});

describe('acceptCredentials', () => {
  const now = new Date('2026-11-23T12:00:00Z');
  let world: ParticipantWorld;
  let authority: Participant;
  let berlin: Participant;
  let mallory: Participant;
  beforeAll(async () => {
    world = new ParticipantWorld(now);
    authority = await world.join('did:web:authority.example');
    berlin = await world.join('did:web:berlin.example');
    mallory = await world.join('did:web:mallory.example');
  });
  const accept = (
    payload: string,
    changes: Partial<Parameters<typeof acceptCredentials>[1]> = {},
    container: object = {},
  ) =>
    acceptCredentials(
      {
        ...issued,
        credentials: [{ credentialType: 'MembershipCredential', payload, format: 'vc20-bssl/jwt', ...container }],
      },
      {
        request: { holderPid: 'urn:h', issuer: authority.did, types: ['MembershipCredential'] },
        sender: authority.did,
        holder: berlin.did,
        now,
        resolveDid: world.resolveDid,
        ...changes,
      },
    );

  test('takes what was asked for from the issuer that was asked', async () => {
    const payload = await world.membership(authority, berlin.did);
    expect(must(await accept(payload))).toMatchObject([{ issuer: authority.did, jwt: payload }]);
  });

  test('refuses what was not asked for', async () => {
    const payload = await world.membership(authority, berlin.did);
    const other = { holderPid: 'urn:other', issuer: authority.did, types: ['MembershipCredential'] };
    const notRequested = { ok: false, problem: { kind: 'credential.not-requested' } };
    expect(await accept(payload, { request: other })).toMatchObject(notRequested);
    expect(await accept(payload, { sender: mallory.did })).toMatchObject(notRequested);
    expect(await accept(payload, {}, { credentialType: 'OtherCredential' })).toMatchObject(notRequested);
    expect(await accept(await world.membership(authority, berlin.did, { type: 'OtherCredential' }))).toMatchObject(
      notRequested,
    );
  });

  test('refuses credentials of another issuer, about another subject, expired, or of an unknown format', async () => {
    const draft = world.membership.bind(world);
    const refusals: readonly (readonly [string, string])[] = [
      [await draft(mallory, berlin.did), 'credential.untrusted-issuer'],
      [await draft(mallory, berlin.did, { issuer: authority.did }), 'jwt.foreign-key'],
      [await draft(authority, mallory.did), 'credential.foreign-subject'],
      [await draft(authority, berlin.did, { validUntil: new Date(now.getTime() - 60_000) }), 'credential.expired'],
    ];
    for (const [payload, kind] of refusals)
      expect(await accept(payload)).toMatchObject({ ok: false, problem: { kind } });
    expect(await accept('x', {}, { format: 'ldp_vc' })).toMatchObject({ problem: { kind: 'credential.malformed' } });
  });
});
