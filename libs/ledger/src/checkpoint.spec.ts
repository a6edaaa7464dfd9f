import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  append,
  emptyFrontier,
  entryHash,
  inclusionProof,
  type LedgerEntry,
  ledgerProof,
  type NoteSigner,
  noteKeyId,
  openNote,
  parseLedgerEntry,
  rootOf,
  signCheckpoint,
  signNote,
  type TreeNode,
  verifyCheckpoint,
  verifyLedgerProof,
} from './index.js';

function signerOf(name: string, privateKey: KeyObject): NoteSigner {
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    name,
    publicKey: new Uint8Array(Buffer.from(x, 'base64url')),
    sign: async (message) => sign(null, message, privateKey),
  };
}

// The key, text and signature that golang.org/x/mod/sumdb/note documents for the format.
const verifierKey = 'ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const signerKey = 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const note = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
const peter = { name: 'PeterNeumann', publicKey: new Uint8Array(Buffer.from(verifierKey, 'base64').subarray(1)) };
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const peterPrivate = createPrivateKey({
  key: Buffer.concat([pkcs8Prefix, Buffer.from(signerKey, 'base64').subarray(1)]),
  format: 'der',
  type: 'pkcs8',
});

describe('signed notes, against the vector of the Go reference implementation', () => {
  test('the key id is the published one, also for the Go checksum database', () => {
    expect(Buffer.from(noteKeyId(peter)).toString('hex')).toBe('c74f20a3');
    const sum = Buffer.from('Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8', 'base64').subarray(1);
    expect(Buffer.from(noteKeyId({ name: 'sum.golang.org', publicKey: sum })).toString('hex')).toBe('033de0ae');
  });

  test('the published note opens', () => {
    expect(openNote(note, peter)).toEqual({ ok: true, value: text });
  });

  test('signing gives the published note byte for byte', async () => {
    expect(await signNote(text, signerOf('PeterNeumann', peterPrivate))).toBe(note);
  });

  test('a further signature by another key does not disturb', async () => {
    const other = await signNote(text, signerOf('witness', generateKeyPairSync('ed25519').privateKey));
    const both = note + other.slice(other.lastIndexOf('\n\n') + 2);
    expect(openNote(both, peter)).toEqual({ ok: true, value: text });
    expect(openNote(other, peter)).toMatchObject({ ok: false, problem: { kind: 'note.unsigned' } });
  });

  test.each([
    ['the text', (n: string) => n.replace('answer', 'Answer'), 'note.forged'],
    ['a line break less', (n: string) => n.replace(',\n', ', '), 'note.forged'],
    ['the name', (n: string) => n.replace('— Peter', '— Paul'), 'note.unsigned'],
    ['the signature', (n: string) => n.replace('UG/Sff', 'UG/SfF'), 'note.forged'],
    ['the key id', (n: string) => n.replace('x08go', 'x18go'), 'note.unsigned'],
    ['no signature', () => text, 'note.malformed'],
    ['a hyphen for the dash', (n: string) => n.replace('— ', '- '), 'note.malformed'],
    ['a loose base64', (n: string) => n.replace('AM=\n', 'AN=\n'), 'note.malformed'],
    ['the end cut off', (n: string) => n.slice(0, -1), 'note.malformed'],
    ['a carriage return', (n: string) => n.replace(',\n', ',\r\n'), 'note.malformed'],
    ['101 signatures', (n: string) => n + `— x ${'AAAA'.repeat(2)}\n`.repeat(100), 'note.malformed'],
  ])('a change of %s is found', (_, change, kind) => {
    expect(openNote(change(note), peter)).toMatchObject({ ok: false, problem: { kind } });
  });

  test('a text or a name that the format cannot carry is a defect', async () => {
    const signer = signerOf('a b', peterPrivate);
    await expect(signNote(text, signer)).rejects.toThrow('name');
    await expect(signNote('no line break', { ...signer, name: 'a' })).rejects.toThrow('line break');
  });
});

const origin = 'did:web:localhost%3A7001';
const berlin = signerOf(origin, peterPrivate);

function entryOf(i: number): LedgerEntry {
  return {
    kind: 'transfer.completed',
    at: new Date(1_800_000_000_000 + i).toISOString(),
    actor: 'did:web:bruges.example',
    subjects: [`urn:agreement:${i}`],
    data: { rows: i, sender: 'Zürich' },
  };
}

async function provenLog(size: number, index: number) {
  const stored = new Map<string, TreeNode>();
  let frontier = emptyFrontier;
  for (let i = 0; i < size; i++) {
    const appended = append(frontier, entryHash(entryOf(i)));
    frontier = appended.frontier;
    for (const node of appended.nodes) stored.set(`${node.level}/${node.index}`, node);
  }
  const reader = {
    read: async (places: readonly { level: number; index: number }[]) =>
      places.map(({ level, index: at }) => stored.get(`${level}/${at}`)?.hash ?? new Uint8Array()),
  };
  const checkpoint = await signCheckpoint({ size, root: rootOf(frontier) }, berlin);
  return ledgerProof(entryOf(index), index, await inclusionProof(reader, index, size), checkpoint);
}

