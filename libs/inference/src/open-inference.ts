import {
  assertNever,
  isJsonObject,
  type Json,
  type JsonObject,
  ok,
  type Problem,
  type Result,
  refuse,
} from '@hansa/kernel';
import type { Dimension, ElementType, ModelProblem, ModelSignature, TensorValue } from './model-signature.js';
import { checkInputs, emptyTensor, type Tensor, type Tensors } from './tensor.js';

/** Datatypes of the Open Inference Protocol, version 2 ("Tensor Data Types"). */
const datatypes = {
  float32: 'FP32',
  float64: 'FP64',
  int64: 'INT64',
  int32: 'INT32',
  bool: 'BOOL',
  string: 'BYTES',
} as const satisfies Record<ElementType, string>;

/** A request of the Open Inference Protocol, checked against a model. */
export interface InferRequest {
  readonly id?: string;
  readonly inputs: Tensors;
  /** The outputs that were asked for; undefined: all. */
  readonly outputs?: readonly string[];
}

type RequestProblem = ModelProblem | Problem<'inference.malformed'>;

/**
 * Reads the JSON body of `POST /v2/models/{name}/infer`. Types and shapes must be exactly the model's; data may be flat
 * or nested, in row-major order.
 *
 * Source: Open Inference Protocol, `specification/protocol/inference_rest.md`, "Inference Request JSON Object".
 *
 * @example
 * parseInferRequest({ inputs: [{ name: 'X', shape: [1, 2], datatype: 'FP32', data: [1, 2] }] }, signature);
 */
export function parseInferRequest(json: Json, signature: ModelSignature): Result<InferRequest, RequestProblem> {
  if (!isJsonObject(json)) return malformed('The request is not a JSON object.');
  const { id, inputs: inputList, outputs: outputList } = json;
  if (id !== undefined && typeof id !== 'string') return malformed('The member "id" is not a string.', '/id');
  if (!isArray(inputList)) return malformed('The member "inputs" is not an array of tensors.', '/inputs');
  const inputs: Record<string, Tensor> = Object.create(null);
  for (const [i, item] of inputList.entries()) {
    const tensor = parseTensor(item, signature, `/inputs/${i}`);
    if (!tensor.ok) return tensor;
    if (tensor.value.name in inputs)
      return malformed(`The input "${tensor.value.name}" is there twice.`, `/inputs/${i}`);
    inputs[tensor.value.name] = tensor.value.tensor;
  }
  const checked = checkInputs(signature, inputs);
  if (!checked.ok) return checked;
  const outputs = parseOutputs(outputList);
  if (!outputs.ok) return outputs;
  return ok({ ...(id === undefined ? {} : { id }), inputs, ...(outputs.value ? { outputs: outputs.value } : {}) });
}

function parseOutputs(list: Json | undefined): Result<readonly string[] | undefined, RequestProblem> {
  if (list === undefined) return ok(undefined);
  if (!isArray(list)) return malformed('The member "outputs" is not an array.', '/outputs');
  const names = list
    .map((item) => (isJsonObject(item) ? item.name : undefined))
    .filter((name) => typeof name === 'string');
  return names.length === list.length ? ok(names) : malformed('An output has no name.', '/outputs');
}

function parseTensor(
  item: Json,
  signature: ModelSignature,
  at: string,
): Result<{ name: string; tensor: Tensor }, RequestProblem> {
  if (!isJsonObject(item)) return malformed('An input is not a JSON object.', at);
  const { name, shape, datatype, data } = item;
  if (typeof name !== 'string') return malformed('An input has no name.', `${at}/name`);
  const known = signature.inputs.find((input): input is TensorValue => input.name === name && input.kind === 'tensor');
  if (!known) {
    const names = signature.inputs.map((input) => input.name).join(', ');
    return refuse(
      'model.missing-input',
      `The model has no tensor input "${name}"; its inputs are ${names}.`,
      `${at}/name`,
    );
  }
  const expected = datatypes[known.elementType];
  if (datatype !== expected)
    return refuse(
      'model.wrong-type',
      `The input "${name}" takes the datatype ${expected}, not ${JSON.stringify(datatype)}.`,
      `${at}/datatype`,
    );
  if (!isArray(shape) || !shape.every((size): size is number => Number.isSafeInteger(size) && Number(size) >= 0))
    return malformed(`The shape of "${name}" is not an array of whole numbers.`, `${at}/shape`);
  if (!isArray(data)) return malformed(`The data of "${name}" is not an array.`, `${at}/data`);
  const flat = flatten(data, shape.length);
  // The sizes are compared before anything of the stated size is allocated.
  if (shape.reduce((product, size) => product * size, 1) !== flat.length)
    return refuse(
      'model.wrong-shape',
      `The shape [${shape.join(', ')}] of "${name}" does not hold ${flat.length} values.`,
      `${at}/shape`,
    );
  const tensor = fill(known.elementType, shape, flat);
  return tensor
    ? ok({ name, tensor })
    : malformed(`The data of "${name}" has a value that is no ${expected}.`, `${at}/data`);
}

