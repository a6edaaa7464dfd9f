import { createPublicKey } from 'node:crypto';
import { type Did, must } from '@hansa/kernel';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { importJWK, type JWTHeaderParameters, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { issueAccessToken, type Scope, type TokenCheck, verifyAccessToken, verifySelfIssuedToken } from './index.js';
import { type Participant, ParticipantWorld } from './testing/index.js';

const now = new Date('2026-11-23T12:00:00Z');
const seconds = now.getTime() / 1000;
let world: ParticipantWorld;
let berlin: Participant;
let bruges: Participant;
let mallory: Participant;

beforeAll(async () => {
  world = new ParticipantWorld(now);
  berlin = await world.join('did:web:berlin.example');
  bruges = await world.join('did:web:bruges.example');
  mallory = await world.join('did:web:mallory.example');
});
beforeEach(() => {
  world.resolutions.length = 0;
});

const verify = (token: unknown, changes: Partial<TokenCheck> = {}) =>
  verifySelfIssuedToken(token, { audience: bruges.did, ...world.ports(), ...changes });

let serial = 0;
const goodClaims = () => ({
  iss: berlin.did,
  sub: berlin.did,
  aud: bruges.did,
  jti: `attack-${++serial}`,
  iat: seconds,
  exp: seconds + 300,
});

/** A token made by jose and not by us, by Berlin's own key unless told otherwise. */
async function forge(
  claims: JWTPayload | Record<string, unknown> = {},
  header: Partial<JWTHeaderParameters> & Record<string, unknown> = {},
  by: Participant = berlin,
): Promise<string> {
  const payload = JSON.parse(JSON.stringify({ ...goodClaims(), ...claims })) as JWTPayload;
  const key = await importJWK({ ...by.keys.participant.privateJwk }, 'ES256');
  return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: by.keys.participant.id, ...header }).sign(key);
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('Self-Issued ID Tokens', () => {
  test('prove to the other side who is calling, and carry the access token along', async () => {
    const token = must(await verify(await world.token(berlin, bruges.did, 'opaque')));
    expect(token).toEqual({
      issuer: berlin.did,
      jti: expect.any(String),
      expiresAt: new Date('2026-11-23T12:05:00Z'),
      accessToken: 'opaque',
    });
  });

  test('are plain JWTs that jose verifies too', async () => {
    const key = await importJWK({ ...berlin.keys.participant.publicJwk }, 'ES256');
    const options = { audience: bruges.did, issuer: berlin.did, currentDate: now, typ: 'JWT', maxTokenAge: 300 };
    const { protectedHeader } = await jwtVerify(await world.token(berlin, bruges.did), key, options);
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: berlin.keys.participant.id, typ: 'JWT' });
  });

  test('forged by jose with correct claims, they pass: the attacks below fail for their own reason', async () => {
    expect(await verify(await forge())).toMatchObject({ ok: true });
  });

  const claimAttacks: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ['no exp', { exp: undefined }, 'jwt.claim'],
    ['exp 1e308', { exp: 1e308 }, 'jwt.claim'],
    ['exp as text', { exp: '1795435490' }, 'jwt.claim'],
    ['exp null', { exp: null }, 'jwt.claim'],
    ['exp negative', { exp: -1 }, 'jwt.claim'],
    ['no iat', { iat: undefined }, 'jwt.claim'],
    ['iat one hour ahead', { iat: seconds + 3600, exp: seconds + 3700 }, 'jwt.not-yet-valid'],
    ['nbf one hour ahead', { nbf: seconds + 3600 }, 'jwt.not-yet-valid'],
    ['life of a day', { exp: seconds + 86_400 }, 'token.lifetime'],
    ['aud of two', { aud: ['did:web:bruges.example', 'did:web:mallory.example'] }, 'jwt.audience'],
    ['aud empty', { aud: [] }, 'jwt.audience'],
    ['aud prefix', { aud: 'did:web:bruges.example.evil.tld' }, 'jwt.audience'],
    ['no jti', { jti: undefined }, 'jwt.claim'],
    ['jti number', { jti: 7 }, 'jwt.claim'],
    ['jti of 1 MB', { jti: 'x'.repeat(1_000_000) }, 'jwt.malformed'],
    ['iss not sub', { sub: 'did:web:mallory.example' }, 'jwt.claim'],
    ['iss no DID', { iss: 'https://city.eu', sub: 'https://city.eu' }, 'jwt.claim'],
    ['a credential posing as token', { vc: {} }, 'jwt.claim'],
    ['a presentation posing as token', { vp: {} }, 'jwt.claim'],
    ['sub_jwk of SIOP', { sub_jwk: {} }, 'jwt.claim'],
    ['token claim as object', { token: {} }, 'jwt.claim'],
  ];
  test.each(claimAttacks)('%s is refused before any document is fetched', async (_name, claims, kind) => {
    expect(await verify(await forge(claims))).toMatchObject({ ok: false, problem: { kind } });
    expect(world.resolutions).toEqual([]);
  });

  const headerAttacks: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ['kid of another DID', { kid: 'did:web:mallory.example#participant-7' }, 'jwt.foreign-key'],
    ['kid of a DID that starts alike', { kid: 'did:web:berlin.example.evil.tld#k' }, 'jwt.foreign-key'],
    ['kid with a path', { kid: '../../key' }, 'key.unknown'],
    ['kid with SQL', { kid: "' OR 1=1 --" }, 'key.unknown'],
    ['typ of a credential', { typ: 'vc+jwt' }, 'jwt.type'],
    ['typ of a presentation', { typ: 'application/vp+jwt' }, 'jwt.type'],
    ['typ of an access token', { typ: 'at+jwt' }, 'jwt.type'],
  ];
  test.each(headerAttacks)('%s is refused', async (_name, header, kind) => {
    expect(await verify(await forge({}, header))).toMatchObject({ ok: false, problem: { kind } });
    const fetched = new Set(world.resolutions.map(({ did }) => did));
    expect([...fetched]).toEqual(kind === 'key.unknown' ? [berlin.did] : []);
  });

  test('keys and addresses in the header are never used', async () => {
    const { publicJwk } = mallory.keys.participant;
    const header = {
      kid: berlin.keys.participant.id,
      jwk: publicJwk,
      jku: 'https://mallory.example/jwks',
      x5u: 'https://x',
    };
    const token = await forge({}, header as never, mallory);
    expect(await verify(token)).toMatchObject({ ok: false, problem: { kind: 'jwt.signature' } });
  });

  test.each(['none', 'nOnE', 'HS256', 'RS256', 'ES256K', '', null, 7])('alg %p is refused', async (alg) => {
    const token = `${part({ alg, kid: berlin.keys.participant.id })}.${part(goodClaims())}.AAAA`;
    expect(await verify(token)).toMatchObject({ ok: false, problem: { kind: 'jwt.algorithm' } });
    expect(world.resolutions).toEqual([]);
  });

  test('a MAC keyed with the public key is refused', async () => {
    const key = createPublicKey({ key: { ...berlin.keys.participant.publicJwk }, format: 'jwk' });
    const pem = key.export({ type: 'spki', format: 'pem' }).toString();
    const token = await new SignJWT(goodClaims())
      .setProtectedHeader({ alg: 'HS256', kid: berlin.keys.participant.id })
      .sign(Buffer.from(pem));
    expect(await verify(token)).toMatchObject({ ok: false, problem: { kind: 'jwt.algorithm' } });
  });

  test.each([{ crit: ['x'], x: 1 }, { crit: ['b64'], b64: false }, { b64: false }])('%j is refused', async (header) => {
    const token = `${part({ alg: 'ES256', kid: berlin.keys.participant.id, ...header })}.${part(goodClaims())}.AAAA`;
    expect(await verify(token)).toMatchObject({ ok: false, problem: { kind: 'jwt.algorithm' } });
  });

  test('an EdDSA header over an ES256 key is refused', async () => {
    const token = await forge({}, { kid: berlin.keys.participant.id });
    const [, claims, signature] = token.split('.');
    const swapped = `${part({ alg: 'EdDSA', kid: berlin.keys.participant.id })}.${claims}.${signature}`;
    expect(await verify(swapped)).toMatchObject({ ok: false, problem: { kind: 'jwt.algorithm' } });
  });

  test('signatures of zeros and in DER are refused', async () => {
    const [header, claims] = (await world.token(berlin, bruges.did)).split('.');
    const der = Buffer.from('3006020101020101', 'hex').toString('base64url');
    for (const signature of [Buffer.alloc(64).toString('base64url'), der])
      expect(await verify(`${header}.${claims}.${signature}`)).toMatchObject({ problem: { kind: 'jwt.signature' } });
  });

  test('a key listed for another relationship is refused', async () => {
    const key = await importJWK({ ...berlin.keys.credential.privateJwk }, 'EdDSA');
    const header = { alg: 'EdDSA', kid: berlin.keys.credential.id };
    const token = await new SignJWT(goodClaims()).setProtectedHeader(header).sign(key);
    expect(await verify(token)).toMatchObject({ ok: false, problem: { kind: 'key.wrong-relationship' } });
  });

  test('a DID that can not be resolved is told apart from a forgery', async () => {
    const did: Did = 'did:web:nowhere.example';
    const token = await forge({ iss: did, sub: did }, { kid: `${did}#k` });
    expect(await verify(token)).toMatchObject({ ok: false, problem: { kind: 'did.unresolvable' } });
  });

  test.each([
    undefined,
    null,
    7,
    {},
    '',
    'a',
    'a.b',
    'a.b.c',
    'a.b.c.d',
    '..',
    `${'a'.repeat(20_000)}.b.c`,
    '🙂.🙂.🙂',
  ])('%p is refused as malformed', async (token) => {
    expect(await verify(token)).toMatchObject({ ok: false, problem: { kind: 'jwt.malformed' } });
  });

  test('deeply nested claims are refused without recursing', async () => {
    const claims = Buffer.from(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`).toString('base64url');
    expect(await verify(`${part({ alg: 'ES256' })}.${claims}.AAAA`)).toMatchObject({
      problem: { kind: 'jwt.malformed' },
    });
  });

  test('a second text for the same signature is refused: the last letter has bits that count for nothing', async () => {
    const token = await world.token(berlin, bruges.did);
    const last = token.slice(-1);
    const twins = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].filter(
      (letter) =>
        letter !== last && Buffer.from(`A${letter}`, 'base64url').equals(Buffer.from(`A${last}`, 'base64url')),
    );
    expect(twins).toHaveLength(15);
    for (const twin of twins)
      expect(await verify(token.slice(0, -1) + twin)).toMatchObject({ problem: { kind: 'jwt.malformed' } });
  });

  test('no single changed character goes unnoticed', async () => {
    const token = await world.token(berlin, bruges.did);
    const parts = new Set<number>();
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.constantFrom(...'AQgwZ_-9.'), async (at, letter) => {
        fc.pre(token[at] !== letter);
        parts.add(token.slice(0, at).split('.').length);
        expect((await verify(`${token.slice(0, at)}${letter}${token.slice(at + 1)}`)).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
    expect([...parts].sort()).toEqual([1, 2, 3]);
  });

  test('the clocks of two nodes may differ by 29 seconds and not by 31', async () => {
    for (const [offset, ok] of [
      [29, true],
      [31, false],
    ] as const) {
      expect((await verify(await forge({ iat: seconds + offset, exp: seconds + 300 }))).ok).toBe(ok);
      expect((await verify(await forge({ iat: seconds - 300, exp: seconds - offset }))).ok).toBe(ok);
    }
  });

  test('one token presented fifty times at once is accepted once', async () => {
    const token = await world.token(berlin, bruges.did);
    const results = await Promise.all(Array.from({ length: 50 }, () => verify(token)));
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    expect(results.find((result) => !result.ok)).toMatchObject({ problem: { kind: 'token.replayed' } });
  });

  test('the replay store is asked only about tokens with a valid signature, and told how long to remember', async () => {
    const asked: unknown[] = [];
    const seenBefore = async (...entry: unknown[]) => asked.push(entry) === 0;
    await verify(await forge({ jti: 'fake' }, { kid: berlin.keys.participant.id }, mallory), { seenBefore });
    await verify(await forge({ jti: 'real' }), { seenBefore });
    expect(asked).toEqual([[berlin.did, 'real', new Date('2026-11-23T12:05:30Z')]]);
  });

  test('after a rotation the document is fetched anew, once', async () => {
    const own = new ParticipantWorld(now);
    const before = await own.join('did:web:ghent.example');
    const after = await own.join('did:web:ghent.example');
    const cache = new Map([[before.did, before.document]]);
    const resolutions: boolean[] = [];
    const resolveDid = async (did: Did, { refresh }: { refresh: boolean }) => {
      resolutions.push(refresh);
      if (refresh) cache.set(did, after.document);
      return { ok: true, value: cache.get(did) ?? after.document } as const;
    };
    expect((await verify(await own.token(after, bruges.did), { resolveDid })).ok).toBe(true);
    expect(resolutions).toEqual([false, true]);
    expect(await verify(await own.token(before, bruges.did), { resolveDid })).toMatchObject({
      problem: { kind: 'key.unknown' },
    });
  });
});

describe('access tokens', () => {
  const scopes: readonly Scope[] = [{ kind: 'type', value: 'MembershipCredential' }];
  const issue = (from = berlin, verifier: Did = bruges.did) =>
    issueAccessToken({ signer: from.signers.participant, holder: berlin.did, verifier, scopes, now, jti: 'access-1' });
  const check = (presenter: Did, at = now) => ({ document: berlin.document, presenter, now: at });

  test('grant to one verifier what it may read, again and again until they expire', async () => {
    const token = await issue();
    for (let use = 0; use < 2; use++)
      expect(await verifyAccessToken(token, check(bruges.did))).toEqual({
        ok: true,
        value: { verifier: bruges.did, scopes },
      });
    const late = new Date(now.getTime() + 331_000);
    expect(await verifyAccessToken(token, check(bruges.did, late))).toMatchObject({ problem: { kind: 'jwt.expired' } });
  });

  test('are worthless in the hands of another', async () => {
    expect(await verifyAccessToken(await issue(), check(mallory.did))).toMatchObject({
      problem: { kind: 'access-token.foreign' },
    });
  });

  test('signed by anybody but the holder are refused without asking for a foreign document', async () => {
    expect(await verifyAccessToken(await issue(mallory), check(bruges.did))).toMatchObject({
      problem: { kind: 'jwt.foreign-key' },
    });
  });

  test('and Self-Issued ID Tokens can not stand for each other', async () => {
    const selfIssued = await world.token(berlin, berlin.did);
    expect(await verifyAccessToken(selfIssued, check(bruges.did))).toMatchObject({ problem: { kind: 'jwt.type' } });
    expect(await verify(await issue())).toMatchObject({ problem: { kind: 'jwt.type' } });
    expect(await verifyAccessToken('faketoken', check(bruges.did))).toMatchObject({
      problem: { kind: 'jwt.malformed' },
    });
  });
});