describe('checkpoints', () => {
  const root = new Uint8Array(32).fill(7);

  test('have the form of C2SP tlog-checkpoint and read back', async () => {
    const signed = await signCheckpoint({ size: 12, root }, berlin);
    expect(signed.split('\n').slice(0, 4)).toEqual([origin, '12', Buffer.from(root).toString('base64'), '']);
    const back = must(verifyCheckpoint(signed, berlin));
    expect({ ...back, root: new Uint8Array(back.root) }).toEqual({ origin, size: 12, root });
  });

  test('may carry extension lines', async () => {
    const body = `${origin}\n1\n${Buffer.from(root).toString('base64')}\nextension\n`;
    expect(must(verifyCheckpoint(await signNote(body, berlin), berlin)).size).toBe(1);
  });

  test.each([
    ['another origin', 'did:web:other\n1\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n'],
    ['a leading zero', `${origin}\n01\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n`],
    ['a size beyond exact numbers', `${origin}\n9007199254740993\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n`],
    ['a short root', `${origin}\n1\nBwcH\n`],
    ['no root', `${origin}\n1\n`],
  ])('with %s are refused, signed or not', async (_, body) => {
    const result = verifyCheckpoint(await signNote(body, berlin), berlin);
    expect(result).toMatchObject({ ok: false, problem: { kind: 'checkpoint.malformed' } });
  });
});

describe('ledger proofs', () => {
  test('verify offline after a round trip through JSON', async () => {
    const proof = JSON.parse(JSON.stringify(await provenLog(100, 41)));
    const proven = must(verifyLedgerProof(proof, berlin));
    expect(proven.entry).toEqual(entryOf(41));
    expect(proven.checkpoint).toMatchObject({ origin, size: 100 });
  });

  test('do not depend on the order of members in the file', async () => {
    const { entry, ...rest } = await provenLog(3, 1);
    const turned = { ...rest, entry: Object.fromEntries(Object.entries(entry).reverse()) };
    expect(verifyLedgerProof(turned, berlin).ok).toBe(true);
  });

  test('fail for another key and another origin', async () => {
    const proof = await provenLog(5, 2);
    const stranger = signerOf(origin, generateKeyPairSync('ed25519').privateKey);
    expect(verifyLedgerProof(proof, stranger)).toMatchObject({ problem: { kind: 'note.unsigned' } });
    expect(verifyLedgerProof(proof, { ...berlin, name: 'did:web:b' })).toMatchObject({
      problem: { kind: 'note.unsigned' },
    });
  });

  test('fail when any one character of the file is changed', async () => {
    const file = JSON.stringify(await provenLog(20, 13));
    const outcomes = { unreadable: 0, refused: 0 };
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.constantFrom(...'abz019AZ+/=.:"'), (at, c) => {
        fc.pre(file[at] !== c);
        let changed: unknown;
        try {
          changed = JSON.parse(file.slice(0, at) + c + file.slice(at + 1));
        } catch {
          outcomes.unreadable++;
          return;
        }
        outcomes.refused++;
        expect(verifyLedgerProof(changed, berlin).ok).toBe(false);
      }),
      { numRuns: 1500 },
    );
    expect(outcomes.refused).toBeGreaterThan(500);
  });

  test.each([
    [null, 'ledger.malformed-proof'],
    [{}, 'ledger.malformed-entry'],
    [{ entry: entryOf(1) }, 'ledger.malformed-proof'],
    [{ entry: entryOf(1), index: 1, inclusion: ['AAAA'] }, 'ledger.malformed-proof'],
    [{ entry: entryOf(1), index: 1, inclusion: [] }, 'ledger.malformed-proof'],
    [{ entry: entryOf(1), index: 1, inclusion: [], checkpoint: '' }, 'note.malformed'],
  ])('of the wrong shape are refused: %j', (proof, kind) => {
    expect(verifyLedgerProof(proof, berlin)).toMatchObject({ ok: false, problem: { kind } });
  });
});

describe('entries', () => {
  const { kind, at, actor, subjects, data } = entryOf(1);

  test.each([
    ['no object', [], undefined],
    ['an unknown member', { kind, at, actor, subjects, data, note: '' }, '/note'],
    ['a kind without a dot', { kind: 'agreed', at, actor, subjects, data }, '/kind'],
    ['a local time', { kind, at: '2026-11-23T04:05:06.789+01:00', actor, subjects, data }, '/at'],
    ['a 30 February', { kind, at: '2026-02-30T00:00:00.000Z', actor, subjects, data }, '/at'],
    ['a name for an actor', { kind, at, actor: 'Berlin', subjects, data }, '/actor'],
    ['a number as subject', { kind, at, actor, subjects: [1], data }, '/subjects'],
    ['no data', { kind, at, actor, subjects }, '/data'],
    ['half a character', { kind, at, actor, subjects, data: '\ud800' }, undefined],
  ])('with %s are refused', (_, value, where) => {
    const result = parseLedgerEntry(value);
    expect(result).toMatchObject({ ok: false, problem: { kind: 'ledger.malformed-entry' } });
    expect(result.ok ? '' : result.problem.at).toBe(where);
  });

  test('nested beyond what the stack can walk are refused', () => {
    let deep: unknown = null;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(parseLedgerEntry({ kind, at, actor, subjects, data: deep }).ok).toBe(false);
  });
});
