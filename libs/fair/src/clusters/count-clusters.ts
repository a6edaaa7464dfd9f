import { canonicalJson, ok, type Result } from '@hansa/kernel';
import { marginal } from '../counting/joint-algebra.js';
import type { JointCounts, JointProblem } from '../counting/joint-counts.js';
import { notStated } from '../partition.js';
import type { ClusterMoments } from './cluster-moments.js';

/** By what a group is known among those that share clusters with it: its levels, and those of its stratum. */
export function clusterKey(
  attributes: Readonly<Record<string, string>>,
  stratum: Readonly<Record<string, string>> = {},
): string {
  return canonicalJson({ ...stratum, ...attributes });
}

interface Gathered {
  readonly patterns: number[];
  readonly products: number[];
  readonly shared: Map<string, number[]>;
}

/**
 * The moments of clusters of every group by some attributes, by {@link clusterKey}. Memory depends on the groups, and on
 * how many of them share a cluster. A row without a cluster is one by itself.
 *
 * @param joint counts by the attributes and, as one attribute more, the cluster
 */
export function clusterMoments(
  joint: JointCounts,
  cluster: string,
  names: readonly string[],
  stratum?: Readonly<Record<string, string>>,
): Result<ReadonlyMap<string, ClusterMoments>, JointProblem> {
  // With the cluster first, its combinations lie together.
  const table = marginal(joint, [cluster, ...names]);
  if (!table.ok) return table;
  const { attributes, codes, cells } = table.value;
  const width = attributes.length;
  const groups = new Map<string, Gathered>();
  const keyAt = (i: number) =>
    clusterKey(
      Object.fromEntries(
        names.map((name, k) => [name, attributes[k + 1]?.levels[codes[i * width + k + 1] ?? 0] ?? '']),
      ),
      stratum,
    );
  const count = cells.length / 4;
  for (let from = 0; from < count; ) {
    const code = codes[from * width] ?? 0;
    let to = from;
    while (to < count && codes[to * width] === code) to++;
    const members = Array.from({ length: to - from }, (_, i) => {
      const at = from + i;
      return { key: keyAt(at), cells: Array.from(cells.subarray(at * 4, at * 4 + 4)) };
    });
    if (attributes[0]?.levels[code] === notStated) addAlone(groups, members);
    else addCluster(groups, members);
    from = to;
  }
  return ok(new Map([...groups].map(([key, own]) => [key, momentsOf(own)])));
}

interface Member {
  readonly key: string;
  readonly cells: readonly number[];
}

function addCluster(groups: Map<string, Gathered>, members: readonly Member[]): void {
  for (const [i, { key, cells }] of members.entries()) {
    const own = gathered(groups, key);
    const pattern = cells.reduce((bits, rows, cell) => bits + (rows > 0 ? 2 ** cell : 0), 0);
    own.patterns[pattern] = (own.patterns[pattern] ?? 0) + 1;
    addProducts(own.products, cells, cells);
    for (const other of members.slice(i + 1)) {
      const between = own.shared.get(other.key) ?? new Array<number>(16).fill(0);
      addProducts(between, cells, other.cells);
      own.shared.set(other.key, between);
    }
  }
}

/** Each row is a cluster. */
function addAlone(groups: Map<string, Gathered>, members: readonly Member[]): void {
  for (const { key, cells } of members) {
    const own = gathered(groups, key);
    for (const [cell, rows] of cells.entries()) {
      own.patterns[2 ** cell] = (own.patterns[2 ** cell] ?? 0) + rows;
      own.products[cell * 5] = (own.products[cell * 5] ?? 0) + rows;
    }
  }
}

function addProducts(into: number[], left: readonly number[], right: readonly number[]): void {
  for (const [i, a] of left.entries())
    for (const [j, b] of right.entries()) into[i * 4 + j] = (into[i * 4 + j] ?? 0) + a * b;
}

function gathered(groups: Map<string, Gathered>, key: string): Gathered {
  const known = groups.get(key);
  if (known) return known;
  const fresh = { patterns: new Array<number>(16).fill(0), products: new Array<number>(16).fill(0), shared: new Map() };
  groups.set(key, fresh);
  return fresh;
}

function momentsOf({ patterns, products, shared }: Gathered): ClusterMoments {
  return { patterns, products, ...(shared.size > 0 && { shared: Object.fromEntries(shared) }) };
}
