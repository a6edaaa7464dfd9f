import { ok, type Result } from '@hansa/kernel';
import type { TableEngine, TableSource } from '@hansa/tabular';
import type { AuditFileProblem } from './audit-file.js';

/** For each column its values with the number of the first row that has them. Reads the file again, for messages. */
export async function firstRows(
  tables: TableEngine,
  source: TableSource,
  columns: readonly string[],
): Promise<Result<ReadonlyMap<string, ReadonlyMap<string, number>>, AuditFileProblem>> {
  const countings = columns.map((column) => ({
    columns: [{ column, by: 'value' } as const],
    firstRows: true as const,
  }));
  const counted = await tables.countJointly(source, countings);
  if (!counted.ok) return counted;
  return ok(
    new Map(
      counted.value.flatMap(({ columns: [own] }) => {
        if (!own) return [];
        const rows = own.values.map((value, code) => [value, own.firstRows?.[code] ?? 0] as const);
        return [[own.column, new Map(rows.filter((row): row is [string, number] => row[0] !== null))]];
      }),
    ),
  );
}
