import { assertNever, ok, type Result, refuse } from '@hansa/kernel';
import type { ElementType, ModelProblem, ModelSignature, ModelValue, TensorValue } from './model-signature.js';
import { emptyTensor, showShape, type Tensor, type Tensors } from './tensor.js';

/** What a dataset's column holds, as far as a model cares. */
export interface FeatureColumn {
  readonly name: string;
  readonly type: 'number' | 'boolean' | 'text';
}

/** The columns of a table as models see them. Types other than truth values and numbers are text. */
export function featureColumns(
  columns: readonly { readonly name: string; readonly type: string }[],
): readonly FeatureColumn[] {
  return columns.map(({ name, type }) => {
    if (type === 'integer' || type === 'number') return { name, type: 'number' };
    return { name, type: type === 'boolean' ? 'boolean' : 'text' };
  });
}

/** A column of a batch. Missing: NaN in numbers, 255 in booleans (else 0 or 1), null in text. */
export type FeatureVector =
  | { readonly kind: 'number'; readonly values: Float64Array }
  | { readonly kind: 'boolean'; readonly values: Uint8Array }
  | { readonly kind: 'text'; readonly values: readonly (string | null)[] };

/** Rows as typed columns by name. */
export interface FeatureBatch {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, FeatureVector>;
}

/** How columns feed a model: side by side in one matrix, or each into its own input. */
export type ColumnBinding =
  | {
      readonly kind: 'matrix';
      readonly input: string;
      readonly elementType: 'float32' | 'float64';
      /** In the model's order. */
      readonly columns: readonly string[];
    }
  | { readonly kind: 'inputs'; readonly inputs: readonly ColumnInput[] };

interface ColumnInput {
  readonly input: string;
  readonly elementType: ElementType;
  /** 1 for [N], 2 for [N, 1]. */
  readonly rank: 1 | 2;
}

/**
 * Decides how a dataset's columns feed a model. Inputs of shape [N, 1] or [N] take the column of their own name; a
 * single float input of shape [N, F] takes the columns that `features` lists, in that order.
 *
 * @param features column names in the order of the model's training, from its card; only for [N, F]
 * @returns `model.missing-column` names the column and what the dataset has instead; `model.wrong-type` a text where
 *   the model wants numbers or the reverse; `model.features-needed` when the list is missing or has another length.
 * @example
 * bindColumns(signature, [{ name: 'platforms', type: 'number' }], ['platforms']);
 */
export function bindColumns(
  signature: ModelSignature,
  columns: readonly FeatureColumn[],
  features: readonly string[] = [],
): Result<ColumnBinding, ModelProblem> {
  const inputs: TensorValue[] = [];
  for (const input of signature.inputs) {
    if (input.kind !== 'tensor') return unusable(input);
    inputs.push(input);
  }
  const [first] = inputs;
  if (inputs.length === 1 && first && first.shape.length === 2 && (first.shape[1] !== 1 || features.length > 0))
    return bindMatrix(first, columns, features);
  const bound: ColumnInput[] = [];
  for (const input of inputs) {
    const rank = input.shape.length;
    if (!(rank === 1 || (rank === 2 && input.shape[1] === 1))) return unusable(input);
    const fits = requireColumn(columns, input.name, input.elementType === 'string' ? 'text' : 'number');
    if (!fits.ok) return fits;
    bound.push({ input: input.name, elementType: input.elementType, rank });
  }
  return ok({ kind: 'inputs', inputs: bound });
}

/** The columns that a binding reads, in order. */
export function boundColumns(binding: ColumnBinding): readonly string[] {
  return binding.kind === 'matrix' ? binding.columns : binding.inputs.map(({ input }) => input);
}

function bindMatrix(
  input: TensorValue,
  columns: readonly FeatureColumn[],
  features: readonly string[],
): Result<ColumnBinding, ModelProblem> {
  const { name, elementType, shape } = input;
  if (elementType !== 'float32' && elementType !== 'float64') return unusable(input);
  const width = shape[1];
  if (features.length === 0 || (typeof width === 'number' && width !== features.length))
    return refuse(
      'model.features-needed',
      `The input "${name}" takes ${typeof width === 'number' ? width : 'several'} columns in a fixed order, and the list of features has ${features.length}; list their names in the order of the model's training.`,
      name,
    );
  for (const feature of features) {
    const fits = requireColumn(columns, feature, 'number');
    if (!fits.ok) return fits;
  }
  return ok({ kind: 'matrix', input: name, elementType, columns: features });
}

