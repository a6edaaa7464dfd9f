import {
  addCounts,
  type DisclosedCounts,
  type Group,
  type JointCounts,
  jointCounts,
  type Partition,
  pooledCounts,
} from '@hansa/fair';
import { ok, type Result, refuse } from '@hansa/kernel';
import type { TableEngine } from '@hansa/tabular';
import {
  type CountsFile,
  type CountsFileOptions,
  type CountsFileProblem,
  type CountsSet,
  cellNames,
} from './counts-file.js';
import { type CountsRow, readCountsRows } from './counts-rows.js';
import { sourceOf } from './read-audit-file.js';
import { contradictions, disclosed, type GroupRow, smallCells, totalOfAll, withheldCells } from './withheld.js';

/** Zeros without any number from 1 up to here beside them are hardly chance. */
const suspiciousGap = 5;

/**
 * Reads confusion tables in place of people: one row for each group, with columns TN, FP, FN and TP in any case. A file
 * has either one column for each attribute, or a column that names the attribute (`Feature`, `Attribute`, `Variable`)
 * and one with its level (`Feature_Value`, `Level`, `Value`, `Group`). Further columns tell populations apart.
 *
 * @returns `counts-file.wrong-count` and `counts-file.repeated-group` name the row
 * @example
 * const read = await readCountsFile(tables, { file: 'counts.csv', suppressedBelow: 10 });
 * read.value.sets[0].counts.partitions; // by sex, by age, …
 */
export async function readCountsFile(
  tables: TableEngine,
  options: CountsFileOptions,
): Promise<Result<CountsFile, CountsFileProblem>> {
  const source = sourceOf(options.file, options.format);
  if (!source.ok) return { ok: false, problem: { ...source.problem, kind: 'audit-file.unknown-format' } };
  const described = await tables.describeSource(source.value.file, source.value.format);
  if (!described.ok) return described;
  const { columns, rows: count, bytes, digest } = described.value;
  const rows = await readCountsRows(
    tables,
    source.value,
    columns.map(({ name }) => name),
  );
  if (!rows.ok) return rows;
  const layout = layoutOf(rows.value, options.attributes);
  if (!layout.ok) return layout;
  const sets: CountsSet[] = [];
  for (const own of bySet(rows.value, layout.value.constants).values()) {
    const set = readSet(own, layout.value, options.suppressedBelow);
    if (!set.ok) return set;
    sets.push(set.value);
  }
  const looksSuppressedBelow = options.suppressedBelow === undefined ? smallestBesideZeros(rows.value) : null;
  return ok({ sets, facts: { format: source.value.format, bytes, digest, rows: count, looksSuppressedBelow } });
}

/** Which columns say who is counted in a row. */
interface Layout {
  /** Columns of attributes; or, with `level`, the one that names an attribute. */
  readonly attributes: readonly string[];
  /** The column of the level of the named attribute. */
  readonly level?: string;
  readonly constants: readonly string[];
}

const attributeNames = new Set(['feature', 'attribute', 'variable']);
const levelNames = new Set(['feature_value', 'feature value', 'level', 'value', 'group', 'category']);

function layoutOf(rows: readonly CountsRow[], asked: readonly string[] | undefined): Result<Layout, CountsFileProblem> {
  const columns = [...(rows[0]?.values.keys() ?? [])];
  const named = columns.find((column) => attributeNames.has(column.toLowerCase()));
  const level = columns.find((column) => levelNames.has(column.toLowerCase()));
  const missing = (attribute: string, known: readonly string[]) =>
    refuse(
      'counts-file.missing-column',
      `The file has no attribute "${attribute}"; it has ${known.join(', ')}.`,
      attribute,
    );
  if (named !== undefined && level !== undefined) {
    const known = [...new Set(rows.map(({ values }) => values.get(named) ?? ''))];
    const unknown = asked?.find((attribute) => !known.includes(attribute));
    if (unknown !== undefined) return missing(unknown, known);
    const constants = columns.filter((column) => column !== named && column !== level);
    return ok({ attributes: [named], level, constants });
  }
  const unknown = asked?.find((attribute) => !columns.includes(attribute));
  if (unknown !== undefined) return missing(unknown, columns);
  const varies = (column: string) => new Set(rows.map(({ values }) => values.get(column))).size > 1;
  const attributes = asked ?? columns.filter(varies);
  return ok({ attributes, constants: columns.filter((column) => !attributes.includes(column)) });
}

function bySet(rows: readonly CountsRow[], constants: readonly string[]): ReadonlyMap<string, readonly CountsRow[]> {
  const sets = new Map<string, CountsRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(constants.map((column) => row.values.get(column)));
    const known = sets.get(key);
    if (known) known.push(row);
    else sets.set(key, [row]);
  }
  return sets;
}

