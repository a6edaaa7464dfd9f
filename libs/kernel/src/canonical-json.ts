/**
 * The canonical form of a JSON value (RFC 8785, JCS): members sorted by UTF-16 code units, no white space, numbers as
 * ECMAScript prints them. Equal values have equal canonical text, so equal digests.
 *
 * @throws TypeError for what JSON cannot say: NaN, infinities, `undefined` in arrays, functions, bigint, lone surrogates.
 * @example
 * canonicalJson({ b: 1, a: [true, 1e21] }); // '{"a":[true,1e+21],"b":1}'
 */
export function canonicalJson(value: unknown): string {
  const copier = new OrderedCopier();
  const copy = copier.copy(value);
  return copier.isFaithful ? JSON.stringify(copy) : addPieces(copy, []).join('');
}

/**
 * Copies values with their members in canonical order, so that the engine itself can print them, which is three times as
 * fast as to put the text together here. Members named like integers (`7`) it would print first, and `__proto__` is no
 * ordinary member: maps stand in for objects that have such ones, and the copy is to be printed piece by piece.
 */
class OrderedCopier {
  readonly #names = new Map<string, boolean>();
  isFaithful = true;

  copy(value: unknown): unknown {
    switch (typeof value) {
      case 'string':
        return wellFormed(value);
      case 'number':
        if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
        return value;
      case 'boolean':
        return value;
      case 'object':
        if (value === null) return null;
        return Array.isArray(value) ? Array.from(value, (item) => this.copy(item)) : this.#copyObject(value);
      default:
        throw new TypeError(`a ${typeof value} has no JSON form`);
    }
  }

  #copyObject(object: object): unknown {
    const members = object as Readonly<Record<string, unknown>>;
    const names = sorted(Object.keys(members)).filter((name) => members[name] !== undefined);
    if (names.some((name) => !this.#isOrdinary(name))) {
      this.isFaithful = false;
      return new Map(names.map((name) => [name, this.copy(members[name])]));
    }
    const copy: Record<string, unknown> = {};
    for (const name of names) copy[name] = this.copy(members[name]);
    return copy;
  }

  #isOrdinary(name: string): boolean {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const isOrdinary = !/^\d+$/.test(wellFormed(name)) && name !== '__proto__';
    this.#names.set(name, isOrdinary);
    return isOrdinary;
  }
}

function wellFormed(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a string with a lone surrogate has no canonical form');
  return text;
}

/** Most objects are built in the same order each time, and many in this one. */
function sorted(names: string[]): string[] {
  return names.every((name, i) => i === 0 || (names[i - 1] ?? '') < name) ? names : names.sort();
}

/** Prints a copy that holds maps: a large one is put together once, and not once for each level that it is nested. */
function addPieces(copy: unknown, pieces: string[]): readonly string[] {
  if (Array.isArray(copy)) {
    pieces.push('[');
    for (const [i, item] of copy.entries()) addPieces(item, i === 0 ? pieces : append(pieces, ','));
    return append(pieces, ']');
  }
  if (typeof copy !== 'object' || copy === null) return append(pieces, JSON.stringify(copy));
  const members = copy instanceof Map ? copy : Object.entries(copy);
  let separator = '{';
  for (const [name, member] of members) {
    addPieces(member, append(pieces, `${separator}${JSON.stringify(name)}:`));
    separator = ',';
  }
  return append(pieces, separator === '{' ? '{}' : '}');
}

function append(pieces: string[], piece: string): string[] {
  pieces.push(piece);
  return pieces;
}
