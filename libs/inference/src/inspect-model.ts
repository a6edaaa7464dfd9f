import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { commonClasses, isClassifier, readClassLabels } from './class-labels.js';
import type { ModelProblem, ModelProblemKind, ModelSignature, ModelValue } from './model-signature.js';
import { readValue } from './model-value.js';
import { readFields, readText, WireFormatError } from './protobuf.js';

/** Larger files are refused at the door. */
export const maxModelBytes = 200 * 2 ** 20;
const maxNodes = 50_000;
const maxDepth = 8;
const allowedDomains: readonly string[] = ['', 'ai.onnx', 'ai.onnx.ml'];
/** Operators with loops whose number of rounds is data, so that no static look can bound them. */
const forbiddenOperators: readonly string[] = ['Loop', 'Scan'];

/** TensorProto.DataLocation DEFAULT (onnx.proto). Parsers cut larger numbers to 32 bits, so only 0 is safe. */
const defaultLocation = 0n;

/**
 * Reads what a model is from its bytes, before any native code sees them, and refuses what could reach outside the
 * file or never end: external tensor data in any place, operators of foreign domains, loops, local functions, training
 * information, deep nesting and very many nodes. Every occurrence of a field counts, since parsers differ in which of
 * two wins. Field numbers are those of onnx.proto.
 *
 * @example
 * const signature = inspectModel(bytes);
 * if (signature.ok) signature.value.inputs; // [{ name: 'X', kind: 'tensor', elementType: 'float32', shape: ['N', 4] }]
 */
export function inspectModel(bytes: Uint8Array): Result<ModelSignature, ModelProblem> {
  if (bytes.length > maxModelBytes)
    return refuse('model.too-large', `The model has ${bytes.length} bytes; at most ${maxModelBytes} are accepted.`);
  try {
    return ok(new Inspection().model(bytes));
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.problem };
    if (error instanceof WireFormatError)
      return refuse(
        'model.not-onnx',
        `The file is not an ONNX model: ${error.message}. Export it with an ONNX converter.`,
      );
    throw error;
  }
}

/** Leaves the recursion at once; never leaves this file. */
class Refusal extends Error {
  readonly problem: Problem<ModelProblemKind>;

  constructor(kind: ModelProblemKind, detail: string) {
    super(kind);
    this.problem = { kind, detail };
  }
}

class Inspection {
  readonly #operators = new Set<string>();
  readonly #classes: { readonly operator: string; readonly classes: readonly string[] }[] = [];
  #nodes = 0;

