import { readValue } from './model-value.js';
import { readFields, readText, type WireField, writeFields } from './protobuf.js';

const text = (number: number, value: string): WireField => ({ number, kind: 'bytes', value: Buffer.from(value) });
const message = (number: number, ...fields: readonly WireField[]): WireField => {
  return { number, kind: 'bytes', value: writeFields(fields) };
};
const int = (number: number, value: number): WireField => ({ number, kind: 'varint', value: BigInt(value) });

/** TypeProto of float32 [?, ?]. */
const floatMatrix = message(2, message(1, int(1, 1), message(2, message(1), message(1))));

/** The first version of Identity that every writer of today knows. */
const identityOpset = 13;

/**
 * A model whose outputs by ZipMap are the matrix of probabilities beneath it, under the same name: a sequence of maps
 * cannot be fetched, and holds nothing more than that matrix and the names of the classes. Other models stay as they
 * are. The bytes must have been inspected. Field numbers are those of onnx.proto.
 *
 * @example
 * withTensorOutputs(bytes) === bytes; // true for a model without ZipMap
 */
export function withTensorOutputs(bytes: Uint8Array): Uint8Array {
  const fields = [...readFields(bytes)];
  const names = new Set(fields.flatMap((field) => (isMessage(field, 7) ? zippedOutputs(field.value) : [])));
  if (names.size === 0) return bytes;
  const hasIdentity = fields.some((field) => isMessage(field, 8) && domainOf(field.value, 1) === '');
  const opset = hasIdentity ? [] : [message(8, text(1, ''), int(2, identityOpset))];
  return writeFields([
    ...fields.map(
      (field): WireField => (isMessage(field, 7) ? { ...field, value: rewrite(field.value, names) } : field),
    ),
    ...opset,
  ]);
}

type MessageField = Extract<WireField, { kind: 'bytes' }>;

function isMessage(field: WireField, number: number): field is MessageField {
  return field.kind === 'bytes' && field.number === number;
}

/** Outputs of a GraphProto that come from a ZipMap. */
function zippedOutputs(graph: Uint8Array): readonly string[] {
  const outputs = new Set<string>();
  const zipped: string[] = [];
  for (const field of readFields(graph)) {
    if (isMessage(field, 12)) outputs.add(readValue(field.value).name);
    if (isMessage(field, 1) && isZipMap(field.value)) zipped.push(...textsOf(field.value, 2));
  }
  return zipped.filter((name) => outputs.has(name));
}

function rewrite(graph: Uint8Array, names: ReadonlySet<string>): Uint8Array {
  const fields: WireField[] = [];
  for (const field of readFields(graph)) {
    if (isMessage(field, 1) && isZipMap(field.value) && textsOf(field.value, 2).some((name) => names.has(name)))
      fields.push(identity(field.value));
    else if (isMessage(field, 12) && names.has(readValue(field.value).name))
      fields.push(message(12, text(1, readValue(field.value).name), floatMatrix));
    // What is said about the type between nodes would contradict the new one.
    else if (!(isMessage(field, 13) && names.has(readValue(field.value).name))) fields.push(field);
  }
  return writeFields(fields);
}

function identity(node: Uint8Array): WireField {
  const ends = [...readFields(node)].filter(({ number }) => number === 1 || number === 2);
  return message(1, ...ends, text(4, 'Identity'));
}

function isZipMap(node: Uint8Array): boolean {
  return textsOf(node, 4).includes('ZipMap') && domainOf(node, 7) === 'ai.onnx.ml';
}

function domainOf(bytes: Uint8Array, number: number): string {
  const domain = textsOf(bytes, number).at(-1) ?? '';
  return domain === 'ai.onnx' ? '' : domain;
}

function textsOf(bytes: Uint8Array, number: number): readonly string[] {
  return [...readFields(bytes)].flatMap((field) => (isMessage(field, number) ? [readText(field.value)] : []));
}
