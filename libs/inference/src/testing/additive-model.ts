import { type DataType, dataType, type Message, model, node, tensor, tensorType, value } from './onnx-writer.js';

/** A feature of an additive model: the index into `scores` is 0 where it has no value. */
export type AdditiveFeature =
  /** Index: 1 and the number of edges that the value reaches. */
  | { readonly type: 'continuous'; readonly scores: readonly number[]; readonly edges: readonly number[] }
  /** Index: that of the value in the mapping, 0 for one that is not there. */
  | {
      readonly type: 'categorical';
      readonly scores: readonly number[];
      readonly mapping: Readonly<Record<string, number>>;
    };

export interface AdditiveModel {
  readonly intercept: number;
  readonly features: readonly AdditiveFeature[];
}

/**
 * An additive model on the scale of logits, such as an Explainable Boosting Machine without interactions, as ONNX:
 * X [N, F] -> probabilities [N, 2]. Made of operators that ONNX Runtime has for both precisions on the processor: edges
 * are compared and counted, scores looked up and added, so that nothing is rounded but the sum.
 */
export function additiveModel({ intercept, features }: AdditiveModel, precision: 'float32' | 'float64'): Uint8Array {
  const graph = new AdditiveGraph(dataType[precision], precision === 'float32' ? Float32Array : Float64Array);
  const sum = features.reduce(
    (before, feature, i) => graph.add('Add', [before, graph.scoreOf(feature, i)]),
    graph.constant([1, 1], [intercept]),
  );
  const positive = graph.add('Sigmoid', [sum]);
  const negative = graph.add('Sub', [graph.constant([1, 1], [1]), positive]);
  graph.nodes.push(node('Concat', [negative, positive], ['probabilities'], { axis: { i: 1 } }));
  return model({
    nodes: graph.nodes,
    initializers: graph.initializers,
    inputs: [value('X', tensorType(graph.type, ['N', features.length]))],
    outputs: [value('probabilities', tensorType(graph.type, ['N', 2]))],
  });
}

class AdditiveGraph {
  readonly nodes: Message[] = [];
  readonly initializers: Message[] = [];
  readonly #axis = this.integers([1], [1]);
  #names = 0;

  constructor(
    readonly type: DataType,
    readonly array: Float32ArrayConstructor | Float64ArrayConstructor,
  ) {}

  constant(shape: readonly number[], values: readonly number[]): string {
    const name = this.#name();
    this.initializers.push(tensor(name, shape, this.type, this.array.from(values)));
    return name;
  }

  integers(shape: readonly number[], values: readonly number[]): string {
    const name = this.#name();
    this.initializers.push(tensor(name, shape, dataType.int64, BigInt64Array.from(values, BigInt)));
    return name;
  }

  add(operator: string, inputs: readonly string[], attributes: Parameters<typeof node>[3] = {}): string {
    const name = this.#name();
    this.nodes.push(node(operator, inputs, [name], attributes));
    return name;
  }

  /** The score of one feature for each row, [N, 1]. */
  scoreOf(feature: AdditiveFeature, column: number): string {
    const x = this.add('Gather', ['X', this.integers([1], [column])], { axis: { i: 1 } });
    const scores = this.constant([feature.scores.length], feature.scores);
    return this.add('Gather', [scores, this.#indexOf(feature, x)]);
  }

  #indexOf(feature: AdditiveFeature, x: string): string {
    const toInteger = { to: { i: dataType.int64 } };
    const sum = (of: string) => this.add('ReduceSum', [of, this.#axis], { keepdims: { i: 1 } });
    if (feature.type === 'categorical') {
      const values = Object.entries(feature.mapping);
      const known = this.constant(
        [1, values.length],
        values.map(([text]) => Number(text)),
      );
      const places = this.integers(
        [1, values.length],
        values.map(([, index]) => index),
      );
      return sum(this.add('Mul', [this.add('Cast', [this.add('Equal', [x, known])], toInteger), places]));
    }
    const reached = this.add('GreaterOrEqual', [x, this.constant([1, feature.edges.length], feature.edges)]);
    const index = this.add('Add', [sum(this.add('Cast', [reached], toInteger)), this.integers([1, 1], [1])]);
    const isThere = this.add('Not', [this.add('IsNaN', [x])]);
    return this.add('Mul', [index, this.add('Cast', [isThere], toInteger)]);
  }

  #name(): string {
    return `t${this.#names++}`;
  }
}
