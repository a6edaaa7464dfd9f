import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { CodedAttribute } from '../counting/coded-attribute.js';
import { compareLevels } from '../counting/joint-counts.js';
import type { ConfusionCounts } from '../counts.js';
import { type Figure, figure, undefinedBecause } from '../figure.js';
import { addArrays } from '../fixed-point.js';
import type { Partition } from '../partition.js';

/** How decisions among k classes met reality, in rows. */
export interface ClassTable {
  readonly classes: readonly string[];
  /** k × k rows in the order label, decision: cell label · k + decision. */
  readonly cells: Float64Array;
}

/** The tables of an attribute's groups, in the order of `compareLevels`; a level without rows does not occur. */
export interface AttributeClasses {
  readonly attribute: string;
  readonly classes: readonly string[];
  readonly groups: readonly { readonly group: string; readonly table: ClassTable }[];
}

export interface ClassInput {
  /** The names of the classes; all cities use the same, in the same order. */
  readonly classes: readonly string[];
  /** For each row an index into `classes`: what turned out to be true. */
  readonly label: Uint16Array | Uint8Array;
  /** For each row an index into `classes`: what the model decided. */
  readonly decision: Uint16Array | Uint8Array;
  readonly groups: readonly CodedAttribute[];
}

export type ClassProblem = Problem<'classes.length' | 'classes.unknown-code' | 'classes.different'>;

/**
 * Counts labels and decisions of several classes for every group of every attribute: one pass over the rows for each.
 *
 * @example
 * countClasses({ classes: ['low', 'medium', 'high'], label, decision, groups: [{ attribute: 'sex', levels, codes }] });
 */
export function countClasses(input: ClassInput): Result<readonly AttributeClasses[], ClassProblem> {
  const problem = problemOf(input);
  if (problem) return { ok: false, problem };
  return ok(input.groups.map((attribute) => tablesOf(input, attribute)));
}

/** Adds tables of the same attribute and classes, for instance of several cities. */
export function addClasses(
  first: AttributeClasses,
  ...others: readonly AttributeClasses[]
): Result<AttributeClasses, ClassProblem> {
  const { attribute, classes } = first;
  const same = (other: AttributeClasses) =>
    other.attribute === attribute &&
    other.classes.length === classes.length &&
    other.classes.every((name, i) => name === classes[i]);
  const other = others.find((each) => !same(each));
  if (other)
    return refuse(
      'classes.different',
      'Only tables of one attribute with the same classes can be added.',
      other.attribute,
    );
  const all = [first, ...others].flatMap(({ groups }) => groups);
  const names = [...new Set(all.map(({ group }) => group))].sort(compareLevels);
  const groups = names.map((group) => ({
    group,
    table: addTables(all.filter((each) => each.group === group).map(({ table }) => table)),
  }));
  return ok({ attribute, classes, groups });
}

/** The sum of tables with the same classes; at least one. */
export function addTables(tables: readonly ClassTable[]): ClassTable {
  return { classes: tables[0]?.classes ?? [], cells: addArrays(tables.map(({ cells }) => cells)) };
}

/**
 * One class against all others: positive means this class. All rates, and for a whole attribute all comparisons, of
 * yes-or-no decisions follow from these counts: demographic parity and equalized odds for each class.
 */
export function oneVersusRest({ classes, cells }: ClassTable, name: string): ConfusionCounts {
  const [k, own] = [classes.length, classes.indexOf(name)];
  if (own < 0) throw new RangeError(`there is no class "${name}"`);
  let [n, labelled, decided] = [0, 0, 0];
  for (let i = 0; i < cells.length; i++) {
    const count = cells[i] ?? 0;
    n += count;
    if (Math.floor(i / k) === own) labelled += count;
    if (i % k === own) decided += count;
  }
  const tp = cells[own * k + own] ?? 0;
  return { n, tn: n - labelled - decided + tp, fp: decided - tp, fn: labelled - tp, tp };
}

/**
 * An attribute's groups by one class against all others.
 *
 * @example
 * compare('demographicParityDifference', partitionOfClass(tables, 'high'), 'all', plan);
 */
