/** The part of a representation that a request wants (RFC 9110 §14). */
export type ByteRange =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly first: number; readonly last: number }
  | { readonly kind: 'unsatisfiable' };

/**
 * Reads a `Range` header for a representation of `size` bytes. One range is served; several, other units and what is
 * malformed are ignored, as the specification allows, and the whole is sent.
 *
 * @example
 * byteRange('bytes=500-', 1000); // { kind: 'part', first: 500, last: 999 }
 */
export function byteRange(header: string | undefined, size: number): ByteRange {
  const match = /^bytes=(?:(\d{1,15})-(\d{1,15})?|-(\d{1,15}))$/.exec(header?.trim() ?? '');
  if (!match) return { kind: 'whole' };
  const [, from, to, suffix] = match;
  if (suffix !== undefined) {
    const length = Math.min(Number(suffix), size);
    return length === 0 ? { kind: 'unsatisfiable' } : { kind: 'part', first: size - length, last: size - 1 };
  }
  const first = Number(from);
  if (to !== undefined && Number(to) < first) return { kind: 'whole' };
  if (first >= size) return { kind: 'unsatisfiable' };
  return { kind: 'part', first, last: Math.min(to === undefined ? size - 1 : Number(to), size - 1) };
}
