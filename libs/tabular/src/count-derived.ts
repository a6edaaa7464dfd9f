import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { chooseColumns, nameColumns, toVector } from './column-vectors.js';
import { resolveWeight, tooManyOf, wrongWeight } from './count-jointly.js';
import type { DerivedColumn } from './derived-column.js';
import type { OpenTable } from './detect-columns.js';
import { type Grouping, type GroupKey, resolveGrouping } from './grouping.js';
import { JointCollector } from './joint-collector.js';
import { type Counting, defaultMaxCombinations, type JointCount } from './joint-count.js';
import { RowGrouper } from './row-grouper.js';
import { type Expression, renderSelect, type SelectedColumn } from './sql.js';
import type { Column, TableProblem } from './table.js';
import type { TableSession, WireVector } from './table-session.js';
import { batchRows } from './write-table.js';

/** Like a counting by the engine, but without first rows. */
export type DerivedCounting = Omit<Counting, 'firstRows'>;

/** A counting resolved against the table: which vectors of the statement it groups by. */
interface Prepared {
  readonly counting: DerivedCounting;
  readonly keys: readonly GroupKey[];
  readonly vectors: readonly (number | 'derived')[];
  readonly weight?: { readonly of: Expression; readonly vector: number };
  readonly grouper: RowGrouper;
}

/** Counts the rows of every combination while they stream past the computation of one more column. */
export async function countDerived<P extends Problem>(
  session: TableSession,
  table: OpenTable,
  countings: readonly DerivedCounting[],
  derived: DerivedColumn<P>,
): Promise<Result<readonly JointCount[], TableProblem | P>> {
  if (table.columns.some(({ name }) => name === derived.name))
    return refuse(
      'tabular.ambiguous-column',
      `The file has a column ${JSON.stringify(derived.name)} of its own.`,
      derived.name,
    );
  const from = chooseColumns(table.columns, derived.from);
  if (!from.ok) return from;
  const selected: SelectedColumn[] = from.value.map(toVector);
  const prepared: Prepared[] = [];
  for (const counting of countings) {
    const own = prepare(table.columns, counting, derived.name, selected);
    if (!own.ok) return own;
    prepared.push(own.value);
  }
  const query = await session.query(renderSelect({ columns: selected, from: table.from }));
  if (!query.ok) return query;
  let rows = 0;
  for (;;) {
    const batch = await session.fetch(batchRows(selected.length));
    if (!batch.ok) return batch;
    if (batch.value.rows === 0) break;
    const computed = await derived.compute(nameColumns(from.value, batch.value), rows + 1);
    if (!computed.ok) return computed;
    for (const one of prepared) {
      const weights = one.weight && numbersOf(batch.value.vectors[one.weight.vector]);
      if (one.weight && weights?.some(Number.isNaN))
        return wrongWeight(session, table, one.counting.weight ?? '', one.weight.of);
      one.grouper.add(batch.value.rows, keysOf(one, batch.value.vectors, computed.value), weights);
      if (one.grouper.isBeyond(one.counting.maxCombinations ?? defaultMaxCombinations))
        return tooManyOf(one.counting, '');
    }
    rows += batch.value.rows;
  }
  if (rows === 0) return refuse('tabular.empty', 'The file has no rows.');
  return ok(prepared.map(finish));
}

function prepare(
  columns: readonly Column[],
  counting: DerivedCounting,
  derived: string,
  selected: SelectedColumn[],
): Result<Prepared, TableProblem> {
  const all: readonly Column[] = [...columns, { name: derived, type: 'number' }];
  const keys: GroupKey[] = [];
  const vectors: (number | 'derived')[] = [];
  for (const grouping of counting.columns) {
    const key = resolveGrouping(all, grouping);
    if (!key.ok) return key;
    keys.push(key.value);
    const of = key.value.read(key.value.key);
    vectors.push(grouping.column === derived ? 'derived' : selected.push({ as: `key${selected.length}`, of }) - 1);
  }
  const grouper = new RowGrouper(keys.length);
  if (counting.weight === undefined) return ok({ counting, keys, vectors, grouper });
  const weight = resolveWeight(columns, counting.weight);
  if (!weight.ok) return weight;
  const vector = selected.push({ as: `weight${selected.length}`, of: weight.value }) - 1;
  return ok({ counting, keys, vectors, weight: { of: weight.value, vector }, grouper });
}

function finish({ keys, counting, grouper }: Prepared): JointCount {
  const collector = new JointCollector(keys, { weight: counting.weight !== undefined, firstRows: false });
  collector.add(grouper.toBatch());
  return collector.finish();
}

function keysOf(
  { counting, vectors }: Prepared,
  batch: readonly WireVector[],
  derived: Float64Array,
): readonly WireVector[] {
  return counting.columns.map((grouping, k): WireVector => {
    const at = vectors[k] ?? 'derived';
    if (at === 'derived') return { kind: 'number', values: derived.map(groupOf(grouping)) };
    const vector = batch[at];
    if (!vector) throw new Error('a batch lacks a column');
    return vector;
  });
}

/** What `resolveGrouping` asks of the engine, for one number; NaN stays NaN, which is missing. */
function groupOf(grouping: Grouping): (value: number) => number {
  switch (grouping.by) {
    case 'cut':
      return (value) => (Number.isNaN(value) ? value : grouping.points.filter((point) => value >= point).length);
    case 'grid': {
      const { lower, upper, bins } = grouping;
      const factor = bins / (upper - lower);
      const startOf = (bin: number) => lower + ((upper - lower) * bin) / bins;
      return (value) => {
        if (Number.isNaN(value)) return value;
        if (value < lower || value > upper) return value < lower ? -1 : bins;
        const guess = Math.floor((value - lower) * factor);
        const bin = guess + (value >= startOf(guess + 1) ? 1 : 0) - (value < startOf(guess) ? 1 : 0);
        return Math.min(Math.max(bin, 0), bins - 1);
      };
    }
    case 'value':
    case 'month':
      return (value) => value;
  }
}

function numbersOf(vector: WireVector | undefined): Float64Array {
  if (vector?.kind !== 'number') throw new Error('a batch lacks a column of numbers');
  return vector.values;
}
