import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { JointAttribute } from '../counting/joint-counts.js';
import type { HandedTable } from './handed-tables.js';
import { type KnownSum, LinearBounds } from './linear-bounds.js';
import { runSteps, type Steps } from './steps.js';

/** What anybody can compute about a number that was withheld, from all numbers that were not. */
export interface WithheldBounds {
  /** The place of the table, of the group in it, and of the cell: tn, fp, fn, tp. */
  readonly table: number;
  readonly group: number;
  readonly cell: number;
  readonly lower: number;
  readonly upper: number;
}

export type BoundsProblem = Problem<'withheld.no-total' | 'withheld.too-many-combinations' | 'withheld.contradicting'>;

/** Combinations of crossed levels up to which bounds are computed; more would take minutes. */
export const maxCombinations = 512;

/** Attributes that tables cross with each other, directly or by way of others. */
interface Component {
  readonly attributes: readonly JointAttribute[];
  readonly combinations: number;
  readonly tables: readonly number[];
}

/**
 * The sharpest bounds on each withheld number, over all tables together: the least and the largest value in any
 * population, of people in whole or in part, that has every number that was disclosed. Tables that share no attribute
 * say nothing about each other beyond their total.
 *
 * @param tables one of them is that of everybody, with nothing withheld
 */
export function withheldBounds(
  tables: readonly HandedTable[],
  columns: readonly JointAttribute[],
): Result<readonly WithheldBounds[], BoundsProblem> {
  return runSteps(withheldBoundsInSteps(tables, columns));
}

/** {@link withheldBounds} with a pause after each number, for whoever has other work to do. */
export function* withheldBoundsInSteps(
  tables: readonly HandedTable[],
  columns: readonly JointAttribute[],
): Steps<Result<readonly WithheldBounds[], BoundsProblem>> {
  const everybody = tables.find(({ attributes }) => attributes.length === 0)?.groups[0]?.cells ?? [];
  const bounds: WithheldBounds[] = [];
  for (const component of componentsOf(tables, columns)) {
    const { attributes, combinations } = component;
    if (combinations > maxCombinations)
      return refuse(
        'withheld.too-many-combinations',
        `${attributes.map(({ attribute }) => attribute).join(', ')} have ${combinations} combinations; what follows from their tables is computed for at most ${maxCombinations}. Cross fewer attributes.`,
      );
    for (const cell of [0, 1, 2, 3]) {
      const total = everybody[cell];
      if (total === null || total === undefined)
        return refuse('withheld.no-total', 'The total must be disclosed for its parts to be bounded.');
      const own = yield* boundsOf(tables, component, cell, total);
      if (own === null)
        return refuse(
          'withheld.contradicting',
          `No rows have all numbers of ${attributes.map((a) => a.attribute).join(', ')}.`,
        );
      bounds.push(...own);
    }
  }
  return ok(bounds);
}

function* boundsOf(
  tables: readonly HandedTable[],
  { attributes, combinations, tables: places }: Component,
  cell: number,
  total: number,
): Steps<readonly WithheldBounds[] | null> {
  const sums: KnownSum[] = [{ terms: Array.from({ length: combinations }, (_, i) => i), total }];
  const withheld: { table: number; group: number; terms: readonly number[] }[] = [];
  for (const table of places) {
    const { attributes: names, groups } = tables[table] ?? { attributes: [], groups: [] };
    for (const [group, { codes, cells }] of groups.entries()) {
      const terms = termsOf(attributes, names, codes);
      const known = cells[cell];
      if (known === null || known === undefined) withheld.push({ table, group, terms });
      else sums.push({ terms, total: known });
    }
  }
  if (withheld.length === 0) return [];
  const linear = LinearBounds.of(combinations, sums);
  if (linear === null) return null;
  const bounds: WithheldBounds[] = [];
  for (const { table, group, terms } of withheld) {
    yield;
    bounds.push({ table, group, cell, ...linear.range(terms) });
  }
  return bounds;
}

/** The combinations of a component that have these levels. */
function termsOf(attributes: readonly JointAttribute[], names: readonly string[], codes: readonly number[]) {
  return attributes.reduce<readonly number[]>(
    (terms, { attribute, levels }) => {
      const at = names.indexOf(attribute);
      const own = at < 0 ? levels.map((_, code) => code) : [codes[at] ?? 0];
      return terms.flatMap((term) => own.map((code) => term * levels.length + code));
    },
    [0],
  );
}

function componentsOf(tables: readonly HandedTable[], columns: readonly JointAttribute[]): readonly Component[] {
  let sets: readonly (readonly string[])[] = [];
  for (const { attributes } of tables) {
    if (attributes.length === 0) continue;
    const joined = sets.filter((set) => set.some((name) => attributes.includes(name)));
    sets = [...sets.filter((set) => !joined.includes(set)), [...new Set([...joined.flat(), ...attributes])]];
  }
  return sets.map((names) => {
    const attributes = columns.filter(({ attribute }) => names.includes(attribute));
    return {
      attributes,
      combinations: attributes.reduce((product, { levels }) => product * levels.length, 1),
      tables: tables.flatMap((table, i) => (table.attributes.some((name) => names.includes(name)) ? [i] : [])),
    };
  });
}
