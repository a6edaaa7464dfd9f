import { ok, type Result, refuse } from '@hansa/kernel';
import type { OpenTable } from './detect-columns.js';
import { presentValue } from './missing.js';
import { type Expression, renderSelect, type SelectedColumn } from './sql.js';
import type { ColumnProfile, SourceProfile, TableProblem } from './table.js';
import type { TableSession } from './table-session.js';
import { flatten } from './write-table.js';

/** Duplicates need memory for every row that is unlike all others, so that there must be an end. */
const maxRowsForDuplicates = 2_000_000;

type Profile = Pick<SourceProfile, 'columns' | 'rows' | 'duplicates'>;

/** Looks at every value once; memory does not depend on the number of rows. */
export async function profileTable(session: TableSession, table: OpenTable): Promise<Result<Profile, TableProblem>> {
  const aggregate = (name: 'count' | 'min' | 'max', ...of: Expression[]): Expression => {
    return { kind: 'aggregate', name, of };
  };
  const statement = renderSelect({
    columns: [
      { as: 'rows', of: aggregate('count') },
      ...table.columns.flatMap((column, i): SelectedColumn[] => {
        const of = presentValue(column);
        const flat = column.type === 'json' ? flatten(column, of) : of;
        const same: Expression = {
          kind: 'compare',
          operator: '=',
          left: aggregate('min', flat),
          right: aggregate('max', flat),
        };
        return [
          { as: `present${i}`, of: aggregate('count', of) },
          { as: `same${i}`, of: same },
        ];
      }),
    ],
    from: table.from,
  });
  const found = await session.run(statement.sql, statement.values);
  if (!found.ok) return found;
  const [cells = []] = found.value;
  const rows = Number(cells[0]);
  if (rows === 0) return refuse('tabular.empty', 'The file has no rows.');
  const columns = table.columns.map((column, i): ColumnProfile => {
    const [present, same] = [Number(cells[1 + 2 * i]), cells[2 + 2 * i]];
    return { ...column, missing: rows - present, constant: present === 0 || (present === rows && same === true) };
  });
  const duplicates = await countDuplicates(session, table, rows);
  return duplicates.ok ? ok({ columns, rows, duplicates: duplicates.value }) : duplicates;
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