export function partitionOfClass({ attribute, groups }: AttributeClasses, name: string): Partition {
  const ofGroup = ({ group, table }: AttributeClasses['groups'][number]) => ({
    group,
    attributes: { [attribute]: group },
    counts: oneVersusRest(table, name),
  });
  return { attribute, groups: groups.map(ofGroup) };
}

/** A mean over classes, and the classes that have no figure to enter it. */
export interface ClassAverage {
  readonly figure: Figure;
  readonly leftOut: readonly string[];
}

/** Averages over the classes of one table. */
export interface ClassAverages {
  /** The share of rows decided right. Micro-averaged precision, recall and F1 are this number, each row having one class. */
  readonly accuracy: Figure;
  /** Macro: the plain mean over the classes that have the figure (scikit-learn's `zero_division=nan`). */
  readonly macroPrecision: ClassAverage;
  /** Also called balanced accuracy. */
  readonly macroRecall: ClassAverage;
  /** Of 2 tp / (2 tp + fp + fn); a class has none only where it neither occurs nor is decided. */
  readonly macroF1: ClassAverage;
}

/** The accuracy of a table and its averages over classes. */
export function averagesOf(table: ClassTable): ClassAverages {
  const classes = table.classes.map((name) => ({ name, counts: oneVersusRest(table, name) }));
  const n = classes[0]?.counts.n ?? 0;
  const right = classes.reduce((sum, { counts }) => sum + counts.tp, 0);
  const macro = (
    over: (counts: ConfusionCounts) => number,
    share: (counts: ConfusionCounts) => number,
  ): ClassAverage => {
    const told = classes.filter(({ counts }) => over(counts) > 0);
    const leftOut = classes.filter(({ counts }) => over(counts) === 0).map(({ name }) => name);
    if (told.length === 0) return { figure: undefinedBecause('no class has the figure'), leftOut };
    return {
      figure: figure(told.reduce((sum, { counts }) => sum + share(counts) / over(counts), 0) / told.length),
      leftOut,
    };
  };
  return {
    accuracy: n === 0 ? undefinedBecause('no rows') : figure(right / n),
    macroPrecision: macro(
      (c) => c.tp + c.fp,
      (c) => c.tp,
    ),
    macroRecall: macro(
      (c) => c.tp + c.fn,
      (c) => c.tp,
    ),
    macroF1: macro(
      (c) => 2 * c.tp + c.fp + c.fn,
      (c) => 2 * c.tp,
    ),
  };
}

function tablesOf(
  { classes, label, decision }: ClassInput,
  { attribute, levels, codes }: CodedAttribute,
): AttributeClasses {
  const k = classes.length;
  const cells = new Float64Array(levels.length * k * k);
  for (let row = 0; row < codes.length; row++) {
    const cell = ((codes[row] ?? 0) * k + (label[row] ?? 0)) * k + (decision[row] ?? 0);
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
  const groups = levels
    .map((group, level) => ({ group, table: { classes, cells: cells.slice(level * k * k, (level + 1) * k * k) } }))
    .filter(({ table }) => table.cells.some((count) => count > 0))
    .sort((a, b) => compareLevels(a.group, b.group));
  return { attribute, classes, groups };
}

function problemOf({ classes, label, decision, groups }: ClassInput): ClassProblem | undefined {
  const columns = [
    { at: 'label', codes: label, levels: classes.length },
    { at: 'decision', codes: decision, levels: classes.length },
    ...groups.map(({ attribute, codes, levels }) => ({ at: attribute, codes, levels: levels.length })),
  ];
  for (const { at, codes, levels } of columns) {
    if (codes.length !== label.length) {
      const detail = `Column "${at}" has ${codes.length} rows, the label ${label.length}; give both for the same rows.`;
      return { kind: 'classes.length', detail, at };
    }
    for (let row = 0; row < codes.length; row++) {
      if ((codes[row] ?? 0) < levels) continue;
      return { kind: 'classes.unknown-code', detail: `Row ${row} of "${at}" has a code without a name.`, at };
    }
  }
  return undefined;
}
