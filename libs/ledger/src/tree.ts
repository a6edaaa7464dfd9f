import { emptyRoot, type Hash, nodeHash } from './hash.js';

/** The place of a complete subtree: it covers the leaves `index · 2^level` up to `(index + 1) · 2^level`. */
export interface NodePlace {
  /** 0 for a leaf. */
  readonly level: number;
  /** Counted from the left, from 0. */
  readonly index: number;
}

/**
 * A complete subtree with its hash: the one thing a log stores. It never changes once written, so storage needs
 * INSERT only. A log of n leaves has fewer than 2n of them.
 */
export interface TreeNode extends NodePlace {
  readonly hash: Hash;
}

/** The right edge of a log: all that is needed to append, at most log2(n) + 1 hashes. */
export interface Frontier {
  /** Leaves appended so far. */
  readonly size: number;
  /** The roots of the largest complete subtrees from left to right, one for each 1 in the binary form of `size`. */
  readonly peaks: readonly Hash[];
}

export const emptyFrontier: Frontier = { size: 0, peaks: [] };

/** What an append made: the next frontier, and the nodes to store (the leaf first, then each subtree it completed). */
export interface Appended {
  readonly frontier: Frontier;
  readonly nodes: readonly TreeNode[];
}

/**
 * Appends one leaf in at most log2(n) + 1 hash operations, without reading anything else. Amortised: two nodes a leaf.
 *
 * @example
 * const { frontier, nodes } = append(emptyFrontier, leafHash(bytes)); // nodes: [{ level: 0, index: 0, hash }]
 */
export function append(frontier: Frontier, leaf: Hash): Appended {
  const peaks = [...frontier.peaks];
  const nodes: TreeNode[] = [{ level: 0, index: frontier.size, hash: leaf }];
  let hash = leaf;
  let index = frontier.size;
  for (let level = 1; index % 2 === 1; level++) {
    const left = peaks.pop();
    if (left === undefined) throw new Error(`a frontier of size ${frontier.size} must have more peaks`);
    hash = nodeHash(left, hash);
    index = (index - 1) / 2;
    nodes.push({ level, index, hash });
  }
  return { frontier: { size: frontier.size + 1, peaks: [...peaks, hash] }, nodes };
}

/** The root of the log at this frontier (RFC 9162 §2.1.1, MTH): the peaks folded from right to left. */
export function rootOf(frontier: Frontier): Hash {
  return frontier.peaks.length === 0 ? emptyRoot : foldPeaks(frontier.peaks);
}

/** The root over leaf hashes held in memory, for replaying an exported log against its checkpoint. */
export function rootOfLeaves(leaves: Iterable<Hash>): Hash {
  let frontier = emptyFrontier;
  for (const leaf of leaves) frontier = append(frontier, leaf).frontier;
  return rootOf(frontier);
}

/** Joins the roots of neighbouring complete subtrees, larger ones to the left, into the root of their range. */
export function foldPeaks(peaks: readonly Hash[]): Hash {
  return peaks.reduceRight((right, left) => nodeHash(left, right));
}

/**
 * The complete subtrees that make up the leaves `from` up to `to` (exclusive), from left to right. `from` must be a
 * multiple of a power of two that is at least the width of the range, which holds for every subtree of a log.
 */
export function coverOf(from: number, to: number): readonly NodePlace[] {
  const places: NodePlace[] = [];
  for (let start = from; start < to; ) {
    const level = levelOf(to - start);
    places.push({ level, index: start / 2 ** level });
    start += 2 ** level;
  }
  return places;
}

/** The level of the largest complete subtree with at most `width` leaves, exact where a floating logarithm is not. */
export function levelOf(width: number): number {
  let level = 0;
  while (2 ** (level + 1) <= width) level++;
  return level;
}