function requireColumn(
  columns: readonly FeatureColumn[],
  name: string,
  wanted: 'number' | 'text',
): Result<FeatureColumn, ModelProblem> {
  const column = columns.find((candidate) => candidate.name === name);
  if (!column) {
    const shown = columns
      .slice(0, 20)
      .map((candidate) => candidate.name)
      .join(', ');
    const more = columns.length > 20 ? ` and ${columns.length - 20} more` : '';
    return refuse(
      'model.missing-column',
      `The model needs the column "${name}"; the dataset has ${shown}${more}.`,
      name,
    );
  }
  if ((column.type === 'text') !== (wanted === 'text'))
    return refuse(
      'model.wrong-type',
      `The model needs ${wanted === 'number' ? 'numbers' : 'text'} in the column "${name}"; the dataset has ${column.type === 'number' ? 'numbers' : column.type === 'boolean' ? 'truth values' : 'text'} there.`,
      name,
    );
  return ok(column);
}

function unusable(input: ModelValue): Result<never, ModelProblem> {
  const is = input.kind === 'tensor' ? `${input.elementType} of shape [${showShape(input.shape)}]` : input.type;
  return refuse(
    'model.wrong-shape',
    `The input "${input.name}" is ${is}; rows of a table feed one float matrix [N, F] or inputs of shape [N, 1].`,
    input.name,
  );
}

/**
 * Fills a model's inputs from a batch. Missing numbers stay NaN, missing text is empty; integers cannot be missing.
 *
 * @param firstRow the number of the batch's first row, for problems
 */
export function packTensors(
  binding: ColumnBinding,
  batch: FeatureBatch,
  firstRow: number,
): Result<Tensors, ModelProblem> {
  if (binding.kind === 'matrix') return packMatrix(binding, batch);
  const tensors: Record<string, Tensor> = {};
  for (const { input, elementType, rank } of binding.inputs) {
    const vector = batch.columns.get(input);
    if (!vector) throw new Error(`the batch lacks the bound column "${input}"`);
    const shape = rank === 1 ? [batch.rows] : [batch.rows, 1];
    if (vector.kind === 'text') {
      tensors[input] = { type: 'string', shape, data: vector.values.map((text) => text ?? '') };
      continue;
    }
    const tensor = emptyTensor(elementType, shape);
    const row = fillNumbers(tensor, vector);
    if (row !== undefined) {
      const value = numberAt(vector.kind, vector.values, row);
      const is = Number.isNaN(value) ? 'has no value' : `is ${value}`;
      const wanted = { int64: 'a whole number', int32: 'a whole number of 32 bits', bool: 'true or false, or 1 or 0' };
      return refuse(
        'model.missing-value',
        `The column "${input}" ${is} in row ${firstRow + row}; the model's input of that name takes ${elementType}, so every row needs ${elementType in wanted ? wanted[elementType as keyof typeof wanted] : 'a number'}.`,
        input,
      );
    }
    tensors[input] = tensor;
  }
  return ok(tensors);
}

function packMatrix(
  binding: Extract<ColumnBinding, { kind: 'matrix' }>,
  batch: FeatureBatch,
): Result<Tensors, ModelProblem> {
  const width = binding.columns.length;
  const size = batch.rows * width;
  const data = binding.elementType === 'float32' ? new Float32Array(size) : new Float64Array(size);
  for (const [at, name] of binding.columns.entries()) {
    const vector = batch.columns.get(name);
    if (!vector || vector.kind === 'text') throw new Error(`the batch lacks the bound number column "${name}"`);
    const { values } = vector;
    for (let row = 0; row < batch.rows; row++) data[row * width + at] = numberAt(vector.kind, values, row);
  }
  const shape = [batch.rows, width];
  const tensor: Tensor =
    data instanceof Float32Array ? { type: 'float32', shape, data } : { type: 'float64', shape, data };
  return ok({ [binding.input]: tensor });
}

function numberAt(kind: 'number' | 'boolean', values: ArrayLike<number>, row: number): number {
  const value = values[row] ?? Number.NaN;
  return kind === 'boolean' && value === 255 ? Number.NaN : value;
}

/** @returns the first row whose value the tensor's type cannot hold */
function fillNumbers(tensor: Tensor, vector: Exclude<FeatureVector, { kind: 'text' }>): number | undefined {
  const rows = tensor.data.length;
  for (let row = 0; row < rows; row++) {
    const value = numberAt(vector.kind, vector.values, row);
    switch (tensor.type) {
      case 'float32':
      case 'float64':
        tensor.data[row] = value;
        break;
      case 'int64':
      case 'int32':
        if (!Number.isSafeInteger(value) || (tensor.type === 'int32' && (value | 0) !== value)) return row;
        if (tensor.type === 'int64') tensor.data[row] = BigInt(value);
        else tensor.data[row] = value;
        break;
      case 'bool':
        if (value !== 0 && value !== 1) return row;
        tensor.data[row] = value;
        break;
      case 'string':
        throw new Error('a binding feeds numbers into text');
      default:
        return assertNever(tensor);
    }
  }
  return undefined;
}
