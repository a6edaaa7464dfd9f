import type { OpenTable } from './detect-columns.js';
import type { Expression, Select } from './sql.js';

const parquetRow = 'file_row_number';

/** The rows of a table with their numbers, from 1. Parquet files know them; other files must be read in order. */
export function numbered(table: OpenTable): { readonly from: Select['from']; readonly row: Expression } {
  const { from, columns } = table;
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  if (from.kind === 'reader' && from.name === 'read_parquet' && !taken.has(parquetRow)) {
    const options = { ...from.options, [parquetRow]: true };
    const one: Expression = { kind: 'cast', of: { kind: 'value', value: 1n }, to: 'BIGINT' };
    const row: Expression = {
      kind: 'arithmetic',
      operator: '+',
      left: { kind: 'column', name: parquetRow },
      right: one,
    };
    return { from: { ...from, options }, row };
  }
  let name = 'row';
  while (taken.has(name)) name += '_';
  const select: Select = {
    columns: [
      ...columns.map((column) => ({ as: column.name, of: { kind: 'column', name: column.name } as const })),
      { as: name, of: { kind: 'row-number' } },
    ],
    from,
  };
  return { from: { kind: 'query', select }, row: { kind: 'column', name } };
}
