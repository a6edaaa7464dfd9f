import { ok, type Result, refuse } from '@hansa/kernel';
import type { OpenTable } from './detect-columns.js';
import { type GroupKey, resolveGrouping } from './grouping.js';
import { JointCollector } from './joint-collector.js';
import { type Counting, defaultMaxCombinations, type JointCount, maxWeight, weightUnitBits } from './joint-count.js';
import { numbered } from './row-numbers.js';
import { double, type Expression, renderSelect, type Select, type SelectedColumn } from './sql.js';
import { type Column, requireColumn, type TableProblem } from './table.js';
import type { TableSession } from './table-session.js';
import { batchRows } from './write-table.js';

/** Counts the rows of every combination; the engine groups, so that memory does not depend on the number of rows. */
export async function countJointly(
  session: TableSession,
  table: OpenTable,
  counting: Counting,
): Promise<Result<JointCount, TableProblem>> {
  const keys: GroupKey[] = [];
  for (const grouping of counting.columns) {
    const key = resolveGrouping(table.columns, grouping);
    if (!key.ok) return key;
    keys.push(key.value);
  }
  const weight = counting.weight === undefined ? undefined : resolveWeight(table.columns, counting.weight);
  if (weight && !weight.ok) return weight;
  const select = jointSelect(table, keys, weight?.value, counting.firstRows === true);
  const collected = await collect(session, select, keys, counting);
  if (!collected.ok) {
    // Too many groups can also end the engine's memory before they can be counted here.
    const isMemory = collected.problem.kind === 'tabular.out-of-memory' && keys.length > 0;
    return isMemory ? ((await tooMany(session, table, keys, counting)) ?? collected) : collected;
  }
  if (collected.value === 'too many') return (await tooMany(session, table, keys, counting)) ?? tooManyOf(counting, '');
  if (collected.value.total === 0) return refuse('tabular.empty', 'The file has no rows.');
  if (weight && collected.value.weighed < collected.value.total)
    return wrongWeight(session, table, counting.weight ?? '', weight.value);
  return ok(collected.value.finish());
}

async function collect(
  session: TableSession,
  select: Select,
  keys: readonly GroupKey[],
  counting: Counting,
): Promise<Result<JointCollector | 'too many', TableProblem>> {
  const { maxCombinations = defaultMaxCombinations, weight, firstRows } = counting;
  const collector = new JointCollector(keys, { weight: weight !== undefined, firstRows: firstRows === true });
  const query = await session.query(renderSelect(select));
  if (!query.ok) return query;
  for (;;) {
    const batch = await session.fetch(batchRows(select.columns.length));
    if (!batch.ok) return batch;
    if (batch.value.rows === 0) return ok(collector);
    collector.add(batch.value);
    if (collector.combinations > maxCombinations) return ok('too many');
  }
}

/** Groups by what the file holds and makes text only of the groups. */
function jointSelect(
  table: OpenTable,
  keys: readonly GroupKey[],
  weight: Expression | undefined,
  firstRows: boolean,
): Select {
  const { from, row } = firstRows ? numbered(table) : { from: table.from, row: undefined };
  const aggregates: SelectedColumn[] = [{ as: 'rows', of: { kind: 'aggregate', name: 'count', of: [] } }];
  if (row) aggregates.push({ as: 'first', of: { kind: 'aggregate', name: 'min', of: [row] } });
  if (weight) aggregates.push(...weightSums(weight));
  const name = (i: number) => `key${i}`;
  const grouped: Select = {
    columns: [...keys.map(({ key }, i) => ({ as: name(i), of: key })), ...aggregates],
    from,
    groupBy: keys.length,
  };
  const isSum = (as: string) => as.startsWith('sum');
  return {
    columns: [
      ...keys.map(({ read }, i) => ({ as: name(i), of: read({ kind: 'column', name: name(i) }) })),
      ...aggregates.map(({ as }): SelectedColumn => {
        return { as, of: { kind: 'cast', of: { kind: 'column', name: as }, to: isSum(as) ? 'VARCHAR' : 'DOUBLE' } };
      }),
    ],
    from: { kind: 'query', select: grouped },
  };
}

