import { type Finding, findingTypes } from '@hansa/fair';
import type { TableEngine, TableSource } from '@hansa/tabular';
import { count } from '../print/text.js';
import type { AuditFileFacts } from './audit-file.js';

/** Columns that number people, households or cases: `id`, `person_id`, `householdId`, `patient nr`. */
const numbering = /^(id|uuid|nr)$|[_\s.-](id|uuid|nr|no|number|key)$|[a-z]I[dD]$/;

/** Each costs a pass over the file. */
const mostLooked = 3;

/** Fewer values, or more rows for each, make groups of people and no numbers of theirs. */
const [fewestValues, mostRowsEach] = [40, 50];

/** Columns that look like numbers of people and have the same value in several rows: these rows may belong together. */
export async function repeatedIds(
  tables: TableEngine,
  source: TableSource,
  { columns, rows }: Pick<AuditFileFacts, 'columns' | 'rows'>,
  others: readonly string[],
): Promise<readonly Finding[]> {
  const named = columns.filter(({ name, constant }) => numbering.test(name) && !constant && !others.includes(name));
  const found: Finding[] = [];
  for (const { name } of named.slice(0, mostLooked)) {
    const counted = await tables.countJointly(source, [
      { columns: [{ column: name, by: 'value' }], maxCombinations: 2 ** 20 },
    ]);
    // Too many values to count: most rows then have one of their own.
    if (!counted.ok) continue;
    const values = counted.value[0]?.columns[0]?.values.filter((value) => value !== null).length ?? 0;
    if (values >= rows || values < fewestValues || values * mostRowsEach < rows) continue;
    const text = `"${name}" has ${count(values)} values in ${count(rows)} rows. If rows with the same value belong together, as several decisions on one person, they are no ${count(rows)} unrelated cases, and all intervals are too narrow: say --cluster ${name}.`;
    found.push({ type: findingTypes.dependentRows, severity: 'medium', attribute: name, text });
  }
  return found;
}
