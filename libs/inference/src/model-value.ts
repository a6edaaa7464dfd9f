import type { Dimension, ElementType, ModelValue } from './model-signature.js';
import { readFields, readText, WireFormatError } from './protobuf.js';

/** TensorProto.DataType of onnx.proto. */
const elementTypes: readonly string[] = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
];

const supported: readonly string[] = ['float32', 'float64', 'int64', 'int32', 'bool', 'string'] satisfies ElementType[];

function isElementType(type: string): type is ElementType {
  return supported.includes(type);
}

type ValueType =
  | { readonly kind: 'tensor'; readonly elementType: ElementType; readonly shape: readonly Dimension[] }
  | { readonly kind: 'other'; readonly type: string };

/** A ValueInfoProto: the name and type of an input or output. */
export function readValue(bytes: Uint8Array): ModelValue {
  let name = '';
  let type: ValueType = { kind: 'other', type: 'unknown' };
  for (const field of readFields(bytes)) {
    if (field.kind !== 'bytes') continue;
    if (field.number === 1) name = readText(field.value);
    if (field.number === 2) type = readType(field.value, 0);
  }
  if (name === '') throw new WireFormatError('an input or output has no name');
  return { name, ...type };
}

function readType(bytes: Uint8Array, depth: number): ValueType {
  if (depth > 4) return { kind: 'other', type: '…' };
  for (const field of readFields(bytes)) {
    if (field.kind !== 'bytes') continue;
    if (field.number === 1) return readTensorType(field.value);
    if (field.number === 4) return { kind: 'other', type: `sequence(${readInner(field.value, 1, depth)})` };
    if (field.number === 5)
      return { kind: 'other', type: `map(${readKeyType(field.value)}, ${readInner(field.value, 2, depth)})` };
    if (field.number === 8) return { kind: 'other', type: 'sparse tensor' };
    if (field.number === 9) return { kind: 'other', type: `optional(${readInner(field.value, 1, depth)})` };
  }
  return { kind: 'other', type: 'unknown' };
}

function readInner(bytes: Uint8Array, number: number, depth: number): string {
  for (const field of readFields(bytes)) {
    if (field.number !== number || field.kind !== 'bytes') continue;
    const inner = readType(field.value, depth + 1);
    return inner.kind === 'tensor' ? inner.elementType : inner.type;
  }
  return 'unknown';
}

function readKeyType(bytes: Uint8Array): string {
  for (const field of readFields(bytes))
    if (field.number === 1 && field.kind === 'varint') return elementTypes[Number(field.value)] ?? 'unknown';
  return 'unknown';
}

function readTensorType(bytes: Uint8Array): ValueType {
  let element = 'undefined';
  let shape: Dimension[] = [];
  for (const field of readFields(bytes)) {
    if (field.number === 1 && field.kind === 'varint') element = elementTypes[Number(field.value)] ?? 'unknown';
    if (field.number === 2 && field.kind === 'bytes') shape = readShape(field.value);
  }
  return isElementType(element) ? { kind: 'tensor', elementType: element, shape } : { kind: 'other', type: element };
}

function readShape(bytes: Uint8Array): Dimension[] {
  const shape: Dimension[] = [];
  for (const field of readFields(bytes)) {
    if (field.number !== 1 || field.kind !== 'bytes') continue;
    let dimension: Dimension = null;
    for (const part of readFields(field.value)) {
      // Some exporters write a varying size as -1 or 0.
      if (part.number === 1 && part.kind === 'varint')
        dimension = part.value > 0n && part.value < 2n ** 53n ? Number(part.value) : null;
      if (part.number === 2 && part.kind === 'bytes') dimension = readText(part.value);
    }
    shape.push(dimension);
  }
  return shape;
}
