const encoder = new TextEncoder();

/** Text in UTF-8. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Two lower-case digits a byte: there is one text for each content. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The bytes of a text that a schema has found to be hexadecimal. */
export function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

/** Words of 64 bits, lowest byte first on every machine. */
export function wordsOf(bytes: Uint8Array): BigUint64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return BigUint64Array.from({ length: bytes.length / 8 }, (_, i) => view.getBigUint64(8 * i, true));
}

/** The bytes of words, lowest byte first. */
export function bytesOf(words: BigUint64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * 8));
  words.forEach((word, i) => {
    view.setBigUint64(8 * i, word, true);
  });
  return new Uint8Array(view.buffer);
}
