import { ok, type Result, refuse } from '@hansa/kernel';
import type { OpenTable } from './detect-columns.js';
import { type Expression, renderSelect } from './sql.js';
import type { Column, TableProblem } from './table.js';
import type { TableSession } from './table-session.js';

/** Rows of one file that another one has as well. */
export interface SharedRows {
  readonly shared: number;
  /** The columns that both files have, by which rows are the same. */
  readonly columns: readonly string[];
}

/** Rows are told by a 64-bit hash over the common columns; numbers are the same however they are written. */
export async function countSharedRows(
  session: TableSession,
  table: OpenTable,
  other: OpenTable,
): Promise<Result<SharedRows, TableProblem>> {
  const common = table.columns.flatMap((column) => {
    const twin = other.columns.find(({ name }) => name === column.name);
    return twin && !column.repeated && !twin.repeated ? [{ column, twin }] : [];
  });
  if (common.length === 0)
    return refuse('tabular.nothing-left', 'The two files have no column in common, so no row can be in both.');
  const hash: Expression = {
    kind: 'call',
    name: 'hash',
    of: common.map(({ column, twin }) => comparable(column, twin)),
  };
  const statement = renderSelect({
    columns: [{ as: 'shared', of: { kind: 'aggregate', name: 'count', of: [] } }],
    from: table.from,
    where: [{ kind: 'in-query', of: hash, select: { columns: [{ as: 'hash', of: hash }], from: other.from } }],
  });
  const counted = await session.run(statement.sql, statement.values);
  if (!counted.ok) return counted;
  return ok({ shared: Number(counted.value[0]?.[0]), columns: common.map(({ column }) => column.name) });
}

const isNumber = ({ type }: Column): boolean => type === 'integer' || type === 'number';

/** A file of whole numbers and one with decimals hold the same ones; what else differs in type is compared as text. */
function comparable(column: Column, twin: Column): Expression {
  const of: Expression = { kind: 'column', name: column.name };
  if (isNumber(column) && isNumber(twin)) return { kind: 'cast', of, to: 'DOUBLE' };
  return { kind: 'cast', of, to: 'VARCHAR' };
}
