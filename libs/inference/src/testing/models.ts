import { type Attribute, dataType, model, node, tensor, tensorType, value, zipMapType } from './onnx-writer.js';

const { float32, float64, int64, int32, string, bool } = dataType;

const probabilities = value('probabilities', tensorType(float32, ['N', 2]));
const label = value('label', tensorType(int64, ['N']));

/** Attributes of a logistic regression with the given weights for the positive class; the other gets the negative. */
function linear(weights: readonly number[], intercept: number): Record<string, Attribute> {
  return {
    coefficients: { floats: [...weights.map((weight) => -weight), ...weights] },
    intercepts: { floats: [-intercept, intercept] },
    classlabels_ints: { ints: [0, 1] },
    multi_class: { i: 1 },
    post_transform: { s: 'LOGISTIC' },
  };
}

/** X: float32 [N, F] -> label: int64 [N], probabilities: float32 [N, 2] with 1 / (1 + exp(-(w·x + b))) in column 1. */
export function logisticModel(weights: readonly number[], intercept = 0): Uint8Array {
  return model({
    nodes: [node('LinearClassifier', ['X'], ['label', 'probabilities'], linear(weights, intercept), 'ai.onnx.ml')],
    inputs: [value('X', tensorType(float32, ['N', weights.length]))],
    outputs: [label, probabilities],
  });
}

/** As {@link logisticModel}, but with the probabilities only as ZipMap's sequence of maps, and a label on request. */
export function zipMapModel(withLabel: boolean): Uint8Array {
  const classes = { classlabels_int64s: { ints: [0, 1] } };
  return model({
    nodes: [
      node('LinearClassifier', ['X'], ['label', 'p'], linear([1, 1], 0), 'ai.onnx.ml'),
      node('ZipMap', ['p'], ['probabilities'], classes, 'ai.onnx.ml'),
    ],
    inputs: [value('X', tensorType(float32, ['N', 2]))],
    outputs: [...(withLabel ? [label] : []), value('probabilities', zipMapType())],
  });
}

/**
 * X: float32 [N, F] -> label: string [N], and with `withScores` probabilities: float32 [N, K], a softmax of one linear
 * score for each class. The classes have names, one for each list of weights.
 */
export function classModel(classes: Readonly<Record<string, readonly number[]>>, withScores: boolean): Uint8Array {
  const names = Object.keys(classes);
  const weights = Object.values(classes);
  const attributes: Record<string, Attribute> = {
    coefficients: { floats: weights.flat() },
    intercepts: { floats: names.map(() => 0) },
    classlabels_strings: { strings: names },
    multi_class: { i: 1 },
    post_transform: { s: 'SOFTMAX' },
  };
  return model({
    nodes: [node('LinearClassifier', ['X'], ['label', 'probabilities'], attributes, 'ai.onnx.ml')],
    inputs: [value('X', tensorType(float32, ['N', weights[0]?.length ?? 0]))],
    outputs: [
      value('label', tensorType(string, ['N'])),
      ...(withScores ? [value('probabilities', tensorType(float32, ['N', names.length]))] : []),
    ],
  });
}

/** X: float32 [rows, F] -> score: float32, the sum of each row; or of all rows, where `all` asks for that defect. */
export function sumModel(rows: number | string, features: number, all = false): Uint8Array {
  const axes = tensor('axes', [1], int64, BigInt64Array.of(1n));
  return model({
    nodes: [node('ReduceSum', all ? ['X'] : ['X', 'axes'], ['score'], { keepdims: { i: 1 } })],
    initializers: all ? [] : [axes],
    inputs: [value('X', tensorType(float32, [rows, features]))],
    outputs: [value('score', tensorType(float32, [rows, 1]))],
  });
}

/** One input of each type, [N, 1], each given back as it is; `kind` is text. */
export function echoModel(): Uint8Array {
  const types = { a: float32, b: float64, c: int64, d: int32, e: bool, kind: string };
  const entries = Object.entries(types);
  return model({
    nodes: entries.map(([name]) => node('Identity', [name], [`${name}_out`])),
    inputs: entries.map(([name, type]) => value(name, tensorType(type, ['N', 1]))),
    outputs: entries.map(([name, type]) => value(`${name}_out`, tensorType(type, ['N', 1]))),
  });
}

/** lat: float32 [N, 1], kind: string [N, 1] -> score: float32 [N, 1] = lat + 10 where kind is "tram". */
export function mixedModel(): Uint8Array {
  return model({
    nodes: [
      node(
        'LabelEncoder',
        ['kind'],
        ['bonus'],
        { keys_strings: { strings: ['tram'] }, values_floats: { floats: [10] }, default_float: { f: 0 } },
        'ai.onnx.ml',
      ),
      node('Add', ['lat', 'bonus'], ['score']),
    ],
    inputs: [value('lat', tensorType(float32, ['N', 1])), value('kind', tensorType(string, ['N', 1]))],
    outputs: [value('score', tensorType(float32, ['N', 1]))],
  });
}

/** A few hundred bytes that ask for `size` floats: `Expand` at run time, `ConstantOfShape` when constants are folded. */
export function memoryBomb(operator: 'Expand' | 'ConstantOfShape', size: number): Uint8Array {
  const shape = tensor('shape', [1], int64, BigInt64Array.of(BigInt(size)));
  const isExpand = operator === 'Expand';
  return model({
    nodes: [
      node(operator, isExpand ? ['X', 'shape'] : ['shape'], ['big']),
      node('ReduceSum', ['big'], ['sum'], { keepdims: { i: 0 } }),
      node('Add', ['sum', 'X'], ['Y']),
    ],
    initializers: [shape],
    inputs: [value('X', tensorType(float32, [1]))],
    outputs: [value('Y', tensorType(float32, [1]))],
  });
}

/** Gives back `size` floats for one. */
export function outputBomb(size: number): Uint8Array {
  return model({
    nodes: [node('Expand', ['X', 'shape'], ['Y'])],
    initializers: [tensor('shape', [1], int64, BigInt64Array.of(BigInt(size)))],
    inputs: [value('X', tensorType(float32, [1]))],
    outputs: [value('Y', tensorType(float32, ['M']))],
  });
}

/** X: float32 [N, N] multiplied by itself `rounds` times: time without memory, for deadlines. */
export function slowModel(rounds: number): Uint8Array {
  const nodes = Array.from({ length: rounds }, (_, i) => node('MatMul', [i === 0 ? 'X' : `m${i}`, 'X'], [`m${i + 1}`]));
  return model({
    nodes: [...nodes, node('ReduceSum', [`m${rounds}`], ['Y'], { keepdims: { i: 0 } })],
    inputs: [value('X', tensorType(float32, ['N', 'N']))],
    outputs: [value('Y', tensorType(float32, []))],
  });
}
