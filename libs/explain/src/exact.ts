import { ok, type Problem, type Result } from '@hansa/kernel';
import { type Model, type Row, runInBatches } from './model.js';

/** Sums over all coalitions, before they are put into a result. */
export interface Attribution {
  /** v(∅): the mean output over the background. */
  readonly baseValue: number;
  readonly contributions: readonly number[];
  /** Only when sampled. */
  readonly standardErrors?: readonly number[];
  /** Rows that the model was asked about. */
  readonly evaluations: number;
}

/**
 * Shapley values by their definition: φ_j = Σ_S |S|!(M−|S|−1)!/M! · (v(S ∪ j) − v(S)), with the interventional value
 * v(S) = mean over background rows z of f(x_S, z_rest).
 *
 * A feature in which x and z agree cannot change z's outputs, so only 2^d rows are evaluated for a background row that
 * differs from x in d features. A feature that the model ignores gets exactly 0: its two sums are made of equal terms in
 * equal order.
 */
export async function exactShapley(
  instance: Row,
  background: readonly Row[],
  model: Model,
  batchSize: number,
): Promise<Result<Attribution, Problem<'explain.model-output'>>> {
  const m = instance.length;
  const values = new Float64Array(2 ** m);
  const differing = background.map((z) => maskOf(instance, z));
  let evaluations = 0;
  let next = 0;
  const groups = mapLazily(background, (z) => hybridsOf(instance, z));
  for await (const outputs of runInBatches(model, groups, batchSize)) {
    if (!outputs.ok) return outputs;
    addOutputs(values, outputs.value, differing[next++] ?? 0);
    evaluations += outputs.value.length;
  }
  for (let s = 0; s < values.length; s++) values[s] = (values[s] ?? 0) / background.length;
  return ok({ baseValue: values[0] ?? 0, contributions: contributionsOf(values, m), evaluations });
}

/** The features in which two rows differ, as bits. */
function maskOf(a: Row, b: Row): number {
  return a.reduce<number>((mask, value, j) => (value === b[j] ? mask : mask | (1 << j)), 0);
}

/** Every mixture of x and z that is a different row: bit i of its number takes the i-th differing feature from x. */
function hybridsOf(x: Row, z: Row): readonly Row[] {
  const differing = x.flatMap((value, j) => (value === z[j] ? [] : [j]));
  return Array.from({ length: 2 ** differing.length }, (_, mixture) => {
    const row = [...z];
    differing.forEach((j, i) => {
      const value = x[j];
      if (value !== undefined && mixture & (1 << i)) row[j] = value;
    });
    return row;
  });
}

/** Adds z's outputs to every coalition: only its differing features matter for z. */
function addOutputs(values: Float64Array, outputs: Float64Array, differing: number): void {
  for (let coalition = 0; coalition < values.length; coalition++) {
    let mixture = 0;
    let bit = 0;
    for (let rest = differing; rest !== 0; rest &= rest - 1) {
      if (coalition & rest & -rest) mixture |= 1 << bit;
      bit++;
    }
    values[coalition] = (values[coalition] ?? 0) + (outputs[mixture] ?? 0);
  }
}

function contributionsOf(values: Float64Array, m: number): readonly number[] {
  const weights = weightsOf(m);
  const contributions = new Array<number>(m).fill(0);
  for (let s = 0; s < values.length; s++) {
    const weight = weights[bitsOf(s)] ?? 0;
    for (let j = 0; j < m; j++) {
      if (s & (1 << j)) continue;
      const gain = (values[s | (1 << j)] ?? 0) - (values[s] ?? 0);
      contributions[j] = (contributions[j] ?? 0) + weight * gain;
    }
  }
  return contributions;
}

/** |S|!(M−|S|−1)!/M! for |S| = 0 … M−1, by its recurrence: the first is 1/M. */
function weightsOf(m: number): readonly number[] {
  const weights = [1 / m];
  for (let size = 1; size < m; size++) weights.push(((weights[size - 1] ?? 0) * size) / (m - size));
  return weights;
}

function bitsOf(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function* mapLazily<A, B>(items: readonly A[], f: (item: A) => B): Iterable<B> {
  for (const item of items) yield f(item);
}
