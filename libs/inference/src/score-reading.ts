import { ok, type Result, refuse } from '@hansa/kernel';
import type { ModelProblem, ModelSignature, TensorValue } from './model-signature.js';

/** How an output is read as one score for each row. */
export type ScoreReading =
  /** A float output [N, K], [N, 1] or [N]. Without a column: the only one, or the second of two. */
  | { readonly kind: 'scores'; readonly output: string; readonly column?: number }
  /** An output of labels, [N] or [N, 1]: the score is 1 where the label is the positive class, else 0. */
  | { readonly kind: 'label'; readonly output: string; readonly positive: string };

/** Which of a model's classes is the positive one. */
export type PositiveClass =
  /** By the place of its column, from 0. */
  | { readonly column: number }
  /** By its name; where the model names no classes, by the place of its column, written as a number. */
  | { readonly name: string }
  /** By the value of the label that is positive, where the model names its classes. */
  | { readonly label: string };

/**
 * Finds out which output of a model holds scores and how they are read: `probabilities` by preference, else the only
 * float output, else the labels.
 *
 * @returns `model.no-score` when no output can be read; `model.unknown-class` when the model has no such class
 * @example
 * readingOf(signature, { label: 'yes' }); // { kind: 'scores', output: 'probabilities', column: 1 }
 */
export function readingOf(signature: ModelSignature, positive: PositiveClass): Result<ScoreReading, ModelProblem> {
  const tensors = signature.outputs.filter((value): value is TensorValue => value.kind === 'tensor');
  const floats = tensors.filter((value) => isFloat(value) && value.shape.length <= 2);
  const scores = floats.find(({ name }) => /^(output_)?probabilit(y|ies)$/.test(name)) ?? onlyOne(floats);
  if (scores) return readScores(scores, signature, positive);
  const labels = tensors.filter((value) => !isFloat(value) && isColumn(value));
  const label = labels.find(({ name }) => /^(output_)?label$/.test(name)) ?? onlyOne(labels);
  if (label && floats.length === 0) return readLabel(label, signature, positive);
  const names = signature.outputs.map(({ name }) => name).join(', ');
  return refuse(
    'model.no-score',
    `None of the outputs (${names}) is known to hold scores; name one "probabilities", as a float tensor [N, 2] or [N, 1].`,
  );
}

function readScores(
  { name: output, shape }: TensorValue,
  { classes: named }: ModelSignature,
  positive: PositiveClass,
): Result<ScoreReading, ModelProblem> {
  const width = shape.length < 2 ? 1 : shape[1];
  if ('column' in positive) return ok({ kind: 'scores', output, column: positive.column });
  if (width === 1)
    return 'name' in positive
      ? refuse(
          'model.unknown-class',
          `The output "${output}" is one score for each row; it has no classes to choose from.`,
        )
      : ok({ kind: 'scores', output });
  const classes = typeof width === 'number' && named?.length !== width ? undefined : named;
  const wanted = 'name' in positive ? positive.name : positive.label;
  if (classes) {
    const column = classes.findIndex((one) => isSameClass(one, wanted));
    return column < 0 ? unknownClass(classes, positive) : ok({ kind: 'scores', output, column });
  }
  if ('label' in positive) return ok({ kind: 'scores', output });
  const column = /^\d{1,6}$/.test(wanted) ? Number(wanted) : -1;
  if (column >= 0 && (typeof width !== 'number' || column < width)) return ok({ kind: 'scores', output, column });
  return refuse(
    'model.unknown-class',
    `The model does not name the ${typeof width === 'number' ? width : ''} classes of its output "${output}", and so has no class ${JSON.stringify(wanted)}; give the place of its column, from 0.`.replace(
      '  ',
      ' ',
    ),
  );
}

function readLabel(
  { name: output }: TensorValue,
  { classes }: ModelSignature,
  positive: PositiveClass,
): Result<ScoreReading, ModelProblem> {
  if ('column' in positive) {
    const named = classes?.[positive.column] ?? String(positive.column);
    return ok({ kind: 'label', output, positive: named });
  }
  const wanted = 'name' in positive ? positive.name : positive.label;
  const known = classes?.some((one) => isSameClass(one, wanted)) ?? true;
  return known ? ok({ kind: 'label', output, positive: wanted }) : unknownClass(classes ?? [], positive);
}

function unknownClass(classes: readonly string[], positive: PositiveClass): Result<never, ModelProblem> {
  const shown = classes.slice(0, 20).map((name) => JSON.stringify(name));
  const names = `${shown.join(', ')}${classes.length > 20 ? ` and ${classes.length - 20} more` : ''}`;
  return refuse(
    'model.unknown-class',
    'label' in positive
      ? `The model's classes are ${names}, and none of them is the positive label ${JSON.stringify(positive.label)}; say which class means it.`
      : `The model has no class ${'name' in positive ? JSON.stringify(positive.name) : positive.column}; its classes are ${names}.`,
  );
}

/** Whether two names of classes mean the same: `1` and `1.0`, `true` and `1`. */
export function isSameClass(a: string, b: string): boolean {
  if (a === b) return true;
  const [x, y] = [asNumber(a), asNumber(b)];
  return x === y;
}

function asNumber(text: string): number {
  const word = text.trim().toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true' ? 1 : 0;
  return word === '' ? Number.NaN : Number(word);
}

function isFloat({ elementType }: TensorValue): boolean {
  return elementType === 'float32' || elementType === 'float64';
}

function isColumn({ shape }: TensorValue): boolean {
  return shape.length === 1 || (shape.length === 2 && (shape[1] === 1 || typeof shape[1] !== 'number'));
}

function onlyOne<T>(values: readonly T[]): T | undefined {
  return values.length === 1 ? values[0] : undefined;
}
