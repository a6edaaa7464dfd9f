import { ok, type Result, refuse } from '@hansa/kernel';
import { notStated } from '../partition.js';
import { assemble } from './assemble.js';
import { combinationsOf, type ExactSums, type JointCounts, type JointProblem } from './joint-counts.js';

/** Combinations with their numbers of rows, as a table engine gives them; in any order, and the same ones may repeat. */
export interface Combinations {
  /** Dictionaries: a missing value is null and becomes {@link notStated}. */
  readonly attributes: readonly { readonly attribute: string; readonly values: readonly (string | null)[] }[];
  /** Row-major: for each combination one index into the values of each attribute. */
  readonly codes: Uint32Array;
  /** For each combination 1 (positive) or 0. */
  readonly label: Uint8Array;
  readonly decision: Uint8Array;
  readonly rows: Float64Array;
  /** For each combination the sums of weights and their squares, in units of 2^-90. */
  readonly weights?: ExactSums;
}

/** Joint counts from combinations that were counted elsewhere. */
export function jointCounts(combinations: Combinations): Result<JointCounts, JointProblem> {
  const { attributes, codes, label, decision, rows, weights } = combinations;
  const width = attributes.length;
  const count = rows.length;
  const columns = [
    ['codes', codes.length / Math.max(width, 1), width === 0 ? 0 : count],
    ['label', label.length, count],
    ['decision', decision.length, count],
    ['sums of weights', weights?.sums.length ?? count, count],
    ['sums of squared weights', weights?.squares.length ?? count, count],
  ] as const;
  for (const [at, length, expected] of columns)
    if (length !== expected) return refuse('joint.length', `There are ${length} ${at} for ${count} combinations.`, at);
  const cells = new Float64Array(count * 4);
  const [sums, squares] = [new Array<bigint>(count * 4).fill(0n), new Array<bigint>(count * 4).fill(0n)];
  for (let i = 0; i < count; i++) {
    const [y = 0, d = 0, n = 0] = [label[i], decision[i], rows[i]];
    if (y > 1 || d > 1)
      return refuse(
        'joint.not-binary',
        `Combination ${i + 1} has label ${y} and decision ${d}; only 0 and 1 are allowed.`,
      );
    const wrong = attributes.find(({ values }, k) => (codes[i * width + k] ?? 0) >= values.length);
    if (wrong)
      return refuse(
        'joint.unknown-code',
        `Combination ${i + 1} of "${wrong.attribute}" has a code without a level.`,
        wrong.attribute,
      );
    const cell = i * 4 + y * 2 + d;
    cells[cell] = n;
    sums[cell] = weights?.sums[i] ?? 0n;
    squares[cell] = weights?.squares[i] ?? 0n;
  }
  const named = attributes.map(({ attribute, values }) => {
    return { attribute, levels: values.map((value) => value ?? notStated) };
  });
  return ok(assemble({ attributes: named, codes, cells, exact: weights && { sums, squares } }));
}

/**
 * The same rows by fewer attributes, in the order asked for; by none of them, one combination of all rows.
 *
 * @example
 * marginal(joint, ['sex']);
 */
export function marginal(joint: JointCounts, attributes: readonly string[]): Result<JointCounts, JointProblem> {
  const places: number[] = [];
  for (const attribute of attributes) {
    const place = placeOf(joint, attribute);
    if (!place.ok) return place;
    if (places.includes(place.value))
      return refuse('joint.repeated-attribute', `The attribute "${attribute}" is asked for twice.`, attribute);
    places.push(place.value);
  }
  return ok(
    project(
      joint,
      places,
      Uint32Array.from({ length: combinationsOf(joint) }, (_, i) => i),
    ),
  );
}

