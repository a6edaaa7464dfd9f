import { type Digest, ok, type Result, refuse } from '@hansa/kernel';
import {
  boundColumns,
  type ColumnBinding,
  type FeatureBatch,
  type FeatureVector,
  packTensors,
} from './bind-columns.js';
import type { ModelHost } from './model-host.js';
import type { ModelProblem, ModelSignature } from './model-signature.js';
import { isSameClass, type ScoreReading } from './score-reading.js';
import type { Tensor } from './tensor.js';

/** Rows of one run: large enough that the way to the other process does not count, small enough for its deadline. */
const rowsPerRun = 8_192;
/** So many different labels of a model are remembered. */
const maxLabels = 20;

export interface RowScorerParts {
  readonly host: ModelHost;
  /** Of a model that the host has loaded. */
  readonly digest: Digest;
  readonly signature: ModelSignature;
  readonly binding: ColumnBinding;
  readonly reading: ScoreReading;
}

/**
 * Scores batches of rows, one after the other, in runs that are bounded however large a batch is.
 *
 * @example
 * const scorer = new RowScorer({ host, digest, signature, binding, reading });
 * const scores = await scorer.score(batch, 1);
 */
export class RowScorer {
  readonly #parts: RowScorerParts;
  readonly #labels = new Set<string>();

  constructor(parts: RowScorerParts) {
    this.#parts = parts;
  }

  /** The first few labels that a model of labels has given. */
  get labels(): ReadonlySet<string> {
    return this.#labels;
  }

  /**
   * One score for each row of a batch.
   *
   * @param firstRow the number of its first row, for problems
   * @param progress called with the number of rows of the batch that are done after each run
   * @returns `model.no-score` names the first row for which the model gives no number, and which of its columns are
   *   empty there
   */
  async score(
    batch: FeatureBatch,
    firstRow: number,
    progress?: (rows: number) => void,
  ): Promise<Result<Float64Array, ModelProblem>> {
    const most = runRows(this.#parts.signature);
    if (!most.ok) return most;
    const scores = new Float64Array(batch.rows);
    for (let from = 0; from < batch.rows; from += most.value) {
      const to = Math.min(from + most.value, batch.rows);
      const piece = await this.#run(slice(batch, from, to), firstRow + from);
      if (!piece.ok) return piece;
      scores.set(piece.value, from);
      progress?.(to);
    }
    return ok(scores);
  }

  async #run(batch: FeatureBatch, firstRow: number): Promise<Result<Float64Array, ModelProblem>> {
    const { host, digest, binding, reading, signature } = this.#parts;
    const inputs = packTensors(binding, batch, firstRow);
    if (!inputs.ok) return inputs;
    const outputs = await host.run({ digest, inputs: inputs.value, outputs: [reading.output] });
    if (!outputs.ok) return outputs;
    const tensor = outputs.value[reading.output];
    if (!tensor || (tensor.shape[0] ?? 0) !== batch.rows || tensor.data.length === 0)
      return refuse(
        'model.no-score',
        `The model gave the output "${reading.output}" in the shape [${tensor?.shape.join(', ')}] for ${batch.rows} rows (from row ${firstRow}); it must have a line for each row.`,
      );
    if (reading.kind === 'label') return this.#readLabels(tensor, reading.positive, batch.rows);
    const column = columnOf(reading, tensor.data.length / batch.rows, signature);
    if (!column.ok) return column;
    return readColumn(tensor, column.value, (row) => {
      const empty = emptyColumns(binding, batch, row);
      return refuse(
        'model.no-score',
        `The model gave no number (NaN) for row ${firstRow + row}${empty.length > 0 ? `, in which there is no value in ${empty.map((name) => `"${name}"`).join(', ')}` : ', although no column that it uses is empty there'}.`,
        empty[0],
      );
    });
  }

  #readLabels(tensor: Tensor, positive: string, rows: number): Result<Float64Array, ModelProblem> {
    const scores = new Float64Array(rows);
    const known = new Map<string | number | bigint, number>();
    for (let row = 0; row < rows; row++) {
      const label = tensor.data[row] ?? '';
      let score = known.get(label);
      if (score === undefined) {
        const text = tensor.type === 'bool' ? String(label === 1) : String(label);
        if (this.#labels.size < maxLabels) this.#labels.add(text);
        score = isSameClass(text, positive) ? 1 : 0;
        known.set(label, score);
      }
      scores[row] = score;
    }
    return ok(scores);
  }
}

/** Models exported for one row at a time get one row at a time. */
function runRows({ inputs }: ModelSignature): Result<number, ModelProblem> {
  for (const input of inputs) {
    const first = input.kind === 'tensor' ? input.shape[0] : undefined;
    if (typeof first === 'number' && first > 1)
      return refuse(
        'model.wrong-shape',
        `The input "${input.name}" takes exactly ${first} rows at a time; export the model with a number of rows that may vary.`,
        input.name,
      );
    if (first === 1) return ok(1);
  }
  return ok(rowsPerRun);
}

function columnOf(
  { output, column }: Extract<ScoreReading, { kind: 'scores' }>,
  width: number,
  { classes }: ModelSignature,
): Result<number, ModelProblem> {
  if (width === 1) return ok(0);
  if (column === undefined && width > 2)
    return refuse(
      'model.unknown-class',
      `The output "${output}" scores ${width} classes without naming them; say which column, from 0, is the positive class.`,
    );
  const chosen = column ?? 1;
  if (chosen < width && Number.isInteger(width)) return ok(chosen);
  const named = classes ? ` (${classes.slice(0, 20).join(', ')})` : '';
  return refuse(
    'model.unknown-class',
    `The output "${output}" scores ${width} classes${named}; there is no column ${chosen}, counted from 0.`,
  );
}

function readColumn(
  tensor: Tensor,
  column: number,
  missing: (row: number) => Result<never, ModelProblem>,
): Result<Float64Array, ModelProblem> {
  if (tensor.type !== 'float32' && tensor.type !== 'float64')
    return refuse(
      'model.no-score',
      `The model gave scores of the type ${tensor.type}, not the floats that it declares.`,
    );
  const rows = tensor.shape[0] ?? 0;
  const width = tensor.data.length / rows;
  const scores = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const value = tensor.data[row * width + column] ?? Number.NaN;
    if (Number.isNaN(value)) return missing(row);
    scores[row] = value;
  }
  return ok(scores);
}

/** The bound columns that have no value in a row. */
function emptyColumns(binding: ColumnBinding, { columns }: FeatureBatch, row: number): readonly string[] {
  return boundColumns(binding).filter((name) => {
    const vector = columns.get(name);
    const value = vector?.values[row] ?? null;
    return value === null || Number.isNaN(value) || (vector?.kind === 'boolean' && value === 255);
  });
}

function slice(batch: FeatureBatch, from: number, to: number): FeatureBatch {
  if (from === 0 && to === batch.rows) return batch;
  const columns = new Map([...batch.columns].map(([name, vector]) => [name, sliceVector(vector, from, to)]));
  return { rows: to - from, columns };
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
