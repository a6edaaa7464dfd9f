import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { type DcpResult, refused } from './problem.js';

/** Bits of a new list: the W3C minimum, so that a bit hides among many (Bitstring Status List 1.0 §2.2). */
export const statusListSize = 131_072;

/** Bytes to which a foreign list may unpack; stops a gzip bomb within a millisecond. */
const maxListBytes = 2 * 1024 * 1024;

/** A list with no bit set. Bit 0 is the leftmost bit of byte 0. */
export function createStatusList(): Uint8Array {
  return new Uint8Array(statusListSize / 8);
}

/**
 * A copy of the list with one bit set or cleared.
 *
 * @throws RangeError for an index outside the list, which only a defect of the caller can produce.
 */
export function withStatus(list: Uint8Array, index: number, set: boolean): Uint8Array {
  if (!Number.isInteger(index) || index < 0 || index >= list.length * 8)
    throw new RangeError(`status list index ${index} is outside 0..${list.length * 8 - 1}`);
  const mask = 0x80 >> (index & 7);
  const copy = Uint8Array.from(list);
  const byte = copy[index >> 3] ?? 0;
  copy[index >> 3] = set ? byte | mask : byte & ~mask;
  return copy;
}

/** Whether the bit is set; undefined outside the list. */
export function statusAt(list: Uint8Array, index: number): boolean | undefined {
  const byte = list[index >> 3];
  return byte === undefined ? undefined : (byte & (0x80 >> (index & 7))) !== 0;
}

/** The `encodedList`: multibase `u`, then base64url without padding of the gzip of the bits. */
export function encodeStatusList(list: Uint8Array): string {
  return `u${gzipSync(list, { level: constants.Z_BEST_COMPRESSION }).toString('base64url')}`;
}

/**
 * Unpacks an `encodedList`, with or without the multibase letter and in either base64 alphabet: StatusList2021 has
 * plain base64, and peers mix both. Short lists are accepted, EDC issues 16,384 bits.
 * Problems: `status.list-invalid`.
 */
export function decodeStatusList(encoded: unknown): DcpResult<Uint8Array> {
  // A gzip stream starts with 1f 8b 08, so its base64 starts with "H4sI": a leading "u" can only be the multibase letter.
  const text = typeof encoded === 'string' && encoded.startsWith('u') ? encoded.slice(1) : encoded;
  if (typeof text !== 'string' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text))
    return refused('status.list-invalid', 'The encoded status list is not base64.');
  try {
    return { ok: true, value: gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: maxListBytes }) };
  } catch {
    return refused('status.list-invalid', `The status list is not gzip, or unpacks to over ${maxListBytes} bytes.`);
  }
}
