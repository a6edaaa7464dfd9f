import { type Did, type Json, type JsonObject, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import {
  buildDidDocument,
  didDocumentUrl,
  parseDidDocument,
  parseDidWeb,
  selectKey,
  serviceEndpoint,
} from './index.js';
import { ParticipantWorld } from './testing/index.js';

describe('parseDidWeb', () => {
  test.each([
    ['did:web:w3c-ccg.github.io', 'https://w3c-ccg.github.io/.well-known/did.json'],
    ['did:web:w3c-ccg.github.io:user:alice', 'https://w3c-ccg.github.io/user/alice/did.json'],
    ['did:web:example.com%3A3000:user:alice', 'https://example.com:3000/user/alice/did.json'],
    ['did:web:localhost%3a7001', 'https://localhost:7001/.well-known/did.json'],
    ['did:web:xn--kln-sna.example', 'https://xn--kln-sna.example/.well-known/did.json'],
    ['did:web:city.example:a%2Db', 'https://city.example/a-b/did.json'],
  ])('maps %s to %s, as the did:web method specification does', (did, url) => {
    expect(didDocumentUrl(must(parseDidWeb(did)), { insecure: false })).toBe(url);
    expect(new URL(url).href).toBe(url);
  });

  test('uses plain HTTP only when told so', () => {
    const parts = must(parseDidWeb('did:web:localhost%3A7001'));
    expect(didDocumentUrl(parts, { insecure: true })).toBe('http://localhost:7001/.well-known/did.json');
  });

  test.each([
    undefined,
    7,
    '',
    'did:web:',
    'did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2',
    'DID:WEB:city.example',
    'did:web:CITY.EU',
    'did:web:city.eu.',
    'did:web:.city.eu',
    'did:web:city..eu',
    'did:web:-city.eu',
    'did:web:city-.eu',
    'did:web:city_a.eu',
    'did:web:city.eu/path',
    'did:web:city.eu#key',
    'did:web:city.eu?x=1',
    'did:web:a%2F..',
    'did:web:a%2f%2e%2e',
    'did:web:city.eu%40evil.tld',
    'did:web:city.eu@evil.tld',
    'did:web:city.eu%5Cevil.tld',
    'did:web:city.eu\\evil.tld',
    'did:web:city.eu%23evil',
    'did:web:city.eu%3Fevil',
    'did:web:city.eu%00',
    'did:web:city.eu%0d%0aHost',
    'did:web:city.eu ',
    'did:web: city.eu',
    'did:web:city.eu%3A',
    'did:web:city.eu%3A0',
    'did:web:city.eu%3A080',
    'did:web:city.eu%3A65536',
    'did:web:city.eu%3A99999',
    'did:web:city.eu%3A80%3A81',
    'did:web:city.eu%253A80',
    'did:web:city.eu%3A+80',
    'did:web:127.0.0.1',
    'did:web:127.0.0.1%3A80',
    'did:web:2130706433',
    'did:web:0x7f.1',
    'did:web:0x7f000001',
    'did:web:0177.0.0.1',
    'did:web:127.1',
    'did:web:1.2.3.0x4',
    'did:web:0x',
    'did:web:[::1]',
    'did:web:%5B%3A%3A1%5D',
    'did:web:１２７.０.０.１',
    'did:web:köln.example',
    'did:web:city.eu:',
    'did:web:city.eu::a',
    'did:web:city.eu:.',
    'did:web:city.eu:..',
    'did:web:city.eu:%2e%2e',
    'did:web:city.eu:%2E.',
    'did:web:city.eu:a%2Fb',
    'did:web:city.eu:a%5Cb',
    'did:web:city.eu:a%',
    'did:web:city.eu:a%zz',
    'did:web:city.eu:a%C3%BC',
    'did:web:city.eu:a%3A80',
    'did:web:city.eu:a%20b',
    `did:web:${'a'.repeat(64)}.eu`,
    `did:web:${'a.'.repeat(130)}eu`,
    `did:web:city.eu${':a'.repeat(17)}`,
    `did:web:city.eu:${'a'.repeat(2000)}`,
  ])('refuses %p', (did) => {
    expect(parseDidWeb(did)).toMatchObject({ ok: false, problem: { kind: 'did.malformed' } });
  });
});

const did: Did = 'did:web:berlin.example';

describe('the DID document of a node', () => {
  const services = [
    { id: `${did}#cs`, type: 'CredentialService', serviceEndpoint: 'https://berlin.example/dcp/credentials' },
  ];

  test('publishes JWT keys as JsonWebKey2020 and the report key as Multikey, each for its own purpose', async () => {
    const { keys, published } = await new ParticipantWorld(new Date(0)).join(did, services);
    expect(published).toEqual({
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/dspace-dcp/v1.0/dcp.jsonld'],
      id: did,
      verificationMethod: [
        {
          id: keys.participant.id,
          type: 'JsonWebKey2020',
          controller: did,
          publicKeyJwk: { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) },
        },
        {
          id: keys.credential.id,
          type: 'JsonWebKey2020',
          controller: did,
          publicKeyJwk: { kty: 'OKP', crv: 'Ed25519', x: expect.any(String) },
        },
        {
          id: keys.report.id,
          type: 'Multikey',
          controller: did,
          publicKeyMultibase: expect.stringMatching(/^z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/),
        },
      ],
      capabilityInvocation: [keys.participant.id],
      authentication: [keys.participant.id],
      assertionMethod: [keys.credential.id, keys.report.id],
      service: services,
    });
    expect(JSON.stringify(published)).not.toContain('"d"');
  });

  test('can be read back, with its service', async () => {
    const { keys, published } = await new ParticipantWorld(new Date(0)).join(did, services);
    const document = must(parseDidDocument(published, did));
    expect(must(selectKey(document, keys.participant.id, 'authentication')).id).toBe(keys.participant.id);
    expect(serviceEndpoint(document, 'CredentialService')).toMatchObject({ value: services[0]?.serviceEndpoint });
    expect(serviceEndpoint(document, 'IssuerService')).toMatchObject({ problem: { kind: 'did-document.no-service' } });
  });

  test('may hold two keys of one purpose while they are rotated', () => {
    const key = (id: string) =>
      ({ id, purpose: 'participant', publicJwk: { kty: 'OKP', crv: 'Ed25519', x: 'AA' } }) as const;
    const document = buildDidDocument({ did, keys: [key(`${did}#1`), key(`${did}#2`)], services: [] });
    expect(document.authentication).toEqual([`${did}#1`, `${did}#2`]);
  });
});