/** The rows of one level, by the other attributes. */
export function stratum(joint: JointCounts, attribute: string, level: string): Result<JointCounts, JointProblem> {
  const place = placeOf(joint, attribute);
  if (!place.ok) return place;
  const levels = joint.attributes[place.value]?.levels ?? [];
  const code = levels.indexOf(level);
  if (code < 0)
    return refuse(
      'joint.unknown-level',
      `"${attribute}" has no level "${level}"; it has ${levels.join(', ')}.`,
      attribute,
    );
  const width = joint.attributes.length;
  const others = joint.attributes.flatMap((_, k) => (k === place.value ? [] : [k]));
  const own: number[] = [];
  for (let i = 0; i < combinationsOf(joint); i++) if (joint.codes[i * width + place.value] === code) own.push(i);
  return ok(project(joint, others, Uint32Array.from(own)));
}

/**
 * One table of the rows of several, such as those of cities; levels are united. The result is the same to the bit in
 * whatever order the tables come, and however rows were split among them.
 */
export function addJoint(tables: readonly JointCounts[]): Result<JointCounts, JointProblem> {
  const [first] = tables;
  if (!first) return ok(assemble({ attributes: [], codes: new Uint32Array(0), cells: new Float64Array(0) }));
  const names = first.attributes.map(({ attribute }) => attribute);
  for (const { attributes, weighted } of tables) {
    const own = attributes.map(({ attribute }) => attribute);
    if (own.length !== names.length || own.some((name, k) => name !== names[k]))
      return refuse(
        'joint.other-attributes',
        `One table has ${list(names)}, another ${list(own)}; they must be the same.`,
      );
    if ((weighted === undefined) !== (first.weighted === undefined))
      return refuse('joint.mixed-weights', 'Some tables are weighted and others are not; they cannot be added.');
  }
  const attributes = names.map((attribute, k) => {
    return { attribute, levels: [...new Set(tables.flatMap((table) => table.attributes[k]?.levels ?? []))] };
  });
  const places = attributes.map(({ levels }) => new Map(levels.map((level, code) => [level, code])));
  const codes = tables.flatMap((table) => recode(table, places));
  const cells = tables.flatMap((table) => Array.from(table.cells));
  const exact = first.weighted && {
    sums: tables.flatMap((table) => table.weighted?.exact.sums ?? []),
    squares: tables.flatMap((table) => table.weighted?.exact.squares ?? []),
  };
  return ok(assemble({ attributes, codes: Uint32Array.from(codes), cells: Float64Array.from(cells), exact }));
}

function recode(table: JointCounts, places: readonly ReadonlyMap<string, number>[]): readonly number[] {
  const width = places.length;
  const maps = table.attributes.map(({ levels }, k) => levels.map((level) => places[k]?.get(level) ?? 0));
  return Array.from(table.codes, (code, i) => maps[i % width]?.[code] ?? 0);
}

function placeOf(joint: JointCounts, attribute: string): Result<number, JointProblem> {
  const names = joint.attributes.map((own) => own.attribute);
  const place = names.indexOf(attribute);
  if (place >= 0) return ok(place);
  return refuse(
    'joint.unknown-attribute',
    `The counts have no attribute "${attribute}"; they have ${list(names)}.`,
    attribute,
  );
}

function project(joint: JointCounts, places: readonly number[], combinations: Uint32Array): JointCounts {
  const width = joint.attributes.length;
  const codes = new Uint32Array(combinations.length * places.length);
  const cells = new Float64Array(combinations.length * 4);
  combinations.forEach((from, i) => {
    for (const [k, place] of places.entries()) codes[i * places.length + k] = joint.codes[from * width + place] ?? 0;
    cells.set(joint.cells.subarray(from * 4, from * 4 + 4), i * 4);
  });
  const pick = (sums: readonly bigint[]) => Array.from(combinations, (i) => sums.slice(i * 4, i * 4 + 4)).flat();
  const { weighted } = joint;
  const exact = weighted && { sums: pick(weighted.exact.sums), squares: pick(weighted.exact.squares) };
  const attributes = places.flatMap((place) => joint.attributes[place] ?? []);
  return assemble({ attributes, codes, cells, exact });
}

function list(names: readonly string[]): string {
  return names.length > 0 ? names.map((name) => `"${name}"`).join(', ') : 'none';
}
