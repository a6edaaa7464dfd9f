import { emptyRoot, type Hash, nodeHash, sameHash } from './hash.js';
import { coverOf, type Frontier, foldPeaks, levelOf, type NodePlace } from './tree.js';

/**
 * Reads stored nodes: one hash for each place, in the order asked. Throws when one is missing, because a log that lost
 * a node is broken storage and no expected failure. A proof makes a single call for O(log² n) places at most.
 */
export interface NodeReader {
  read(places: readonly NodePlace[]): Promise<readonly Hash[]>;
}

/** The leaves `from` up to `to` (exclusive): one subtree of the log, complete or on its right edge. */
type Range = readonly [from: number, to: number];

/**
 * The frontier that a log had at `size`, read back from its nodes: what a restarted node needs to go on appending.
 *
 * @example
 * const frontier = await frontierAt(reader, 1_000_000); // reads 7 nodes
 */
export async function frontierAt(reader: NodeReader, size: number): Promise<Frontier> {
  return { size, peaks: size === 0 ? [] : await reader.read(coverOf(0, size)) };
}

/**
 * The audit path of leaf `index` in the log's first `size` leaves (RFC 9162 §2.1.3.1, PATH), nearest sibling first.
 *
 * @throws RangeError unless 0 <= index < size.
 */
export function inclusionProof(reader: NodeReader, index: number, size: number): Promise<readonly Hash[]> {
  if (!isCount(size) || !isCount(index) || index >= size)
    throw new RangeError(`no leaf ${index} in a log of ${size} leaves`);
  return hashesOf(reader, siblingRanges(index, size));
}

/**
 * The proof that the log's first `newer` leaves begin with its first `older` leaves (RFC 9162 §2.1.4.1, PROOF).
 * Empty when both are equal.
 *
 * @throws RangeError unless 0 < older <= newer: there is nothing to prove about an empty log.
 */
export function consistencyProof(reader: NodeReader, older: number, newer: number): Promise<readonly Hash[]> {
  if (!isCount(older) || !isCount(newer) || older === 0 || older > newer)
    throw new RangeError(`no consistency proof from ${older} to ${newer} leaves`);
  return hashesOf(reader, consistencyRanges(older, newer));
}

/**
 * True when `leaf` stands at `index` of the log with this `size` and `root` (RFC 9162 §2.1.3.2).
 * False for any other proof, also for impossible numbers: the arguments may come from a stranger.
 */
export function verifyInclusion(leaf: Hash, index: number, size: number, proof: readonly Hash[], root: Hash): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  let position = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(sibling, hash);
      [position, last] = climb(position, last, isRightChildOrFirst);
    } else hash = nodeHash(hash, sibling);
    position = half(position);
    last = half(last);
  }
  return last === 0 && sameHash(hash, root);
}

/**
 * True when the log with `newerRoot` at size `newer` begins with the log that had `olderRoot` at size `older`
 * (RFC 9162 §2.1.4.2): nothing was changed, removed, inserted or reordered in between. An empty older log begins every
 * log, with its own root and no proof.
 */
export function verifyConsistency(
  older: number,
  newer: number,
  olderRoot: Hash,
  newerRoot: Hash,
  proof: readonly Hash[],
): boolean {
  if (!isCount(older) || !isCount(newer) || older > newer) return false;
  if (older === newer) return proof.length === 0 && sameHash(olderRoot, newerRoot);
  if (older === 0) return proof.length === 0 && sameHash(olderRoot, emptyRoot);
  // A complete older tree is itself the first node of the path; its root need not be sent.
  const [first, ...rest] = 2 ** levelOf(older) === older ? [olderRoot, ...proof] : proof;
  if (first === undefined) return false;
  let [position, last] = climb(older - 1, newer - 1, isLeftChild);
  let olderHash = first;
  let newerHash = first;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      olderHash = nodeHash(sibling, olderHash);
      newerHash = nodeHash(sibling, newerHash);
      [position, last] = climb(position, last, isRightChildOrFirst);
    } else newerHash = nodeHash(newerHash, sibling);
    position = half(position);
    last = half(last);
  }
  return last === 0 && sameHash(olderHash, olderRoot) && sameHash(newerHash, newerRoot);
}

/** The sibling subtrees on the way from a leaf up to the root, nearest first. */
function siblingRanges(index: number, size: number): readonly Range[] {
  const ranges: Range[] = [];
  for (let from = 0, to = size; to - from > 1; ) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      ranges.push([middle, to]);
      to = middle;
    } else {
      ranges.push([from, middle]);
      from = middle;
    }
  }
  return ranges.reverse();
}

/** RFC 9162 §2.1.4.1, SUBPROOF: like an audit path, for the edge between the older leaves and the rest. */
function consistencyRanges(older: number, newer: number): readonly Range[] {
  const ranges: Range[] = [];
  let from = 0;
  let to = newer;
  while (to !== older) {
    const middle = from + splitOf(to - from);
    if (older <= middle) {
      ranges.push([middle, to]);
      to = middle;
    } else {
      ranges.push([from, middle]);
      from = middle;
    }
  }
  // The verifier knows the root of a subtree that begins at leaf 0: it is the older root itself.
  if (from > 0) ranges.push([from, to]);
  return ranges.reverse();
}

/** The roots of ranges, from stored nodes in one read. */
async function hashesOf(reader: NodeReader, ranges: readonly Range[]): Promise<readonly Hash[]> {
  if (ranges.length === 0) return [];
  const covers = ranges.map(([from, to]) => coverOf(from, to));
  const hashes = await reader.read(covers.flat());
  let end = 0;
  return covers.map((cover) => {
    end += cover.length;
    return foldPeaks(hashes.slice(end - cover.length, end));
  });
}

/** The largest power of two below `width`: where RFC 9162 §2.1.1 splits a range of more than one leaf. */
function splitOf(width: number): number {
  return 2 ** levelOf(width - 1);
}

const half = (n: number): number => Math.floor(n / 2);
const isRightChildOrFirst = (position: number): boolean => position % 2 === 1 || position === 0;
const isLeftChild = (position: number): boolean => position % 2 === 0;

/** Moves up, on the path and on the right edge at once, until the path's position is as wanted. */
function climb(position: number, last: number, until: (position: number) => boolean): [number, number] {
  let [p, l] = [position, last];
  while (!until(p)) [p, l] = [half(p), half(l)];
  return [p, l];
}

function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}
