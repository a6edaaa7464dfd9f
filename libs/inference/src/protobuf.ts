/** Thrown by the reader on bytes that are not the protobuf wire format; callers turn it into a problem. */
export class WireFormatError extends Error {}

/** One field of a message: its number and its value, by wire type. */
export type WireField =
  | { readonly number: number; readonly kind: 'varint'; readonly value: bigint }
  | { readonly number: number; readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly number: number; readonly kind: 'fixed'; readonly value: Uint8Array };

/**
 * The fields of a protobuf message, in order, without copying. Groups (wire types 3 and 4) are refused: no version of
 * ONNX has them, and an unknown one could hide what a reader skips and another does not.
 *
 * Source: Protocol Buffers documentation, "Encoding".
 *
 * @throws WireFormatError
 */
export function* readFields(bytes: Uint8Array): Generator<WireField, void, undefined> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new WireFormatError('it ends inside a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new WireFormatError('a number has more than ten bytes');
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw new WireFormatError('a field is longer than the file');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    if (number < 1 || number > 0x1fffffff) throw new WireFormatError('a field has an impossible number');
    switch (Number(tag & 7n)) {
      case 0:
        yield { number, kind: 'varint', value: varint() };
        break;
      case 1:
        yield { number, kind: 'fixed', value: take(8) };
        break;
      case 2:
        yield { number, kind: 'bytes', value: take(Number(varint())) };
        break;
      case 5:
        yield { number, kind: 'fixed', value: take(4) };
        break;
      default:
        throw new WireFormatError('a field has an unknown type');
    }
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** @throws WireFormatError when the bytes are not UTF-8. */
export function readText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new WireFormatError('a name is not UTF-8');
  }
}

/** The numbers of a packed list. @throws WireFormatError */
export function* readVarints(bytes: Uint8Array): Generator<bigint, void, undefined> {
  let [value, shift] = [0n, 0n];
  for (const byte of bytes) {
    if (shift >= 70n) throw new WireFormatError('a number has more than ten bytes');
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    yield BigInt.asUintN(64, value);
    [value, shift] = [0n, 0n];
  }
  if (shift > 0n) throw new WireFormatError('it ends inside a number');
}

/** Fields as bytes of a message: what {@link readFields} reads. */
export function writeFields(fields: Iterable<WireField>): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const field of fields) {
    const type = { varint: 0n, bytes: 2n, fixed: field.kind === 'fixed' && field.value.length === 8 ? 1n : 5n };
    pieces.push(varint((BigInt(field.number) << 3n) | type[field.kind]));
    if (field.kind === 'varint') pieces.push(varint(field.value));
    else if (field.kind === 'fixed') pieces.push(field.value);
    else pieces.push(varint(BigInt(field.value.length)), field.value);
  }
  return Buffer.concat(pieces);
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}