/** The weight where it is one that can be summed, else missing. */
export function resolveWeight(columns: readonly Column[], name: string): Result<Expression, TableProblem> {
  const found = requireColumn(columns, name);
  if (!found.ok) return found;
  if (found.value.type !== 'integer' && found.value.type !== 'number')
    return refuse(
      'tabular.wrong-type',
      `Column "${name}" holds ${found.value.type}; weights are numbers, with a point before their decimals.`,
      name,
    );
  const of: Expression = { kind: 'cast', of: { kind: 'column', name }, to: 'DOUBLE' };
  return ok({
    kind: 'where',
    conditions: [
      { kind: 'compare', operator: '>=', left: of, right: double(0) },
      { kind: 'compare', operator: '<=', left: of, right: double(maxWeight) },
    ],
    of,
  });
}

/** Whole parts and fractions apart: both stay exact as 128-bit integers, up to 2^37 rows. */
function weightSums(weight: Expression): readonly SelectedColumn[] {
  const sum = (of: Expression): Expression => ({
    kind: 'aggregate',
    name: 'sum',
    of: [{ kind: 'cast', of: { kind: 'call', name: 'floor', of: [of] }, to: 'HUGEINT' }],
  });
  const fraction = (of: Expression): Expression => ({
    kind: 'arithmetic',
    operator: '*',
    left: { kind: 'arithmetic', operator: '-', left: of, right: { kind: 'call', name: 'floor', of: [of] } },
    right: double(2 ** weightUnitBits),
  });
  const square: Expression = { kind: 'arithmetic', operator: '*', left: weight, right: weight };
  return [
    { as: 'weighed', of: { kind: 'aggregate', name: 'count', of: [weight] } },
    { as: 'sum0', of: sum(weight) },
    { as: 'sum1', of: sum(fraction(weight)) },
    { as: 'sum2', of: sum(square) },
    { as: 'sum3', of: sum(fraction(square)) },
  ];
}

/** Finds the first row whose weight cannot be summed. */
export async function wrongWeight(
  session: TableSession,
  table: OpenTable,
  column: string,
  weight: Expression,
): Promise<Result<never, TableProblem>> {
  const { from, row } = numbered(table);
  const shown: Expression = { kind: 'cast', of: { kind: 'column', name: column }, to: 'VARCHAR' };
  const named: Expression = {
    kind: 'call',
    name: 'coalesce',
    of: [shown, { kind: 'cast', of: { kind: 'value', value: 'missing' }, to: 'VARCHAR' }],
  };
  const statement = renderSelect({
    columns: [
      { as: 'row', of: { kind: 'aggregate', name: 'min', of: [row] } },
      { as: 'value', of: { kind: 'aggregate', name: 'arg_min', of: [named, row] } },
    ],
    from,
    where: [{ kind: 'missing', of: weight }],
  });
  const found = await session.run(statement.sql, statement.values);
  if (!found.ok) return found;
  const [at, value] = found.value[0] ?? [];
  return refuse(
    'tabular.wrong-weight',
    `The weight "${column}" of row ${at} is ${value}; weights are numbers from 0 to ${maxWeight}.`,
    `${column}, row ${at}`,
  );
}

/** Says how many values each column has, by an estimate that needs little memory. */
async function tooMany(
  session: TableSession,
  table: OpenTable,
  keys: readonly GroupKey[],
  counting: Counting,
): Promise<Result<never, TableProblem> | undefined> {
  const statement = renderSelect({
    columns: keys.map(({ key }, i) => ({
      as: `key${i}`,
      of: { kind: 'aggregate', name: 'approx_count_distinct', of: [key] },
    })),
    from: table.from,
  });
  const counted = await session.run(statement.sql, statement.values);
  if (!counted.ok) return undefined;
  const widths = keys.map(({ column }, i) => ({ column, values: Number(counted.value[0]?.[i]) }));
  const product = widths.reduce((all, { values }) => all * Math.max(values, 1), 1);
  // An estimate may be off by some per cent.
  if (product * 2 < (counting.maxCombinations ?? defaultMaxCombinations)) return undefined;
  const widest = widths.reduce((most, next) => (next.values > most.values ? next : most));
  const listed = widths.map(({ column, values }) => `"${column}" about ${values}`).join(', ');
  return tooManyOf(counting, ` Their values: ${listed}.`, widest.column);
}

/** That a counting has more combinations than it may have. */
export function tooManyOf(counting: Counting, listed: string, at?: string): Result<never, TableProblem> {
  const most = (counting.maxCombinations ?? defaultMaxCombinations).toLocaleString('en');
  const columns = counting.columns.map(({ column }) => `"${column}"`).join(', ');
  return refuse(
    'tabular.too-many-combinations',
    `The columns ${columns} have more than ${most} combinations.${listed} Leave a column out or make it coarser.`,
    at,
  );
}