function readSet(
  rows: readonly CountsRow[],
  layout: Layout,
  below: number | undefined,
): Result<CountsSet, CountsFileProblem> {
  const own = rows.map((row): CountsRow => {
    return below === undefined ? row : { ...row, cells: row.cells.map((cell) => (cell === 0 ? null : cell)) };
  });
  const groups = layout.level === undefined ? combinedGroups(own, layout) : namedGroups(own, layout, layout.level);
  const seen = new Map<string, number>();
  for (const { attribute, group, row } of groups) {
    const key = JSON.stringify([attribute, group]);
    const before = seen.get(key);
    if (before !== undefined)
      return refuse(
        'counts-file.repeated-group',
        `Row ${row} is about ${attribute} ${group} as row ${before} is; each group has one row.`,
        `row ${row}`,
      );
    seen.set(key, row);
  }
  const partitions = layout.level === undefined ? marginals(own, layout, groups) : partitionsOf(groups);
  const total = layout.level === undefined ? addCounts(groups.map(({ counts }) => counts)) : totalOfAll(partitions);
  const totals = partitions.map((partition) => ({ attribute: partition.attribute, counts: pooledCounts(partition) }));
  const joint = layout.level === undefined ? jointOf(own, layout.attributes) : ok(undefined);
  if (!joint.ok) return joint;
  return ok({
    constants: Object.fromEntries(layout.constants.map((column) => [column, own[0]?.values.get(column) ?? ''])),
    counts: { total, partitions },
    ...(joint.value && { joint: joint.value }),
    totals,
    withheld: withheldCells(groups, total, below),
    small: smallCells(groups, below),
    contradicting: contradictions(totals, total),
  });
}

/** A long file: one column names the attribute, another one its level. */
function namedGroups(rows: readonly CountsRow[], { attributes }: Layout, level: string): readonly GroupRow[] {
  return rows.flatMap(({ row, values, cells }): GroupRow[] => {
    const attribute = values.get(attributes[0] ?? '') ?? '';
    return [{ attribute, group: values.get(level) ?? '', row, counts: disclosed(cells) }];
  });
}

/** A wide file: a row is a combination of levels. */
function combinedGroups(rows: readonly CountsRow[], { attributes }: Layout): readonly GroupRow[] {
  return rows.map(({ row, values, cells }) => ({
    attribute: attributes.join('*'),
    group: attributes.map((attribute) => values.get(attribute) ?? '').join(', '),
    row,
    counts: disclosed(cells),
  }));
}

function partitionsOf(groups: readonly GroupRow[]): readonly Partition[] {
  const names = [...new Set(groups.map(({ attribute }) => attribute))];
  return names.map((attribute) => ({
    attribute,
    groups: sorted(
      groups
        .filter((own) => own.attribute === attribute)
        .map(({ group, counts }) => ({ group, attributes: { [attribute]: group }, counts })),
    ),
  }));
}

/** By each attribute alone, and by all of them together. */
function marginals(
  rows: readonly CountsRow[],
  { attributes }: Layout,
  groups: readonly GroupRow[],
): readonly Partition[] {
  const single = attributes.map((attribute): Partition => {
    const levels = new Map<string, DisclosedCounts[]>();
    for (const { values, cells } of rows) {
      const level = values.get(attribute) ?? '';
      const own = levels.get(level);
      if (own) own.push(disclosed(cells));
      else levels.set(level, [disclosed(cells)]);
    }
    const groups = [...levels].map(([level, counts]): Group => {
      return { group: level, attributes: { [attribute]: level }, counts: addCounts(counts) };
    });
    return { attribute, groups: sorted(groups) };
  });
  if (attributes.length < 2) return single;
  const all = groups.map(({ group, counts }, i): Group => {
    const levels = attributes.map((attribute) => [attribute, rows[i]?.values.get(attribute) ?? ''] as const);
    return { group, attributes: Object.fromEntries(levels), counts };
  });
  return [...single, { attribute: attributes.join('*'), groups: sorted(all) }];
}

function sorted(groups: readonly Group[]): readonly Group[] {
  return [...groups].sort((a, b) => (a.group < b.group ? -1 : 1));
}

function jointOf(
  rows: readonly CountsRow[],
  attributes: readonly string[],
): Result<JointCounts | undefined, CountsFileProblem> {
  if (rows.some(({ cells }) => cells.includes(null))) return ok(undefined);
  const dictionaries = attributes.map((attribute) => {
    const levels = new Set(rows.map(({ values }) => values.get(attribute) ?? ''));
    return new Map([...levels].map((level, code) => [level, code]));
  });
  const each = rows.flatMap((row) => cellNames.map((_, cell) => ({ row, cell })));
  const joint = jointCounts({
    attributes: attributes.map((attribute, k) => ({ attribute, values: [...(dictionaries[k]?.keys() ?? [])] })),
    codes: Uint32Array.from(
      each.flatMap(({ row }) => attributes.map((name, k) => dictionaries[k]?.get(row.values.get(name) ?? '') ?? 0)),
    ),
    label: Uint8Array.from(each, ({ cell }) => cell >> 1),
    decision: Uint8Array.from(each, ({ cell }) => cell & 1),
    rows: Float64Array.from(each, ({ row, cell }) => row.cells[cell] ?? 0),
  });
  return joint;
}

/** The smallest number above 0 when zeros occur and it is suspiciously large. */
function smallestBesideZeros(rows: readonly CountsRow[]): number | null {
  const cells = rows.flatMap(({ cells }) => cells).filter((cell) => cell !== null);
  const smallest = Math.min(...cells.filter((cell) => cell > 0));
  return cells.includes(0) && Number.isFinite(smallest) && smallest >= suspiciousGap ? smallest : null;
}
