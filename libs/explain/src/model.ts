import { ok, type Problem, type Result, refuse } from '@hansa/kernel';

/** One feature of one case. */
export type FeatureValue = number | string;

/** The features of one case, in the order of the feature names. */
export type Row = readonly FeatureValue[];

/** A model from outside: one finite number (score, probability, logit) for each row, whatever the batch. */
export type Model = (rows: readonly Row[]) => Promise<Float64Array>;

/**
 * Runs a model over groups of rows, many groups to a call and at most `batchSize` rows to a call, and hands back the
 * outputs group by group. Holds no more than one batch and one group at a time.
 */
export async function* runInBatches(
  model: Model,
  groups: Iterable<readonly Row[]>,
  batchSize: number,
): AsyncGenerator<Result<Float64Array, Problem<'explain.model-output'>>> {
  let sizes: number[] = [];
  let rows: Row[] = [];
  for (const group of groups) {
    sizes.push(group.length);
    for (const row of group) rows.push(row);
    if (rows.length >= batchSize) {
      yield* outputsOf(model, rows, sizes, batchSize);
      [sizes, rows] = [[], []];
    }
  }
  yield* outputsOf(model, rows, sizes, batchSize);
}

async function* outputsOf(model: Model, rows: readonly Row[], sizes: readonly number[], batchSize: number) {
  const outputs = new Float64Array(rows.length);
  for (let from = 0; from < rows.length; from += batchSize) {
    const batch = rows.slice(from, from + batchSize);
    const values = await model(batch);
    if (values.length !== batch.length) {
      yield refuse('explain.model-output', `The model gave ${values.length} outputs for ${batch.length} rows.`);
      return;
    }
    if (!values.every(Number.isFinite)) {
      yield refuse('explain.model-output', 'The model gave an output that is not a finite number.');
      return;
    }
    outputs.set(values, from);
  }
  let end = 0;
  for (const size of sizes) {
    end += size;
    yield ok(outputs.subarray(end - size, end));
  }
}