  model(bytes: Uint8Array): ModelSignature {
    const opsets: { domain: string; version: number }[] = [];
    const inputs: ModelValue[] = [];
    const outputs: ModelValue[] = [];
    let irVersion = 0;
    let producer = '';
    let graphs = 0;
    for (const field of readFields(bytes)) {
      if (field.kind === 'varint' && field.number === 1) irVersion = Number(field.value);
      if (field.kind !== 'bytes') continue;
      if (field.number === 2) producer = readText(field.value);
      else if (field.number === 7) {
        graphs++;
        const graph = this.#graph(field.value, 0);
        inputs.push(...graph.inputs);
        outputs.push(...graph.outputs);
      } else if (field.number === 8) opsets.push(this.#opset(field.value));
      else if (field.number === 20)
        throw new Refusal(
          'model.forbidden-content',
          'The model holds training information; export it for inference only.',
        );
      else if (field.number === 25)
        throw new Refusal(
          'model.forbidden-content',
          'The model holds local functions; export it with functions inlined.',
        );
    }
    if (graphs !== 1 || irVersion < 1 || opsets.length === 0 || outputs.length === 0)
      throw new WireFormatError('it lacks a graph, a version or outputs');
    const classes = commonClasses(this.#classes);
    const operators = [...this.#operators].sort();
    return { irVersion, producer, opsets, operators, nodes: this.#nodes, inputs, outputs, ...(classes && { classes }) };
  }

  #opset(bytes: Uint8Array): { domain: string; version: number } {
    let domain = '';
    let version = 0;
    for (const field of readFields(bytes)) {
      if (field.number === 1 && field.kind === 'bytes') domain = this.#domain(field.value);
      if (field.number === 2 && field.kind === 'varint') version = Number(field.value);
    }
    return { domain, version };
  }

  #domain(bytes: Uint8Array): string {
    const domain = readText(bytes);
    if (allowedDomains.includes(domain)) return domain;
    throw new Refusal(
      'model.forbidden-operator',
      `The model uses operators of the domain ${JSON.stringify(domain.slice(0, 100))}; only standard ONNX operators run here.`,
    );
  }

  #graph(bytes: Uint8Array, depth: number): { inputs: ModelValue[]; outputs: ModelValue[] } {
    if (depth > maxDepth)
      throw new Refusal('model.too-complex', `The model nests graphs more than ${maxDepth} levels deep.`);
    const inputs: ModelValue[] = [];
    const outputs: ModelValue[] = [];
    const initializers = new Set<string>();
    for (const field of readFields(bytes)) {
      if (field.kind !== 'bytes') continue;
      if (field.number === 1) this.#node(field.value, depth);
      else if (field.number === 5) initializers.add(this.#tensor(field.value));
      else if (field.number === 11) inputs.push(readValue(field.value));
      else if (field.number === 12) outputs.push(readValue(field.value));
      else if (field.number === 15) this.#sparseTensor(field.value);
    }
    // Before IR version 4 constants were listed among the inputs too.
    return { inputs: inputs.filter(({ name }) => !initializers.has(name)), outputs };
  }

  #node(bytes: Uint8Array, depth: number): void {
    if (++this.#nodes > maxNodes) throw new Refusal('model.too-complex', `The model has more than ${maxNodes} nodes.`);
    let operator = '';
    let domain = '';
    let classes: readonly string[] | undefined;
    for (const field of readFields(bytes)) {
      if (field.kind !== 'bytes') continue;
      if (field.number === 4) operator = this.#operator(field.value);
      else if (field.number === 7) domain = this.#domain(field.value);
      else if (field.number === 5) {
        this.#attribute(field.value, depth);
        classes ??= readClassLabels(field.value);
      }
    }
    if (operator === '') throw new WireFormatError('a node has no operator');
    if (classes && isClassifier(operator, domain)) this.#classes.push({ operator, classes });
    this.#operators.add(domain === 'ai.onnx.ml' ? `${domain}.${operator}` : operator);
  }

  #operator(bytes: Uint8Array): string {
    const operator = readText(bytes);
    if (!forbiddenOperators.includes(operator)) return operator;
    throw new Refusal('model.forbidden-operator', `The model uses ${operator}, whose running time cannot be bounded.`);
  }

  #attribute(bytes: Uint8Array, depth: number): void {
    for (const field of readFields(bytes)) {
      if (field.kind !== 'bytes') continue;
      if (field.number === 5 || field.number === 10) this.#tensor(field.value);
      else if (field.number === 6 || field.number === 11) this.#graph(field.value, depth + 1);
      else if (field.number === 22 || field.number === 23) this.#sparseTensor(field.value);
    }
  }

  /** @returns the tensor's name */
  #tensor(bytes: Uint8Array): string {
    let name = '';
    for (const field of readFields(bytes)) {
      if (field.number === 8 && field.kind === 'bytes') name = readText(field.value);
      const isExternal =
        field.number === 13 || (field.number === 14 && field.kind === 'varint' && field.value !== defaultLocation);
      if (isExternal)
        throw new Refusal(
          'model.external-data',
          'The model keeps tensors in other files; save it as one self-contained file.',
        );
    }
    return name;
  }

  #sparseTensor(bytes: Uint8Array): void {
    for (const field of readFields(bytes))
      if (field.kind === 'bytes' && (field.number === 1 || field.number === 2)) this.#tensor(field.value);
  }
}
