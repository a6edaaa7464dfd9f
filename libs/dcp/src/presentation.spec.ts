import { type JsonObject, must } from '@hansa/kernel';
import { CountingIds } from '@hansa/kernel/testing';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt, importJWK, SignJWT } from 'jose';
import {
  buildPresentations,
  createStatusList,
  issueStatusList,
  type PresentationCheck,
  presentationResponse,
  type Scope,
  type StatusEntry,
  verifyPresentations,
} from './index.js';
import { type Participant, ParticipantWorld } from './testing/index.js';
import { vc11Membership } from './testing/vc11.fixtures.js';

const now = new Date('2026-11-23T12:00:00Z');
const later = (milliseconds: number) => new Date(now.getTime() + milliseconds);
const ids = new CountingIds();
const membership: Scope = { kind: 'type', value: 'MembershipCredential' };
const url = 'https://authority.example/status/1';
const status: StatusEntry = {
  type: 'BitstringStatusListEntry',
  statusPurpose: 'revocation',
  statusListIndex: 7,
  statusListCredential: url,
};
let world: ParticipantWorld;
let authority: Participant;
let berlin: Participant;
let bruges: Participant;
let mallory: Participant;

beforeAll(async () => {
  world = new ParticipantWorld(now);
  authority = await world.join('did:web:authority.example');
  berlin = await world.join('did:web:berlin.example');
  bruges = await world.join('did:web:bruges.example');
  mallory = await world.join('did:web:mallory.example');
});

const check = (changes: Partial<PresentationCheck> = {}): PresentationCheck => ({
  ...world.ports(),
  holder: berlin.did,
  audience: bruges.did,
  requestedScopes: [membership],
  trustedIssuers: [{ did: authority.did, types: ['MembershipCredential'] }],
  ...changes,
});

const present = async (credentials: readonly string[], by = berlin, audience = bruges): Promise<JsonObject> =>
  presentationResponse(
    must(
      await buildPresentations({
        credentials,
        holder: by.did,
        signer: by.signers.participant,
        audience: audience.did,
        now,
        ids,
      }),
    ),
  );

const publish = async (bits: Uint8Array, by = authority, at = now): Promise<void> => {
  const list = { signer: by.signers.credential, issuer: by.did, url, purpose: 'revocation', bits } as const;
  world.statusLists.set(
    url,
    await issueStatusList({ ...list, validFrom: at, validUntil: new Date(at.getTime() + 900_000) }),
  );
};

const vc11 = (changes: JsonObject = {}): Promise<string> => vc11Membership(authority, berlin.did, now, changes);