describe('parseDidDocument', () => {
  const jwk = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' };
  const parse = (changes: JsonObject) => parseDidDocument({ id: did, ...changes }, did);

  test('reads the documents of the DCP kit: contexts that do not exist, service ids that are no URLs', () => {
    const document = must(
      parse({
        '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/dspace-dcp/v1.0'],
        verificationMethod: [{ id: `${did}#k`, type: 'assertionMethod', publicKeyJwk: jwk }],
        service: {
          id: 'TCK-Credential-Service',
          type: ['CredentialService'],
          serviceEndpoint: 'http://localhost:8083',
        },
      }),
    );
    expect(document.methods).toHaveLength(1);
    expect(must(serviceEndpoint(document, 'CredentialService'))).toBe('http://localhost:8083');
  });

  test('makes relative key ids absolute and finds keys embedded in a relationship', () => {
    const document = must(
      parse({
        verificationMethod: [{ id: '#a', publicKeyJwk: jwk }],
        capabilityInvocation: ['a', { id: 'b', controller: did, publicKeyJwk: jwk }],
      }),
    );
    for (const kid of ['a', '#a', `${did}#a`, 'b', '#b'])
      expect(selectKey(document, kid, 'capabilityInvocation').ok).toBe(true);
    expect(selectKey(document, 'b', 'authentication')).toMatchObject({ problem: { kind: 'key.wrong-relationship' } });
  });

  test('leaves out keys of other DIDs, foreign controllers and noise', () => {
    const verificationMethod: readonly Json[] = [
      { id: 'did:web:mallory.example#k', publicKeyJwk: jwk },
      { id: '#b', controller: 'did:web:mallory.example', publicKeyJwk: jwk },
      { id: '#c' },
      { id: '##', publicKeyJwk: jwk },
      'text',
      null,
    ];
    expect(
      must(parse({ verificationMethod, service: [null, 'x', { type: 'A' }, { serviceEndpoint: 7 }] })),
    ).toMatchObject({
      methods: [],
      services: [],
    });
  });

  test.each<[string, unknown]>([
    ['text', 'did'],
    ['a list', []],
    ['the document of another DID', { id: 'did:web:berlin.example.evil.tld' }],
    ['a DID in other letters', { id: 'did:web:Berlin.example' }],
    ['two keys under one id', { id: did, verificationMethod: [1, 2].map(() => ({ id: '#a', publicKeyJwk: jwk })) }],
  ])('refuses %s', (_what, value) => {
    expect(parseDidDocument(value, did)).toMatchObject({ ok: false, problem: { kind: 'did-document.malformed' } });
  });

  test('forgives missing relationships only for lenient peers, and only when none is listed at all', () => {
    const verificationMethod = [{ id: '#a', publicKeyJwk: jwk }];
    const silent = must(parse({ verificationMethod }));
    const partial = must(parse({ verificationMethod, assertionMethod: ['#a'] }));
    expect(selectKey(silent, '#a', 'authentication').ok).toBe(false);
    expect(selectKey(silent, '#a', 'authentication', 'lenient').ok).toBe(true);
    expect(selectKey(partial, '#a', 'authentication', 'lenient').ok).toBe(false);
  });
});
