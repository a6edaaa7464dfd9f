import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  append,
  consistencyProof,
  emptyFrontier,
  emptyRoot,
  type Frontier,
  frontierAt,
  type Hash,
  inclusionProof,
  leafHash,
  type NodeReader,
  rootOf,
  rootOfLeaves,
  verifyConsistency,
  verifyInclusion,
} from './index.js';

const hex = (hash: Hash): string => Buffer.from(hash).toString('hex');
const unhex = (text: string): Hash => new Uint8Array(Buffer.from(text, 'hex'));

/** A log in memory that stores exactly what `append` hands out, and counts what proofs read. */
class MemoryLog implements NodeReader {
  frontier: Frontier = emptyFrontier;
  readonly roots: Hash[] = [emptyRoot];
  readonly nodes = new Map<string, Hash>();
  reads = 0;

  add(leaf: Hash): void {
    const { frontier, nodes } = append(this.frontier, leaf);
    for (const { level, index, hash } of nodes) this.nodes.set(`${level}/${index}`, hash);
    this.frontier = frontier;
    this.roots.push(rootOf(frontier));
  }

  root(size: number): Hash {
    const root = this.roots[size];
    if (root === undefined) throw new Error(`no size ${size}`);
    return root;
  }

  async read(places: readonly { level: number; index: number }[]): Promise<readonly Hash[]> {
    this.reads += places.length;
    return places.map(({ level, index }) => {
      const hash = this.nodes.get(`${level}/${index}`);
      if (hash === undefined) throw new Error(`node ${level}/${index} was never stored`);
      return hash;
    });
  }
}

function logOf(leaves: readonly Hash[]): MemoryLog {
  const log = new MemoryLog();
  for (const leaf of leaves) log.add(leaf);
  return log;
}

// The recursive definitions of RFC 6962 §2.1, written from its text as an oracle.
const sha256 = (...parts: Uint8Array[]): Hash => createHash('sha256').update(Buffer.concat(parts)).digest();
const split = (n: number): number => 2 ** Math.floor(Math.log2(n - 1));
function mth(d: readonly Uint8Array[]): Hash {
  const [first] = d;
  if (first === undefined) return sha256();
  if (d.length === 1) return sha256(Uint8Array.of(0), first);
  return sha256(Uint8Array.of(1), mth(d.slice(0, split(d.length))), mth(d.slice(split(d.length))));
}
function path(m: number, d: readonly Uint8Array[]): Hash[] {
  if (d.length === 1) return [];
  const k = split(d.length);
  return m < k ? [...path(m, d.slice(0, k)), mth(d.slice(k))] : [...path(m - k, d.slice(k)), mth(d.slice(0, k))];
}
function subproof(m: number, d: readonly Uint8Array[], known: boolean): Hash[] {
  if (m === d.length) return known ? [] : [mth(d)];
  const k = split(d.length);
  if (m <= k) return [...subproof(m, d.slice(0, k), known), mth(d.slice(k))];
  return [...subproof(m - k, d.slice(k), false), mth(d.slice(0, k))];
}

// Test vectors of the Certificate Transparency reference implementation.
const referenceInputs = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const referenceRoots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const h = {
  leaf0: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  leaf1: '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  leaf4: 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  two0: 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  two1: '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
  two2: '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
  two3: 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
  four0: 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  four1: '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
};

describe('the Certificate Transparency reference vectors', () => {
  const leaves = referenceInputs.map((input) => leafHash(unhex(input)));
  const log = logOf(leaves);

  test('all nine roots', () => {
    expect(log.roots.map(hex)).toEqual(referenceRoots);
  });

  test.each([
    [0, 8, [h.leaf1, h.two1, h.four1]],
    [5, 8, [h.leaf4, h.two3, h.four0]],
    [2, 3, [h.two0]],
    [1, 5, [h.leaf0, h.two1, h.leaf4]],
  ])('the inclusion proof of leaf %i in %i', async (index, size, proof) => {
    expect((await inclusionProof(log, index, size)).map(hex)).toEqual(proof);
    expect(verifyInclusion(leaves[index] ?? emptyRoot, index, size, proof.map(unhex), log.root(size))).toBe(true);
  });

  test.each([
    [1, 1, []],
    [1, 8, [h.leaf1, h.two1, h.four1]],
    [6, 8, [h.two2, h.two3, h.four0]],
    [2, 5, [h.two1, h.leaf4]],
  ])('the consistency proof from %i to %i', async (older, newer, proof) => {
    expect((await consistencyProof(log, older, newer)).map(hex)).toEqual(proof);
    expect(verifyConsistency(older, newer, log.root(older), log.root(newer), proof.map(unhex))).toBe(true);
  });
});

