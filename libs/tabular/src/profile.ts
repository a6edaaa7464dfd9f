import { ok, type Result, refuse } from '@hansa/kernel';
import type { OpenTable } from './detect-columns.js';
import { presentValue } from './missing.js';
import { type Expression, renderSelect, type SelectedColumn } from './sql.js';
import type { Column, ColumnProfile, SourceProfile, TableProblem } from './table.js';
import type { Cell, TableSession } from './table-session.js';
import { flatten } from './write-table.js';

/** Duplicates need memory for every row that is unlike all others, so that there must be an end. */
const maxRowsForDuplicates = 2_000_000;

type Profile = Pick<SourceProfile, 'columns' | 'rows' | 'duplicates'>;

/** Looks at every value once; memory does not depend on the number of rows. */
export async function profileTable(session: TableSession, table: OpenTable): Promise<Result<Profile, TableProblem>> {
  const first = await firstRow(session, table);
  if (!first.ok) return first;
  const found = new Map<string, ColumnProfile>();
  let rows = 0;
  for (const columns of portions(table)) {
    const statement = renderSelect({
      columns: [
        { as: 'rows', of: { kind: 'aggregate', name: 'count', of: [] } },
        ...columns.flatMap((column) => measures(column, first.value.get(column.name) ?? null)),
      ],
      from: table.from,
    });
    const measured = await session.run(statement.sql, statement.values);
    if (!measured.ok) return measured;
    const [cells = []] = measured.value;
    rows = Number(cells[0]);
    for (const [i, column] of columns.entries()) {
      const [present, same] = [Number(cells[1 + 2 * i]), cells[2 + 2 * i]];
      const constant = present === 0 || (present === rows && same === true);
      found.set(column.name, { ...column, missing: rows - present, constant });
    }
  }
  if (rows === 0) return refuse('tabular.empty', 'The file has no rows.');
  const duplicates = await countDuplicates(session, table, rows);
  if (!duplicates.ok) return duplicates;
  return ok({
    columns: table.columns.flatMap(({ name }) => found.get(name) ?? []),
    rows,
    duplicates: duplicates.value,
  });
}

/** Of Parquet, columns whose answer stands in the file's own statistics are asked for apart: they need no reading. */
function portions({ columns, from }: OpenTable): readonly (readonly Column[])[] {
  if (from.kind !== 'reader' || from.name !== 'read_parquet') return [columns];
  const isKnown = ({ type }: Column) => type !== 'text' && type !== 'number' && type !== 'json';
  return [columns.filter(isKnown), columns.filter((column) => !isKnown(column))];
}

/** Rows that have a value, and whether all values are the same. */
function measures(column: Column, first: Cell): readonly SelectedColumn[] {
  const of = presentValue(column);
  return [
    { as: `present ${column.name}`, of: { kind: 'aggregate', name: 'count', of: [of] } },
    { as: `same ${column.name}`, of: allSame(column, first) },
  ];
}

/** Texts are compared with the first one, which is faster than to find the least and the greatest. */
function allSame(column: Column, first: Cell): Expression {
  const of: Expression = { kind: 'column', name: column.name };
  if (column.type === 'text' && typeof first === 'string') {
    const right: Expression = { kind: 'cast', of: { kind: 'value', value: first }, to: 'VARCHAR' };
    return { kind: 'aggregate', name: 'bool_and', of: [{ kind: 'compare', operator: '=', left: of, right }] };
  }
  const flat = column.type === 'json' ? flatten(column, of) : of;
  const end = (name: 'min' | 'max'): Expression => ({ kind: 'aggregate', name, of: [flat] });
  return { kind: 'compare', operator: '=', left: end('min'), right: end('max') };
}

async function firstRow(
  session: TableSession,
  { columns, from }: OpenTable,
): Promise<Result<ReadonlyMap<string, Cell>, TableProblem>> {
  const texts = columns.filter(({ type }) => type === 'text');
  if (texts.length === 0) return ok(new Map());
  const statement = renderSelect({
    columns: texts.map((column) => ({ as: column.name, of: flatten(column, { kind: 'column', name: column.name }) })),
    from,
    limit: 1,
  });
  const read = await session.run(statement.sql, statement.values);
  if (!read.ok) return read;
  return ok(new Map(texts.map(({ name }, i) => [name, read.value[0]?.[i] ?? null])));
}

async function countDuplicates(
  session: TableSession,
  table: OpenTable,
  rows: number,
): Promise<Result<number | null, TableProblem>> {
  if (rows > maxRowsForDuplicates) return ok(null);
  const of = table.columns.map(({ name }): Expression => ({ kind: 'column', name }));
  const hash: Expression = { kind: 'call', name: 'hash', of };
  const statement = renderSelect({
    columns: [{ as: 'different', of: { kind: 'aggregate', name: 'count', of: [hash], distinct: true } }],
    from: table.from,
  });
  const counted = await session.run(statement.sql, statement.values);
  return counted.ok ? ok(rows - Number(counted.value[0]?.[0])) : counted;
}
