import type { FeatureValue, Row } from '@hansa/explain';
import {
  boundColumns,
  type ColumnBinding,
  type FeatureBatch,
  type FeatureColumn,
  type FeatureVector,
  type InferRequest,
  type Tensor,
} from '@hansa/inference';
import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { ColumnBatch } from '@hansa/tabular';

/** The features of a model in its order, and how each is held. */
export interface FeatureSpace {
  readonly binding: ColumnBinding;
  readonly names: readonly string[];
  readonly isText: readonly boolean[];
}

export function featureSpace(binding: ColumnBinding, columns: readonly FeatureColumn[]): FeatureSpace {
  const names = boundColumns(binding);
  const isText = names.map((name) => columns.some((column) => column.name === name && column.type === 'text'));
  return { binding, names, isText };
}

/** One row of a batch, or the name of a feature whose number is missing. Missing text is empty, as models get it. */
export function rowOf({ names }: FeatureSpace, { columns }: ColumnBatch, at: number): Row | { readonly lacks: string } {
  const row: FeatureValue[] = [];
  for (const name of names) {
    const vector = columns.get(name);
    const value = vector?.values[at] ?? null;
    if (vector?.kind === 'text') row.push(value ?? '');
    else if (typeof value !== 'number' || Number.isNaN(value) || (vector?.kind === 'boolean' && value > 1))
      return { lacks: name };
    else row.push(value);
  }
  return row;
}

/** Rows as the typed columns that feed the model. */
export function batchOf({ names, isText }: FeatureSpace, rows: readonly Row[]): FeatureBatch {
  const columns = names.map((name, j): [string, FeatureVector] => [
    name,
    isText[j]
      ? { kind: 'text', values: rows.map((row) => String(row[j])) }
      : { kind: 'number', values: Float64Array.from(rows, (row) => Number(row[j])) },
  ]);
  return { rows: rows.length, columns: new Map(columns) };
}

/** The single case of a request of the Open Inference Protocol. */
export function caseOf({ binding }: FeatureSpace, { inputs }: InferRequest): Result<Row, Problem<'explanation.case'>> {
  const tensors =
    binding.kind === 'matrix' ? [inputs[binding.input]] : binding.inputs.map(({ input }) => inputs[input]);
  const row: FeatureValue[] = [];
  for (const tensor of tensors) {
    if (tensor?.shape[0] !== 1)
      return refuse('explanation.case', 'One case is explained at a time: send inputs of one row.', '/inputs');
    row.push(...valuesOf(tensor));
  }
  const isComplete = row.every((value) => typeof value === 'string' || Number.isFinite(value));
  return isComplete ? ok(row) : refuse('explanation.case', 'Every number of the case must be finite.', '/inputs');
}

function valuesOf(tensor: Tensor): readonly FeatureValue[] {
  if (tensor.type === 'string') return tensor.data;
  const values = Array.from<number | bigint, number>(tensor.data, Number);
  return tensor.type === 'float32' ? values.map(asWritten) : values;
}

/** The shortest decimal that a 32-bit float stands for: 39.8, where widening would say 39.79999923706055. */
function asWritten(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return value;
}
