import { assertNever, ok, type Result, refuse } from '@hansa/kernel';
import type { Dimension, ElementType, ModelProblem, ModelSignature, TensorValue } from './model-signature.js';

/** Values in row-major order with their shape. Truth values are bytes, 0 or 1. */
export type Tensor =
  | { readonly type: 'float32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly type: 'float64'; readonly shape: readonly number[]; readonly data: Float64Array }
  | { readonly type: 'int64'; readonly shape: readonly number[]; readonly data: BigInt64Array }
  | { readonly type: 'int32'; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly type: 'bool'; readonly shape: readonly number[]; readonly data: Uint8Array }
  | { readonly type: 'string'; readonly shape: readonly number[]; readonly data: readonly string[] };

/** Tensors by the names of a model's inputs or outputs. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** A request may hold this much; larger tables go in batches. */
const maxInputBytes = 64 * 2 ** 20;

/** An empty tensor of a type and shape, to be filled. */
export function emptyTensor(type: ElementType, shape: readonly number[]): Tensor {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  switch (type) {
    case 'float32':
      return { type, shape, data: new Float32Array(size) };
    case 'float64':
      return { type, shape, data: new Float64Array(size) };
    case 'int64':
      return { type, shape, data: new BigInt64Array(size) };
    case 'int32':
      return { type, shape, data: new Int32Array(size) };
    case 'bool':
      return { type, shape, data: new Uint8Array(size) };
    case 'string':
      return { type, shape, data: new Array<string>(size).fill('') };
    default:
      return assertNever(type);
  }
}

/** That the tensors are exactly the model's inputs, each of its type, and of a shape that fits both model and data. */
export function checkInputs(signature: ModelSignature, inputs: Tensors): Result<void, ModelProblem> {
  const names = signature.inputs.map(({ name }) => name);
  for (const name of Object.keys(inputs))
    if (!names.includes(name))
      return refuse(
        'model.missing-input',
        `The model has no input "${name}"; its inputs are ${names.join(', ')}.`,
        name,
      );
  let bytes = 0;
  for (const input of signature.inputs) {
    const tensor = Object.hasOwn(inputs, input.name) ? inputs[input.name] : undefined;
    if (!tensor) return refuse('model.missing-input', `The input "${input.name}" of the model is missing.`, input.name);
    if (input.kind !== 'tensor')
      return refuse(
        'model.wrong-type',
        `The input "${input.name}" is a ${input.type}; only tensors can be fed.`,
        input.name,
      );
    const fits = checkTensor(input, tensor);
    if (!fits.ok) return fits;
    bytes += byteLength(tensor);
  }
  if (bytes > maxInputBytes)
    return refuse('model.wrong-shape', `The inputs have ${bytes} bytes; send at most ${maxInputBytes}.`);
  return ok(undefined);
}

function checkTensor(input: TensorValue, tensor: Tensor): Result<void, ModelProblem> {
  if (input.elementType !== tensor.type)
    return refuse(
      'model.wrong-type',
      `The input "${input.name}" takes ${input.elementType}, not ${tensor.type}.`,
      input.name,
    );
  const fits =
    tensor.shape.length === input.shape.length &&
    tensor.shape.every((size, i) => Number.isSafeInteger(size) && size >= 0 && fitsDimension(size, input.shape[i]));
  if (!fits)
    return refuse(
      'model.wrong-shape',
      `The input "${input.name}" takes the shape [${showShape(input.shape)}], not [${tensor.shape.join(', ')}].`,
      input.name,
    );
  const size = tensor.shape.reduce((product, dimension) => product * dimension, 1);
  if (size !== tensor.data.length)
    return refuse(
      'model.wrong-shape',
      `The input "${input.name}" of shape [${tensor.shape.join(', ')}] needs ${size} values, not ${tensor.data.length}.`,
      input.name,
    );
  return ok(undefined);
}

function fitsDimension(size: number, dimension: Dimension | undefined): boolean {
  return typeof dimension !== 'number' || dimension === size;
}

export function showShape(shape: readonly Dimension[]): string {
  return shape.map((dimension) => dimension ?? '?').join(', ');
}

function byteLength(tensor: Tensor): number {
  if (tensor.type !== 'string') return tensor.data.byteLength;
  return tensor.data.reduce((sum, text) => sum + text.length * 2, 0);
}
