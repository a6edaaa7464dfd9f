import { ok, type Problem, type Random, type Result } from '@hansa/kernel';
import type { Attribution } from './exact.js';
import { type Model, type Row, runInBatches } from './model.js';

/**
 * Shapley values by sampling orders. For each background row z, `samples` times: draw an order of the features in which
 * x and z differ, walk from z to x switching one feature at a time, and walk the reverse order as well (an antithetic
 * pair, which cancels much of the noise). A feature's contribution is the mean of the changes that its switch made.
 *
 * Every z is used equally often, so the contributions add up as exactly as the enumerated ones, and the only chance is
 * in the orders. The standard error is that of a sample stratified by z: sqrt(Σ_z s²_z / samples) / |background|.
 */
export async function sampledShapley(
  instance: Row,
  background: readonly Row[],
  model: Model,
  options: {
    /** The output for the instance: where every walk ends. */
    readonly prediction: number;
    readonly random: Random;
    /** Pairs for each background row, at least 2, or there is no variance to estimate an error from. */
    readonly samples: number;
    readonly batchSize: number;
  },
): Promise<Result<Attribution, Problem<'explain.model-output'>>> {
  const { prediction, random, samples, batchSize } = options;
  const m = instance.length;
  const sums = new Float64Array(m);
  const variances = new Float64Array(m);
  const walks: (readonly (readonly number[])[])[] = [];
  let base = 0;
  let evaluations = 0;
  let next = 0;
  const groups = (function* () {
    for (const z of background) {
      const orders = ordersOf(instance, z, random, samples);
      walks.push(orders);
      yield [z, ...orders.flatMap((order) => stepsOf(instance, z, order))];
    }
  })();
  for await (const outputs of runInBatches(model, groups, batchSize)) {
    if (!outputs.ok) return outputs;
    const pairs = pairsOf(m, walks[next++] ?? [], outputs.value, prediction);
    base += outputs.value[0] ?? 0;
    evaluations += outputs.value.length;
    for (let j = 0; j < m; j++) {
      const gains = pairs.map((pair) => pair[j] ?? 0);
      const mean = gains.reduce((sum, gain) => sum + gain, 0) / samples;
      sums[j] = (sums[j] ?? 0) + mean;
      const squares = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0);
      variances[j] = (variances[j] ?? 0) + squares / (samples - 1) / samples;
    }
  }
  const n = background.length;
  return ok({
    baseValue: base / n,
    contributions: Array.from(sums, (sum) => sum / n),
    standardErrors: Array.from(variances, (variance) => Math.sqrt(variance) / n),
    evaluations,
  });
}

/** `samples` random orders of the differing features, each followed by its reverse. */
function ordersOf(x: Row, z: Row, random: Random, samples: number): readonly (readonly number[])[] {
  const differing = x.flatMap((value, j) => (value === z[j] ? [] : [j]));
  return Array.from({ length: samples }, () => shuffled(differing, random)).flatMap((order) => [
    order,
    [...order].reverse(),
  ]);
}

/** The rows strictly between z and x on a walk. */
function stepsOf(x: Row, z: Row, order: readonly number[]): readonly Row[] {
  const row = [...z];
  return order.slice(0, -1).map((j) => {
    row[j] = x[j] ?? row[j] ?? 0;
    return [...row];
  });
}

/** Each pair's mean gain for each feature. `outputs`: z, then the steps of every walk, each of which ends at `end`. */
function pairsOf(
  m: number,
  orders: readonly (readonly number[])[],
  outputs: Float64Array,
  end: number,
): readonly Float64Array[] {
  const [start = 0] = outputs;
  const pairs: Float64Array[] = [];
  let at = 1;
  orders.forEach((order, walk) => {
    const gains = walk % 2 === 0 ? new Float64Array(m) : (pairs.pop() ?? new Float64Array(m));
    let before = start;
    order.forEach((j, step) => {
      const after = step === order.length - 1 ? end : (outputs[at++] ?? 0);
      gains[j] = (gains[j] ?? 0) + (after - before) / 2;
      before = after;
    });
    pairs.push(gains);
  });
  return pairs;
}

/** Fisher and Yates. */
function shuffled(items: readonly number[], random: Random): readonly number[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
}