describe('every log of up to 130 leaves', () => {
  const largest = 130;
  const inputs = Array.from({ length: largest }, (_, i) => Buffer.from(`entry ${i}`));
  const leaves = inputs.map(leafHash);
  const log = logOf(leaves);

  test('has the root of the recursive definition, and its frontier can be read back', async () => {
    for (let size = 0; size <= largest; size++) {
      expect(hex(log.root(size))).toBe(hex(mth(inputs.slice(0, size))));
      expect(hex(rootOf(await frontierAt(log, size)))).toBe(hex(log.root(size)));
    }
    expect(log.nodes.size).toBeLessThan(2 * largest);
  });

  test('gives for each leaf the path of the definition, which verifies there and nowhere else', async () => {
    for (let size = 1; size <= largest; size++) {
      for (let index = 0; index < size; index++) {
        const proof = await inclusionProof(log, index, size);
        const leaf = leaves[index] ?? emptyRoot;
        const verifies = (at: number, of: number, root: Hash) => verifyInclusion(leaf, at, of, proof, root);
        expect(verifies(index, size, log.root(size))).toBe(true);
        expect(verifies(index + 1, size, log.root(size))).toBe(false);
        expect(verifies(index - 1, size, log.root(size))).toBe(false);
        expect(verifies(index, size, log.root(size - 1))).toBe(false);
        if (size % 13 === 0 || size < 20) expect(proof.map(hex)).toEqual(path(index, inputs.slice(0, size)).map(hex));
      }
    }
  });

  test('gives for each earlier size the proof of the definition, which verifies for those sizes only', async () => {
    for (let newer = 1; newer <= largest; newer++) {
      for (let older = 1; older <= newer; older++) {
        const proof = await consistencyProof(log, older, newer);
        const verifies = (a: number, b: number) => verifyConsistency(a, b, log.root(older), log.root(newer), proof);
        expect(verifies(older, newer)).toBe(true);
        if (older < newer) {
          expect(verifies(older + 1, newer)).toBe(false);
          expect(verifies(older - 1, newer)).toBe(false);
          expect(verifyConsistency(older, newer, log.root(newer), log.root(newer), proof)).toBe(false);
        }
        if (newer % 13 === 0 || newer < 20)
          expect(proof.map(hex)).toEqual(subproof(older, inputs.slice(0, newer), true).map(hex));
      }
    }
  });

  test('refuses impossible numbers from strangers', () => {
    const [root, leaf] = [log.root(1), leaves[0] ?? emptyRoot];
    for (const [index, size] of [
      [-1, 1],
      [1, 1],
      [0, 0],
      [0.5, 1],
      [Number.NaN, 1],
      [0, 2 ** 60],
    ] as const)
      expect(verifyInclusion(leaf, index, size, [], root)).toBe(false);
    for (const [older, newer] of [
      [2, 1],
      [-1, 1],
      [0.5, 1],
      [1, Number.POSITIVE_INFINITY],
    ] as const)
      expect(verifyConsistency(older, newer, root, root, [])).toBe(false);
    expect(verifyConsistency(0, 1, emptyRoot, root, [])).toBe(true);
    expect(verifyConsistency(0, 1, root, root, [])).toBe(false);
  });

  test('throws for proofs that cannot exist', () => {
    expect(() => inclusionProof(log, 5, 5)).toThrow(RangeError);
    expect(() => consistencyProof(log, 0, 5)).toThrow(RangeError);
    expect(() => consistencyProof(log, 6, 5)).toThrow(RangeError);
  });
});