/** Nested data as a flat list; deeper nesting than the tensor's rank stays and is refused as a value. */
function flatten(data: readonly Json[], rank: number): readonly Json[] {
  let flat = data;
  for (let level = 1; level < rank && flat.some(isArray); level++)
    flat = flat.flatMap((item): readonly Json[] => (isArray(item) ? item : [item]));
  return flat;
}

function fill(type: ElementType, shape: readonly number[], values: readonly Json[]): Tensor | undefined {
  if (type === 'string')
    return values.every((value) => typeof value === 'string') ? { type, shape, data: values } : undefined;
  const tensor = emptyTensor(type, shape);
  for (const [i, value] of values.entries()) {
    switch (tensor.type) {
      case 'bool':
        if (typeof value !== 'boolean') return undefined;
        tensor.data[i] = value ? 1 : 0;
        break;
      case 'int64':
        if (typeof value !== 'number' || !Number.isSafeInteger(value)) return undefined;
        tensor.data[i] = BigInt(value);
        break;
      case 'int32':
        if (typeof value !== 'number' || (value | 0) !== value) return undefined;
        tensor.data[i] = value;
        break;
      case 'float32':
      case 'float64':
        if (typeof value !== 'number') return undefined;
        tensor.data[i] = value;
        break;
      case 'string':
        throw new Error('text was handled before');
      default:
        return assertNever(tensor);
    }
  }
  return tensor;
}

/**
 * The JSON body of an answer ("Inference Response JSON Object"). A result that JSON cannot say (NaN, infinity, integers
 * beyond 2^53) is `model.no-score`.
 */
export function inferResponse(answer: {
  readonly modelName: string;
  readonly modelVersion?: string;
  readonly id?: string;
  readonly outputs: Tensors;
}): Result<JsonObject, ModelProblem> {
  const { modelName, modelVersion, id } = answer;
  const outputs: JsonObject[] = [];
  for (const [name, tensor] of Object.entries(answer.outputs)) {
    const data = toJson(tensor);
    if (!data) return refuse('model.no-score', `The output "${name}" has a value that JSON cannot express.`, name);
    outputs.push({ name, shape: tensor.shape, datatype: datatypes[tensor.type], data });
  }
  return ok({
    model_name: modelName,
    ...(modelVersion === undefined ? {} : { model_version: modelVersion }),
    ...(id === undefined ? {} : { id }),
    outputs,
  });
}

function toJson(tensor: Tensor): readonly Json[] | undefined {
  if (tensor.type === 'string') return tensor.data;
  if (tensor.type === 'bool') return Array.from(tensor.data, (value) => value === 1);
  const numbers = Array.from<number | bigint, number>(tensor.data, Number);
  const isExact = tensor.type === 'int64' ? Number.isSafeInteger : Number.isFinite;
  return numbers.every(isExact) ? numbers : undefined;
}

/** The JSON body of `GET /v2/models/{name}` ("Model Metadata Response JSON Object"). Sizes that vary are -1. */
export function modelMetadata(model: {
  readonly name: string;
  readonly versions?: readonly string[];
  readonly signature: ModelSignature;
}): JsonObject {
  const { name, versions, signature } = model;
  const tensors = (values: ModelSignature['inputs']): JsonObject[] =>
    values
      .filter((value) => value.kind === 'tensor')
      .map((value) => ({ name: value.name, datatype: datatypes[value.elementType], shape: value.shape.map(variable) }));
  return {
    name,
    ...(versions === undefined ? {} : { versions }),
    platform: 'onnx_onnxv1',
    inputs: tensors(signature.inputs),
    outputs: tensors(signature.outputs),
  };
}

function variable(dimension: Dimension): number {
  return typeof dimension === 'number' ? dimension : -1;
}

function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function malformed(detail: string, at?: string): Result<never, Problem<'inference.malformed'>> {
  return refuse('inference.malformed', detail, at);
}
