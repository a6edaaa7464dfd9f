import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DidDocument, parseDidDocument } from '@hansa/dcp';
import { type Did, uuids } from '@hansa/kernel';
import { FixedClock } from '@hansa/kernel/testing';
import { type Database, type GuardedClient, openDatabase } from '@hansa/platform';
import { createTestDatabase, type TestDatabase } from '@hansa/platform/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DidResolver } from './did-resolver.js';
import { Identity1763856200000 } from './identity.migration.js';
import { loadKeys } from './key-store.js';
import { didOf, NodeIdentity } from './node-identity.js';
import { SeenTokens } from './seen-tokens.js';
import { Trust } from './trust.js';

describe('the identity of a node', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hansa-keys-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test.each([
    ['http://localhost:7001', 'did:web:localhost%3A7001'],
    ['https://data.berlin.example', 'did:web:data.berlin.example'],
    ['https://berlin.example/nodes/a', 'did:web:berlin.example:nodes:a'],
  ])('of %s is %s', (url, did) => {
    expect(didOf(url)).toBe(did);
  });

  test('is made once, and found again', async () => {
    const first = await loadKeys(join(directory, 'a'), 'did:web:a.example');
    expect(await loadKeys(join(directory, 'a'), 'did:web:a.example')).toEqual(first);
  });

  test('keeps private keys to the owner of the files', async () => {
    await loadKeys(join(directory, 'b'), 'did:web:b.example');
    for (const file of await readdir(join(directory, 'b')))
      expect((await stat(join(directory, 'b', file))).mode & 0o077).toBe(0);
  });

  test('refuses keys of another address, and says what to do', async () => {
    await loadKeys(join(directory, 'c'), 'did:web:c.example');
    await expect(loadKeys(join(directory, 'c'), 'did:web:d.example')).rejects.toThrow(
      /did:web:c\.example.*new data directory/s,
    );
  });

  test('publishes a document that others can read, without a private key in it', async () => {
    const keys = await loadKeys(join(directory, 'e'), 'did:web:e.example');
    const identity = new NodeIdentity('https://e.example', keys, [
      { type: 'DataService', serviceEndpoint: 'https://e.example/.well-known/dspace-version' },
    ]);
    expect(parseDidDocument(identity.publishedDocument, 'did:web:e.example')).toMatchObject({ ok: true });
    expect(JSON.stringify(identity.publishedDocument)).not.toMatch(/"d":/);
  });
});

describe('the tokens of a node', () => {
  test('are fresh for every message; the access token inside is used for a minute, for one verifier', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hansa-tokens-'));
    const keys = await loadKeys(directory, 'did:web:a.example');
    await rm(directory, { recursive: true });
    const identity = new NodeIdentity('https://a.example', keys, []);
    const clock = new FixedClock(new Date('2026-11-23T12:00:00Z'));
    const rules = { requiredCredentials: ['MembershipCredential'], trustedIssuers: [], presentationMaxAge: 0 };
    const unused = undefined as never;
    const trust = new Trust(identity, rules, unused, unused, unused, unused, clock, uuids);
    const claims = async (audience: Did) => {
      const [, payload = ''] = (await trust.authorize(audience)).replace('Bearer ', '').split('.');
      return JSON.parse(Buffer.from(payload, 'base64url').toString()) as { jti: string; token: string };
    };
    const first = await claims('did:web:b.example');
    const second = await claims('did:web:b.example');
    expect(second.jti).not.toBe(first.jti);
    expect(second.token).toBe(first.token);
    expect((await claims('did:web:c.example')).token).not.toBe(first.token);
    clock.advance(60_000);
    expect((await claims('did:web:b.example')).token).not.toBe(first.token);
  });
});

