import {
  buildDidDocument,
  createStatusList,
  generateKeyPair,
  hansaContextUrl,
  issueStatusList,
  type KeyPair,
  localSigner,
  publicKeyOf,
  signWithDataIntegrity,
  statusMember,
  withStatus,
} from '@hansa/dcp';
import { type Participant, ParticipantWorld } from '@hansa/dcp/testing';
import { canonicalJson, type Did, digestOfJson, type JsonObject, must } from '@hansa/kernel';
import {
  append,
  consistencyProof,
  emptyFrontier,
  entryHash,
  type Frontier,
  type Hash,
  inclusionProof,
  type LedgerEntry,
  ledgerProof,
  type NodeReader,
  type NoteSigner,
  rootOf,
  signCheckpoint,
} from '@hansa/ledger';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LoopbackServer, run, scratch, smallReport } from '../testing/index.js';
import { ed25519KeyOf } from './multikey.js';

const folder = scratch();
const now = new Date();
const world = new ParticipantWorld(now);
const offline = ['--offline', '--did-document', 'did.json'];
const verify = (...args: readonly string[]) => run(['verify', ...args], { directory: folder.path });
let berlin: Participant;
let mallory: Participant;

const report = smallReport();
const credentialOf = (issuer: Did, changes: JsonObject = {}): JsonObject => ({
  '@context': ['https://www.w3.org/ns/credentials/v2', hansaContextUrl],
  id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
  type: ['VerifiableCredential', 'AiAuditReportCredential'],
  issuer,
  validFrom: new Date(now.getTime() - 1000).toISOString(),
  validUntil: new Date(now.getTime() + 86_400_000).toISOString(),
  credentialSubject: { id: 'urn:model:1', type: 'AuditReport', verdict: 'pass', reportDigest: digestOfJson(report) },
  ...changes,
});
const sign = async (key: KeyPair, credential: JsonObject) =>
  must(await signWithDataIntegrity(credential, { signer: localSigner(key), now }));

/** A log in memory, built with the library's own functions. */
class Log {
  frontier: Frontier = emptyFrontier;
  readonly entries: LedgerEntry[] = [];
  readonly #nodes = new Map<string, Hash>();
  readonly #reader: NodeReader = {
    read: async (places) => places.map(({ level, index }) => this.#nodes.get(`${level}/${index}`) as Hash),
  };
  constructor(private readonly signer: NoteSigner) {}

  add(kind: string, actor: Did): void {
    const entry = {
      kind,
      at: '2026-11-23T04:05:06.789Z',
      actor,
      subjects: ['urn:agreement:1'],
      data: { rows: this.entries.length },
    };
    const appended = append(this.frontier, entryHash(entry));
    this.entries.push(entry);
    this.frontier = appended.frontier;
    for (const { level, index, hash } of appended.nodes) this.#nodes.set(`${level}/${index}`, hash);
  }

  checkpoint(): Promise<string> {
    return signCheckpoint({ size: this.frontier.size, root: rootOf(this.frontier) }, this.signer);
  }

