import { compareLevels } from '../counting/joint-counts.js';
import type { AttributeClasses } from '../outcomes/multiclass.js';
import { notStated } from '../partition.js';
import { type ComparedGroups, crossed } from '../plan.js';

/** How many rows have each combination of attributes, label and decision; combinations may repeat. */
export interface CountedClasses {
  readonly classes: readonly string[];
  /** A value of null is a level of its own: nobody is dropped. */
  readonly attributes: readonly { readonly attribute: string; readonly values: readonly (string | null)[] }[];
  /** Row-major, one for each attribute. */
  readonly codes: Uint32Array;
  /** For each combination an index into `classes`. */
  readonly label: Uint16Array;
  readonly decision: Uint16Array;
  readonly rows: Float64Array;
}

/**
 * The tables of every attribute and crossing of a plan. Counts are added, so that neither order nor splits of rows matter.
 *
 * @throws RangeError when the plan names an attribute that was not counted
 */
export function classTables(counted: CountedClasses, plan: ComparedGroups): readonly AttributeClasses[] {
  const { attributes, intersections = [] } = plan;
  return [...attributes.map((name) => [name]), ...intersections].map((names) => tablesOf(counted, names));
}

function tablesOf(counted: CountedClasses, names: readonly string[]): AttributeClasses {
  const { classes, attributes, codes, rows } = counted;
  const places = names.map((name) => {
    const place = attributes.findIndex(({ attribute }) => attribute === name);
    if (place < 0) throw new RangeError(`"${name}" was not counted`);
    return place;
  });
  const [k, width] = [classes.length, attributes.length];
  const tables = new Map<string, { readonly levels: readonly string[]; readonly cells: Float64Array }>();
  for (let i = 0; i < rows.length; i++) {
    const levels = places.map((place) => attributes[place]?.values[codes[i * width + place] ?? 0] ?? notStated);
    const key = JSON.stringify(levels);
    const table = tables.get(key) ?? { levels, cells: new Float64Array(k * k) };
    tables.set(key, table);
    const cell = (counted.label[i] ?? 0) * k + (counted.decision[i] ?? 0);
    table.cells[cell] = (table.cells[cell] ?? 0) + (rows[i] ?? 0);
  }
  const groups = [...tables.values()]
    .filter(({ cells }) => cells.some((count) => count > 0))
    .sort((a, b) => compareNames(a.levels, b.levels))
    .map(({ levels, cells }) => ({ group: levels.join(', '), table: { classes, cells } }));
  return { attribute: crossed(names), classes, groups };
}

function compareNames(a: readonly string[], b: readonly string[]): number {
  for (const [i, level] of a.entries()) {
    const order = compareLevels(level, b[i] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}