describe('the DID resolver', () => {
  const clock = new FixedClock(new Date('2026-11-23T12:00:00Z'));
  const own: DidDocument = {
    id: 'did:web:own.example',
    methods: [],
    relationships: { capabilityInvocation: [], authentication: [], assertionMethod: [] },
    services: [],
  };
  const asked: string[] = [];
  let reachable = true;
  /** Answers like a peer's server: documents of *.example hosts, unless it is told to be away. */
  const client = {
    getJson: async (url: string) => {
      asked.push(url);
      if (!reachable) return { ok: false, problem: { kind: 'http.unreachable', detail: 'away' } };
      return { ok: true, value: { id: `did:web:${new URL(url).hostname}` } };
    },
  } as unknown as GuardedClient;
  const resolver = new DidResolver(own, client, clock, false);
  const resolve = (did: Did, refresh = false) => resolver.resolve(did, { refresh });

  test('knows its own document without asking anybody', async () => {
    expect(await resolve('did:web:own.example')).toEqual({ ok: true, value: own });
    expect(asked).toEqual([]);
  });

  test('asks once for a document, also when many want it at the same time, and over https', async () => {
    await Promise.all(Array.from({ length: 10 }, () => resolve('did:web:a.example')));
    await resolve('did:web:a.example');
    expect(asked).toEqual(['https://a.example/.well-known/did.json']);
  });

  test('asks again after five minutes, and at once when a refresh is wanted, but not more than every five seconds', async () => {
    asked.length = 0;
    clock.advance(299_000);
    await resolve('did:web:a.example');
    expect(asked).toHaveLength(0);
    await resolve('did:web:a.example', true);
    await resolve('did:web:a.example', true);
    expect(asked).toHaveLength(1);
    clock.advance(300_001);
    await resolve('did:web:a.example');
    expect(asked).toHaveLength(2);
  });

  test('forgets a failure soon', async () => {
    asked.length = 0;
    reachable = false;
    expect(await resolve('did:web:b.example')).toMatchObject({ ok: false, problem: { kind: 'did.unresolvable' } });
    reachable = true;
    expect(await resolve('did:web:b.example')).toMatchObject({ ok: false });
    clock.advance(30_001);
    expect(await resolve('did:web:b.example')).toMatchObject({ ok: true });
    expect(asked).toHaveLength(2);
  });

  test('never asks for what is no did:web', async () => {
    asked.length = 0;
    expect(await resolve('did:web:127.0.0.1')).toMatchObject({ ok: false });
    expect(await resolve('did:key:z6Mk')).toMatchObject({ ok: false });
    expect(asked).toEqual([]);
  });
});

describe('seen tokens', () => {
  let home: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    home = await createTestDatabase('embedded');
    database = await openDatabase(home.location, { entities: [], migrations: [Identity1763856200000] });
  });
  afterAll(async () => {
    await database.close();
    await home.remove();
  });

  test('accept a token once, however often it comes at the same time', async () => {
    const { seenBefore } = new SeenTokens(database.dataSource);
    const until = new Date(Date.now() + 60_000);
    const answers = await Promise.all(Array.from({ length: 50 }, () => seenBefore('did:web:a.example', 'j1', until)));
    expect(answers.filter((seen) => !seen)).toHaveLength(1);
    expect(await seenBefore('did:web:b.example', 'j1', until)).toBe(false);
  });

  test('tell tokens apart that come at the same time, whatever is in one of them', async () => {
    const { seenBefore } = new SeenTokens(database.dataSource);
    const until = new Date(Date.now() + 60_000);
    // Too long for an index.
    const odd = Array.from({ length: 1000 }, () => crypto.randomUUID()).join('');
    const ids = ['j2', 'j3', odd, 'j2', 'j4'];
    const answers = await Promise.allSettled(ids.map((jti) => seenBefore('did:web:a.example', jti, until)));
    expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'failed'))).toEqual([
      ...[false, false, 'failed', true, false],
    ]);
  });

  test('are forgotten when they have expired', async () => {
    const { seenBefore } = new SeenTokens(database.dataSource);
    await seenBefore('did:web:a.example', 'old', new Date(Date.now() - 1000));
    for (let i = 0; i < 1000; i++) await seenBefore('did:web:a.example', `n${i}`, new Date(Date.now() + 60_000));
    const [{ count }] = await database.dataSource.query(`SELECT count(*)::int FROM seen_token WHERE jti = 'old'`);
    expect(count).toBe(0);
  });
});
