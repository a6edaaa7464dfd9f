/**
 * Writes ONNX models by hand, in the protobuf wire format, with the field numbers of onnx.proto. For tests: small
 * honest models and hostile ones, without Python.
 */

/** TensorProto.DataType of onnx.proto. */
export const dataType = { float32: 1, int32: 6, int64: 7, string: 8, bool: 9, float64: 11 } as const;
export type DataType = (typeof dataType)[keyof typeof dataType];

/** A message under construction: fields are appended in order. */
export class Message {
  readonly #pieces: Uint8Array[] = [];

  bytes(): Uint8Array {
    return Buffer.concat(this.#pieces);
  }

  int(field: number, value: number | bigint): this {
    this.#pieces.push(varint(BigInt(field) << 3n), varint(BigInt(value)));
    return this;
  }

  float(field: number, value: number): this {
    this.#pieces.push(varint((BigInt(field) << 3n) | 5n), new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  raw(field: number, value: Uint8Array): this {
    this.#pieces.push(varint((BigInt(field) << 3n) | 2n), varint(BigInt(value.length)), value);
    return this;
  }

  text(field: number, value: string): this {
    return this.raw(field, Buffer.from(value));
  }

  message(field: number, value: Message): this {
    return this.raw(field, value.bytes());
  }

  ints(field: number, values: readonly (number | bigint)[]): this {
    return this.raw(field, Buffer.concat(values.map((value) => varint(BigInt(value)))));
  }
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

/** AttributeProto.AttributeType and the field that holds the value. */
export type Attribute =
  | { readonly f: number }
  | { readonly i: number }
  | { readonly s: string }
  | { readonly t: Message }
  | { readonly g: Message }
  | { readonly floats: readonly number[] }
  | { readonly ints: readonly number[] }
  | { readonly strings: readonly string[] }
  | { readonly sparse: Message };

function attribute(name: string, value: Attribute): Message {
  const message = new Message().text(1, name);
  if ('f' in value) return message.float(2, value.f).int(20, 1);
  if ('i' in value) return message.int(3, value.i).int(20, 2);
  if ('s' in value) return message.text(4, value.s).int(20, 3);
  if ('t' in value) return message.message(5, value.t).int(20, 4);
  if ('g' in value) return message.message(6, value.g).int(20, 5);
  if ('floats' in value) return message.raw(7, new Uint8Array(Float32Array.from(value.floats).buffer)).int(20, 6);
  if ('ints' in value) return message.ints(8, value.ints).int(20, 7);
  if ('sparse' in value) return message.message(22, value.sparse).int(20, 11);
  for (const text of value.strings) message.text(9, text);
  return message.int(20, 8);
}

export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
  domain = '',
): Message {
  const message = new Message();
  for (const input of inputs) message.text(1, input);
  for (const output of outputs) message.text(2, output);
  message.text(4, operator);
  for (const [name, value] of Object.entries(attributes)) message.message(5, attribute(name, value));
  return domain ? message.text(7, domain) : message;
}

/** A constant. Its data are little-endian bytes, as in the file. */
export function tensor(name: string, shape: readonly number[], type: DataType, data: ArrayBufferView): Message {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Message().ints(1, shape).int(2, type).text(8, name).raw(9, bytes);
}

/** A tensor whose data are in another file. */
export function externalTensor(name: string, location: string): Message {
  const entry = new Message().text(1, 'location').text(2, location);
  return new Message().ints(1, [1]).int(2, dataType.float32).text(8, name).message(13, entry).int(14, 1);
}

export function tensorType(type: DataType, shape: readonly (number | string)[]): Message {
  const dimensions = new Message();
  for (const size of shape)
    dimensions.message(1, typeof size === 'number' ? new Message().int(1, size) : new Message().text(2, size));
  return new Message().message(1, new Message().int(1, type).message(2, dimensions));
}

/** What ZipMap makes: a map from class to probability for each row. */
export function zipMapType(): Message {
  const map = new Message().int(1, dataType.int64).message(2, tensorType(dataType.float32, []));
  return new Message().message(4, new Message().message(1, new Message().message(5, map)));
}

export function value(name: string, type: Message): Message {
  return new Message().text(1, name).message(2, type);
}

export interface GraphParts {
  readonly nodes: readonly Message[];
  readonly inputs?: readonly Message[];
  readonly outputs: readonly Message[];
  readonly initializers?: readonly Message[];
  readonly sparseInitializers?: readonly Message[];
}

export function graph(parts: GraphParts): Message {
  const message = new Message();
  for (const one of parts.nodes) message.message(1, one);
  message.text(2, 'graph');
  for (const one of parts.initializers ?? []) message.message(5, one);
  for (const one of parts.inputs ?? []) message.message(11, one);
  for (const one of parts.outputs) message.message(12, one);
  for (const one of parts.sparseInitializers ?? []) message.message(15, one);
  return message;
}

/** A ModelProto of IR version 10 with opset 21 and ai.onnx.ml 3. `extra` appends fields to it. */
export function model(parts: GraphParts, extra: (message: Message) => Message = (message) => message): Uint8Array {
  const opset = (domain: string, version: number) => new Message().text(1, domain).int(2, version);
  const message = new Message().int(1, 10).text(2, 'hansa-testing').message(7, graph(parts));
  return extra(message.message(8, opset('', 21)).message(8, opset('ai.onnx.ml', 3))).bytes();
}