describe('tampering', () => {
  const size = 400;
  const leaves = Array.from({ length: size }, (_, i) => leafHash(Buffer.from(`entry ${i}`)));
  const log = logOf(leaves);
  const root = hex(log.root(size));
  const tally = { flip: 0, delete: 0, insert: 0, swap: 0, truncate: 0, fork: 0 };
  const place = fc.nat(size - 1);

  test('with any single entry changes the root', () => {
    const edit = fc.oneof(
      fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat(255) }),
      fc.record({ kind: fc.constant('delete' as const), at: place }),
      fc.record({ kind: fc.constant('insert' as const), at: place, bytes: fc.uint8Array({ maxLength: 40 }) }),
      fc.record({ kind: fc.constant('swap' as const), at: place, with: place }),
      fc.record({ kind: fc.constant('truncate' as const), at: place }),
    );
    fc.assert(
      fc.property(edit, (change) => {
        fc.pre(change.kind !== 'swap' || change.at !== change.with);
        tally[change.kind]++;
        const changed = [...leaves];
        const chosen = leaves[change.at] ?? emptyRoot;
        if (change.kind === 'flip') changed[change.at] = flipped(chosen, change.bit);
        if (change.kind === 'delete') changed.splice(change.at, 1);
        if (change.kind === 'insert') changed.splice(change.at, 0, leafHash(change.bytes));
        if (change.kind === 'truncate') changed.length = change.at;
        if (change.kind === 'swap') {
          changed[change.at] = leaves[change.with] ?? emptyRoot;
          changed[change.with] = chosen;
        }
        expect(hex(rootOfLeaves(changed))).not.toBe(root);
      }),
      { numRuns: 200 },
    );
  });

  test('by forking: no consistency proof joins two histories', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: size - 1 }), fc.nat(size), async (older, from) => {
        const at = from % older;
        tally.fork++;
        const fork = logOf(leaves.map((leaf, i) => (i === at ? flipped(leaf, 7) : leaf)));
        for (const prover of [log, fork]) {
          const proof = await consistencyProof(prover, older, size);
          expect(verifyConsistency(older, size, log.root(older), fork.root(size), proof)).toBe(false);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('with any bit of a proof, a leaf or a root is found', async () => {
    await fc.assert(
      fc.asyncProperty(place, fc.nat(), fc.nat(255), async (index, which, bit) => {
        const proof = await inclusionProof(log, index, size);
        const leaf = leaves[index] ?? emptyRoot;
        const broken = proof.map((hash, i) => (i === which % proof.length ? flipped(hash, bit) : hash));
        expect(verifyInclusion(leaf, index, size, proof, log.root(size))).toBe(true);
        expect(verifyInclusion(leaf, index, size, broken, log.root(size))).toBe(false);
        expect(verifyInclusion(flipped(leaf, bit), index, size, proof, log.root(size))).toBe(false);
        expect(verifyInclusion(leaf, index, size, proof, flipped(log.root(size), bit))).toBe(false);
        expect(verifyInclusion(leaf, index, size, proof.slice(1), log.root(size))).toBe(false);
        expect(verifyInclusion(leaf, index, size, [...proof, leaf], log.root(size))).toBe(false);
        const older = index + 1;
        const consistency = await consistencyProof(log, older, size);
        fc.pre(consistency.length > 0);
        const bent = consistency.map((hash, i) => (i === which % consistency.length ? flipped(hash, bit) : hash));
        expect(verifyConsistency(older, size, log.root(older), log.root(size), consistency)).toBe(true);
        expect(verifyConsistency(older, size, log.root(older), log.root(size), bent)).toBe(false);
      }),
    );
  });

  test('was tried in every way', () => {
    for (const count of Object.values(tally)) expect(count).toBeGreaterThan(10);
  });
});

describe('cost', () => {
  let log: MemoryLog;
  beforeAll(() => {
    log = new MemoryLog();
    for (let i = 0; i < 20_000; i++) log.add(leafHash(Buffer.from(String(i))));
  });

  test('a log of 20,000 entries keeps at most 15 hashes to append and stores under two nodes an entry', () => {
    expect(log.frontier.peaks.length).toBeLessThanOrEqual(15);
    expect(log.nodes.size).toBeLessThan(40_000);
  });

  test('a proof in it has at most 16 hashes, and a pair of proofs reads fewer than 80 nodes', async () => {
    for (const index of [0, 1, 9_999, 16_384, 19_998, 19_999]) {
      log.reads = 0;
      expect((await inclusionProof(log, index, 20_000)).length).toBeLessThanOrEqual(15);
      expect((await consistencyProof(log, index + 1, 20_000)).length).toBeLessThanOrEqual(16);
      expect(log.reads).toBeLessThan(80);
    }
  });
});

function flipped(hash: Hash, bit: number): Hash {
  return hash.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}
