import { type Digest, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { type ColumnBinding, type FeatureBatch, type FeatureVector, packTensors } from './bind-columns.js';
import type { ModelHost } from './model-host.js';
import type { ModelProblem, ModelSignature, TensorValue } from './model-signature.js';
import type { Tensor } from './tensor.js';

/** Scores of rows in their order. */
export interface Scores {
  /** The probability (or raw score) of the positive class. */
  readonly scores: Float64Array;
  /** 1 where the score reaches the threshold. */
  readonly decisions: Uint8Array;
}

/** Rows of one run: large enough that the way to the other process does not count, small enough for its deadline. */
const rowsPerRun = 8_192;

/**
 * Scores all rows of a stream. The score is the last column of a float output [N, 2] (`probabilities` by preference),
 * column `positiveClass` of [N, K], or a float output of one column.
 *
 * @param request.batches rows as typed columns; a failed batch ends the scoring with its problem
 * @param request.threshold a score at or above it is a positive decision
 * @param request.progress called with the number of rows done after each run
 * @example
 * await score({ host, digest, signature, binding, batches, threshold: 0.5 });
 */
export async function score<P extends Problem>(request: {
  readonly host: ModelHost;
  readonly digest: Digest;
  readonly signature: ModelSignature;
  readonly binding: ColumnBinding;
  readonly batches: AsyncIterable<Result<FeatureBatch, P>>;
  readonly threshold: number;
  readonly positiveClass?: number;
  readonly progress?: (rows: number) => void;
}): Promise<Result<Scores, P | ModelProblem>> {
  const { host, digest, binding, threshold, positiveClass = 1, progress } = request;
  const output = scoreOutput(request.signature);
  if (!output.ok) return output;
  const pieces: Float64Array[] = [];
  let rows = 0;
  for await (const batch of request.batches) {
    if (!batch.ok) return batch;
    for (const slice of slices(batch.value)) {
      const inputs = packTensors(binding, slice);
      if (!inputs.ok) return inputs;
      const outputs = await host.run({ digest, inputs: inputs.value, outputs: [output.value] });
      if (!outputs.ok) return outputs;
      const piece = scoresOf(outputs.value[output.value], slice.rows, positiveClass);
      if (!piece.ok) return piece;
      pieces.push(piece.value);
      rows += slice.rows;
      progress?.(rows);
    }
  }
  const scores = new Float64Array(rows);
  let at = 0;
  for (const piece of pieces) {
    scores.set(piece, at);
    at += piece.length;
  }
  return ok({ scores, decisions: Uint8Array.from(scores, (value) => (value >= threshold ? 1 : 0)) });
}

/** The name of the output that holds scores. */
export function scoreOutput(signature: ModelSignature): Result<string, ModelProblem> {
  const isScore = (value: ModelSignature['outputs'][number]): value is TensorValue =>
    value.kind === 'tensor' &&
    (value.elementType === 'float32' || value.elementType === 'float64') &&
    value.shape.length <= 2;
  const candidates = signature.outputs.filter(isScore);
  const chosen =
    candidates.find(({ name }) => /^(output_)?probabilit(y|ies)$/.test(name)) ??
    (candidates.length === 1 ? candidates[0] : undefined);
  if (chosen) return ok(chosen.name);
  const names = signature.outputs.map(({ name }) => name).join(', ');
  return refuse(
    'model.no-score',
    `None of the outputs (${names}) is known to hold scores; name one "probabilities", as a float tensor [N, 2] or [N, 1].`,
  );
}

function* slices(batch: FeatureBatch): Generator<FeatureBatch> {
  for (let from = 0; from < batch.rows; from += rowsPerRun) {
    const to = Math.min(from + rowsPerRun, batch.rows);
    const columns = new Map([...batch.columns].map(([name, vector]) => [name, sliceVector(vector, from, to)]));
    yield { rows: to - from, columns };
  }
}

function sliceVector(vector: FeatureVector, from: number, to: number): FeatureVector {
  switch (vector.kind) {
    case 'number':
      return { kind: 'number', values: vector.values.subarray(from, to) };
    case 'boolean':
      return { kind: 'boolean', values: vector.values.subarray(from, to) };
    case 'text':
      return { kind: 'text', values: vector.values.slice(from, to) };
  }
}

function scoresOf(tensor: Tensor | undefined, rows: number, positiveClass: number): Result<Float64Array, ModelProblem> {
  if (!tensor || (tensor.type !== 'float32' && tensor.type !== 'float64') || tensor.shape[0] !== rows)
    return refuse('model.no-score', `The model gave scores of shape [${tensor?.shape.join(', ')}] for ${rows} rows.`);
  const width = tensor.data.length / rows;
  const column = width === 1 ? 0 : positiveClass;
  if (column >= width)
    return refuse('model.no-score', `The model scores ${width} classes; there is no class ${positiveClass}.`);
  const scores = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const value = tensor.data[row * width + column] ?? Number.NaN;
    if (Number.isNaN(value)) return refuse('model.no-score', `The model gave no number for row ${row + 1} of a run.`);
    scores[row] = value;
  }
  return ok(scores);
}