  async prove(index: number) {
    const path = await inclusionProof(this.#reader, index, this.frontier.size);
    return ledgerProof(this.entries[index] as LedgerEntry, index, path, await this.checkpoint());
  }

  async since(older: number) {
    const proof = await consistencyProof(this.#reader, older, this.frontier.size);
    return { proof: proof.map((hash) => Buffer.from(hash).toString('base64')), checkpoint: await this.checkpoint() };
  }
}

function noteSigner({ did, keys, signers }: Participant): NoteSigner {
  const publicKey = Buffer.from(keys.report.publicJwk.x, 'base64url');
  return { name: did, publicKey, sign: (message) => signers.report.sign(message) };
}

beforeAll(async () => {
  berlin = await world.join('did:web:berlin.example');
  mallory = await world.join('did:web:mallory.example');
  folder.file('did.json', berlin.published);
  folder.file('mallory.json', mallory.published);
  folder.file('report.json', JSON.stringify(report, null, 2));
  folder.file('credential.json', await sign(berlin.keys.report, credentialOf(berlin.did)));
});
afterAll(() => folder.remove());

describe('an audit credential with its report', () => {
  test('is valid offline, and says what was looked at', async () => {
    const { code, out } = await verify('credential.json', '--report', 'report.json', ...offline);
    expect(out).toContain('credential.json (signed credential): valid\n');
    expect(out).toContain(`holds      signature  Signed by ${berlin.did} with its key ${berlin.keys.report.id}.`);
    expect(out).toContain('report.json (audit report): valid\n');
    expect(code).toBe(0);
  });

  test('may come in one list and any order, and as canonical text', async () => {
    folder.file('canonical.json', canonicalJson(report));
    expect((await verify('canonical.json', 'credential.json', ...offline)).code).toBe(0);
  });

  test('is told to programs as JSON', async () => {
    const { code, out } = await verify('credential.json', 'report.json', ...offline, '-o', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      valid: true,
      items: [
        {
          file: 'credential.json',
          kind: 'credential',
          signer: berlin.did,
          checks: [{ check: 'signature', outcome: 'holds' }, { check: 'period' }, { check: 'status' }],
        },
        {
          file: 'report.json',
          kind: 'report',
          checks: ['digest', 'claims', 'figures'].map((check) => ({ check, outcome: 'holds' })),
        },
      ],
    });
  });

  test('is not valid with a changed report', async () => {
    folder.file('tampered.json', { ...report, data: { ...report.data, rows: 201 } });
    const { code, out } = await verify('credential.json', '--report', 'tampered.json', ...offline);
    expect(out).toContain('tampered.json (audit report): not valid');
    expect(out).toContain('this is another report, or it was changed');
    expect(code).toBe(1);
  });

  test('is not valid with a changed credential', async () => {
    const signed = JSON.parse(JSON.stringify(await sign(berlin.keys.report, credentialOf(berlin.did))));
    signed.credentialSubject.verdict = 'fail';
    folder.file('changed.json', signed);
    const { code, out } = await verify('changed.json', ...offline);
    expect(out).toMatch(/fails {6}signature {2}The proof does not fit the document/);
    expect(code).toBe(1);
  });

  test('is not valid after its end', async () => {
    folder.file(
      'late.json',
      await sign(
        berlin.keys.report,
        credentialOf(berlin.did, { validUntil: new Date(now.getTime() - 60_000).toISOString() }),
      ),
    );
    const { code, out } = await verify('late.json', ...offline);
    expect(out).toMatch(/fails {6}period {2,}The credential was valid until/);
    expect(code).toBe(1);
  });

  test('counts only by the signer that is asked for', async () => {
    folder.file('foreign.json', await sign(mallory.keys.report, credentialOf(mallory.did)));
    const documents = [...offline, '--did-document', 'mallory.json'];
    expect((await verify('foreign.json', ...documents)).code).toBe(0);
    const { code, out } = await verify('foreign.json', ...documents, '--signer', berlin.did);
    expect([code, out]).toEqual([1, expect.stringContaining(`The credential must be issued by ${berlin.did}.`)]);
    expect((await verify('credential.json', ...offline, '--signer', berlin.did)).code).toBe(0);
  });

  test('offline with a status says plainly that revocation was not checked', async () => {
    const statusListCredential = 'https://berlin.example/status/1';
    const entry = {
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: 3,
      statusListCredential,
    } as const;
    folder.file(
      'with-status.json',
      await sign(berlin.keys.report, credentialOf(berlin.did, { credentialStatus: statusMember(entry) })),
    );
    const { code, out } = await verify('with-status.json', ...offline);
    expect(out).toContain('valid, as far as it was checked');
    expect(out).toContain('unchecked  status     Offline: whether it was revoked was not checked.');
    expect(code).toBe(0);
  });

  test('offline without the document of its signer is not valid, and says what is needed', async () => {
    const { code, out } = await verify('credential.json', '--offline');
    expect([code, out]).toEqual([1, expect.stringContaining('offline, and no --did-document is given for it')]);
  });
});

describe('a credential of a node that answers', () => {
  const server = new LoopbackServer();
  let key: KeyPair;
  let listKey: KeyPair;
  let did: Did;
  let revoked = false;

  beforeAll(async () => {
    await server.listen();
    did = `did:web:localhost%3A${server.port}`;
    key = await generateKeyPair('report', `${did}#report-1`);
    listKey = await generateKeyPair('credential', `${did}#credential-1`);
    const published = buildDidDocument({ did, keys: [key, listKey].map(publicKeyOf), services: [] });
    const url = `http://localhost:${server.port}/status/1`;
    const dates = { validFrom: now, validUntil: new Date(now.getTime() + 900_000) };
    const list = { signer: localSigner(listKey), issuer: did, url, purpose: 'revocation', ...dates } as const;
    const lists = {
      clear: await issueStatusList({ ...list, bits: createStatusList() }),
      set: await issueStatusList({ ...list, bits: withStatus(createStatusList(), 3, true) }),
    };
    server.respond = ({ url: asked }) =>
      asked === '/.well-known/did.json'
        ? { type: 'application/did+json', body: published }
        : asked === '/status/1'
          ? { type: 'application/vc+jwt', body: revoked ? lists.set : lists.clear }
          : { status: 404 };
    const entry = {
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: 3,
      statusListCredential: url,
    } as const;
    folder.file('online.json', await sign(key, credentialOf(did, { credentialStatus: statusMember(entry) })));
  });
  afterAll(() => server.close());

  test('is checked with its DID document and status list, over plain http on this machine only', async () => {
    const { code, out } = await verify('online.json');
    expect(out).toContain('Not revoked, says the status list of the issuer now.');
    expect(code).toBe(0);
    expect(server.asked.map(({ url }) => url)).toEqual(['/.well-known/did.json', '/status/1']);
  });

  test('is not valid once it is revoked', async () => {
    revoked = true;
    const { code, out } = await verify('online.json');
    expect([code, out]).toEqual([
      1,
      expect.stringMatching(/fails {6}status {5}did:web:localhost%3A\d+ has revoked the credential/),
    ]);
  });

  test('of somebody else cannot make this machine be asked', async () => {
    server.asked.length = 0;
    const entry = {
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: 3,
      statusListCredential: `http://localhost:${server.port}/status/1`,
    } as const;
    folder.file(
      'probing.json',
      await sign(berlin.keys.report, credentialOf(berlin.did, { credentialStatus: statusMember(entry) })),
    );
    const { code, out } = await verify('probing.json', '--did-document', 'did.json');
    expect([code, out]).toEqual([1, expect.stringContaining('The address is refused')]);
    expect(server.asked).toEqual([]);
  });
});

describe('a receipt out of a ledger', () => {
  let log: Log;
  let proof: Awaited<ReturnType<Log['prove']>>;

  beforeAll(async () => {
    log = new Log(noteSigner(berlin));
    for (let i = 0; i < 11; i++) log.add(i === 6 ? 'data.released' : 'negotiation.agreed', berlin.did);
    proof = await log.prove(6);
    folder.file('receipt.json', proof);
    folder.file('monday.checkpoint', await log.checkpoint());
    for (let i = 0; i < 8; i++) log.add('data.received', berlin.did);
    folder.file('since.json', await log.since(11));
  });

  test('is valid with the document of its signer', async () => {
    const { code, out } = await verify('receipt.json', ...offline);
    expect(out).toContain('receipt.json (ledger entry with its proof): valid');
    expect(out).toContain('"data.released" of 2026-11-23T04:05:06.789Z is entry 6 of 11 in its ledger.');
    expect(code).toBe(0);
  });

  test.each<[string, (p: typeof proof) => object, RegExp]>([
    ['another number of rows', (p) => ({ ...p, entry: { ...p.entry, data: { rows: 7 } } }), /fails {6}inclusion/],
    ['another place', (p) => ({ ...p, index: 5 }), /fails {6}inclusion/],
    ['a path that is cut', (p) => ({ ...p, inclusion: p.inclusion.slice(1) }), /fails {6}inclusion/],
    [
      'another size signed',
      (p) => ({ ...p, checkpoint: p.checkpoint.replace('\n11\n', '\n12\n') }),
      /fails {6}signature/,
    ],
    [
      'another log',
      (p) => ({ ...p, checkpoint: p.checkpoint.replace(/did:web:berlin.example/g, 'did:web:mallory.example') }),
      /fails {6}signature/,
    ],
    ['an entry that is none', (p) => ({ ...p, entry: { kind: 'x' } }), /fails {6}form/],
  ])('with %s is not valid', async (_name, tamper, line) => {
    folder.file('tampered-receipt.json', tamper(proof));
    const { code, out } = await verify('tampered-receipt.json', ...offline, '--did-document', 'mallory.json');
    expect([code, out]).toEqual([1, expect.stringMatching(line)]);
  });

  test('that names somebody else as its actor is not valid', async () => {
    const forger = new Log(noteSigner(mallory));
    forger.add('data.released', berlin.did);
    folder.file('forged.json', await forger.prove(0));
    const { code, out } = await verify('forged.json', ...offline, '--did-document', 'mallory.json');
    expect([code, out]).toEqual([1, expect.stringContaining(`it stands in the ledger of ${mallory.did}`)]);
  });

  test('counts only by the signer that is asked for', async () => {
    expect((await verify('receipt.json', ...offline, '--signer', berlin.did)).code).toBe(0);
    expect((await verify('receipt.json', ...offline, '--signer', mallory.did)).code).toBe(1);
  });

  test('and the growth of its ledger since a saved checkpoint is shown', async () => {
    const { code, out } = await verify('since.json', 'monday.checkpoint', ...offline);
    expect(out).toContain('The 19 entries begin with the 11 of the saved checkpoint, unchanged.');
    expect(code).toBe(0);
  });

  test('and a ledger that was rewritten is found out', async () => {
    const rewritten = new Log(noteSigner(berlin));
    for (let i = 0; i < 19; i++) rewritten.add('negotiation.agreed', berlin.did);
    folder.file('rewritten.json', await rewritten.since(11));
    const { code, out } = await verify('rewritten.json', 'monday.checkpoint', ...offline);
    expect([code, out]).toEqual([1, expect.stringMatching(/fails {6}consistency/)]);
  });
});

describe('what cannot be read', () => {
  test.each<[string, () => readonly string[], string]>([
    ['a missing file', () => ['none.json'], 'none.json cannot be read (there is no such file)'],
    ['no JSON', () => [folder.file('text.txt', 'hello')], 'The text is not JSON'],
    ['another sort of document', () => [folder.file('other.json', { a: 1 })], 'It is neither a ledger proof'],
    ['a list', () => [folder.file('list.json', '[]')], 'It holds no JSON object'],
    ['a bomb of brackets', () => [folder.file('deep.json', '['.repeat(100_000))], 'levels deep'],
    ['a report alone', () => ['report.json'], 'An audit report carries no signature'],
    ['a consistency proof alone', () => ['since.json'], 'needs the checkpoint that was saved before'],
    ['a DID document that is none', () => ['credential.json', '--did-document', 'report.json'], 'It names no DID'],
  ])('%s ends with exit code 2', async (_name, args, text) => {
    const { code, out, err } = await verify(...args());
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(text)]);
  });
});

describe('a Multikey', () => {
  test('gives the public key that was put into it', async () => {
    for (let i = 0; i < 20; i++) {
      const { publicKeyMultibase = '', publicJwk } = await generateKeyPair('report', 'did:web:a.example#1');
      expect(Buffer.from(ed25519KeyOf(publicKeyMultibase) ?? []).toString('base64url')).toBe(publicJwk.x);
    }
  });

  test('of any other form gives none', () => {
    let tried = 0;
    fc.assert(
      fc.property(fc.stringMatching(/^z6Mk[1-9A-HJ-NP-Za-km-z]{0,60}$/), (text) => {
        const key = ed25519KeyOf(text);
        if (key === null) tried++;
        else expect(key).toHaveLength(32);
      }),
    );
    expect(tried).toBeGreaterThan(10);
    expect(['', 'z', 'u6Mk', 'z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc'].map(ed25519KeyOf)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