describe('a presentation', () => {
  test('goes from issuer over holder to verifier, and says what the issuer said', async () => {
    await publish(createStatusList());
    const jwt = await world.membership(authority, berlin.did, { status });
    const presentation = must(await verifyPresentations(await present([jwt]), check()));
    expect(presentation.holder).toBe(berlin.did);
    expect(presentation.credentials).toEqual([
      {
        profile: 'vc20-bssl/jwt',
        id: expect.stringMatching(/^urn:test:credential:/),
        type: ['VerifiableCredential', 'MembershipCredential'],
        context: ['https://www.w3.org/ns/credentials/v2'],
        issuer: authority.did,
        credentialSubject: [{ id: berlin.did, membershipType: 'full-member' }],
        validFrom: later(-86_400_000),
        validUntil: later(30 * 86_400_000),
        credentialStatus: [status],
        credentialSchema: [],
        jwt,
      },
    ]);
  });

  test('keeps data models apart: VC 2.0 and VC 1.1 credentials travel in two presentations', async () => {
    const response = await present([
      await world.membership(authority, berlin.did),
      await vc11(),
      await vc11({ jti: 'b' }),
    ]);
    expect(response.presentation).toHaveLength(2);
    const { credentials } = must(await verifyPresentations(response, check()));
    expect(credentials.map((one) => one.profile)).toEqual(['vc20-bssl/jwt', 'vc11-sl2021/jwt', 'vc11-sl2021/jwt']);
  });

  test('of a VC 1.1 credential takes the later start and the earlier end of JWT and data model', async () => {
    const response = await present([await vc11({ exp: now.getTime() / 1000 + 60 })]);
    const { credentials } = must(await verifyPresentations(response, check()));
    expect(credentials[0]).toMatchObject({ validFrom: now, validUntil: later(60_000), issuer: authority.did });
  });

  test('may hold what was not asked for, even expired, without it being looked at or passed on', async () => {
    const other = await world.membership(authority, berlin.did, {
      type: 'OtherCredential',
      validUntil: later(-60_000),
    });
    const response = await present([await world.membership(authority, berlin.did), other]);
    expect(must(await verifyPresentations(response, check())).credentials).toHaveLength(1);
  });

  test('must meet every scope', async () => {
    const requestedScopes: readonly Scope[] = [membership, { kind: 'type', value: 'AuditorAccreditationCredential' }];
    const response = await present([await world.membership(authority, berlin.did)]);
    const result = await verifyPresentations(response, check({ requestedScopes }));
    expect(result).toMatchObject({ problem: { kind: 'presentation.missing-credential' } });
    expect(!result.ok && result.problem.detail).toContain('AuditorAccreditationCredential');
  });

  test('is refused when the credential is someone else’s, also when wrapped again by the thief', async () => {
    const stolen = await world.membership(authority, berlin.did);
    const response = await present([stolen], mallory);
    expect(await verifyPresentations(response, check())).toMatchObject({
      problem: { kind: 'presentation.foreign-holder' },
    });
    expect(await verifyPresentations(response, check({ holder: mallory.did }))).toMatchObject({
      problem: { kind: 'credential.foreign-subject' },
    });
    const replayed = await present([stolen]);
    expect(await verifyPresentations(replayed, check({ holder: mallory.did }))).toMatchObject({
      problem: { kind: 'presentation.foreign-holder' },
    });
  });

  test('made for another verifier, or too old, is refused', async () => {
    const jwt = await world.membership(authority, berlin.did);
    expect(await verifyPresentations(await present([jwt], berlin, mallory), check())).toMatchObject({
      problem: { kind: 'jwt.audience' },
    });
    expect(await verifyPresentations(await present([jwt]), check({ now: later(331_000) }))).toMatchObject({
      problem: { kind: 'jwt.expired' },
    });
  });

  test('signed with a key that is not listed for authentication is refused', async () => {
    const signer = berlin.signers.credential;
    const credentials = [await world.membership(authority, berlin.did)];
    const built = must(
      await buildPresentations({ credentials, holder: berlin.did, signer, audience: bruges.did, now, ids }),
    );
    expect(await verifyPresentations(presentationResponse(built), check())).toMatchObject({
      problem: { kind: 'key.wrong-relationship' },
    });
  });

  test('signed with the key of tokens is refused where the document lists it for tokens only', async () => {
    const relationships = { ...berlin.document.relationships, authentication: [] };
    const resolveDid: PresentationCheck['resolveDid'] = async (did, options) =>
      did === berlin.did ? { ok: true, value: { ...berlin.document, relationships } } : world.resolveDid(did, options);
    const response = await present([await world.membership(authority, berlin.did)]);
    expect(await verifyPresentations(response, check({ resolveDid }))).toMatchObject({
      problem: { kind: 'key.wrong-relationship' },
    });
  });

  test.each(['iss', 'exp', 'aud'])('in the VC 1.1 form without "%s" is refused', async (claim) => {
    const [built = ''] = (await present([await vc11()])).presentation as readonly string[];
    const { [claim]: _, ...claims } = decodeJwt(built);
    const key = await importJWK({ ...berlin.keys.participant.privateJwk }, 'ES256');
    const jwt = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: berlin.keys.participant.id })
      .sign(key);
    const kind = claim === 'aud' ? 'jwt.audience' : 'presentation.malformed';
    expect(await verifyPresentations(presentationResponse([jwt]), check())).toMatchObject({ problem: { kind } });
  });

  test('with a credential signed by a key that is not listed for assertions is refused', async () => {
    const jwt = await world.membership(authority, berlin.did, { signer: authority.signers.participant });
    expect(await verifyPresentations(await present([jwt]), check())).toMatchObject({
      problem: { kind: 'key.wrong-relationship' },
    });
  });

  test('with the same credential twice, or with too many, is refused', async () => {
    const jwt = await world.membership(authority, berlin.did);
    expect(await verifyPresentations(await present([jwt, jwt]), check())).toMatchObject({
      problem: { kind: 'presentation.malformed' },
    });
    const many = await Promise.all(Array.from({ length: 51 }, () => world.membership(authority, berlin.did)));
    expect(await verifyPresentations(await present(many), check())).toMatchObject({
      problem: { kind: 'presentation.too-large' },
    });
    const flood = { ...presentationResponse([]), presentation: Array.from({ length: 21 }, () => 'x') };
    expect(await verifyPresentations(flood, check())).toMatchObject({ problem: { kind: 'presentation.too-large' } });
  });

  test('with a credential schema passes only when we know the schema', async () => {
    const claims = { '@context': ['https://www.w3.org/2018/credentials/v1'], issuanceDate: '2026-11-23T11:00:00Z' };
    const credentialSchema = { id: 'https://authority.example/schema', type: 'JsonSchemaValidator2018' };
    const credentialSubject = { id: berlin.did, foo: 'bar' };
    const type = ['VerifiableCredential', 'MembershipCredential'];
    const response = await present([await vc11({ vc: { ...claims, type, credentialSchema, credentialSubject } })]);
    expect(await verifyPresentations(response, check())).toMatchObject({
      problem: { kind: 'credential.schema-unknown' },
    });
    const fitsSchema: PresentationCheck['fitsSchema'] = (schema, subjects) =>
      schema.id === credentialSchema.id && subjects.every((subject) => subject.foo === 'bar');
    expect((await verifyPresentations(response, check({ fitsSchema }))).ok).toBe(true);
  });

  test.each<[string, JsonObject, string]>([
    ['JWT subject differs', { sub: 'did:web:mallory.example' }, 'credential.malformed'],
    [
      'no subject',
      {
        vc: {
          '@context': ['https://www.w3.org/2018/credentials/v1'],
          type: ['VerifiableCredential', 'MembershipCredential'],
        },
      },
      'credential.malformed',
    ],
    [
      'no context',
      { vc: { type: ['VerifiableCredential', 'MembershipCredential'], credentialSubject: {} } },
      'credential.malformed',
    ],
    ['exp as text', { exp: '2026-12-23T12:00:00Z' }, 'credential.malformed'],
    ['nbf in the future', { nbf: 1_795_438_800 }, 'credential.not-yet-valid'],
  ])('a VC 1.1 credential is refused: %s', async (_name, changes, kind) => {
    expect(await verifyPresentations(await present([await vc11(changes)]), check())).toMatchObject({
      problem: { kind },
    });
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'message.malformed'],
    ['no list', { presentation: 'x' }, 'message.malformed'],
    ['no JWT', { presentation: ['x'] }, 'jwt.malformed'],
    ['a number', { presentation: [7] }, 'presentation.unsupported'],
    ['a Linked Data presentation', { presentation: [{ type: 'VerifiablePresentation' }] }, 'presentation.unsupported'],
    [
      'an envelope without JWT',
      { presentation: [{ type: 'EnvelopedVerifiablePresentation', id: 'https://x' }] },
      'presentation.unsupported',
    ],
  ])('an answer with %s is refused', async (_name, members, kind) => {
    const answer = members === undefined ? members : { ...presentationResponse([]), ...(members as object) };
    expect(await verifyPresentations(answer, check())).toMatchObject({ ok: false, problem: { kind } });
  });

  test('envelopes do not nest deeper than EDC nests them', async () => {
    const [outer = ''] = must(
      await buildPresentations({
        credentials: [await world.membership(authority, berlin.did)],
        holder: berlin.did,
        signer: berlin.signers.participant,
        audience: bruges.did,
        now,
        ids,
      }),
    );
    const nested = { type: 'EnvelopedVerifiablePresentation', id: `data:application/vp+jwt,${outer}` };
    expect(await verifyPresentations({ ...presentationResponse([]), presentation: [nested] }, check())).toMatchObject({
      problem: { kind: 'presentation.malformed' },
    });
  });
});
