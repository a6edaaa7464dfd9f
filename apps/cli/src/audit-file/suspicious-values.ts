import type { JointCount } from '@hansa/tabular';
import type { AuditFileFacts, MissingCode } from './audit-file.js';
import { rowsByValue } from './tabulate.js';

/** What people and tools write for a missing value, in lower case. As numbers only those that hardly occur otherwise. */
const codes: ReadonlySet<string> = new Set([
  ...['?', '-', '--', '.', 'na', 'n/a', 'null', 'none', 'unknown'],
  ...['999', '9999', '99999', '-9', '-99', '-999', '-9999'],
]);

/** Values that look like codes for a missing one, column by column; the first row is to be looked up. */
export function missingCodes(count: JointCount): readonly Omit<MissingCode, 'firstRow'>[] {
  return count.columns.flatMap(({ column, values }, k) => {
    const suspicious = values.flatMap((value, code) =>
      value !== null && codes.has(value.trim().toLowerCase()) ? [{ value, code }] : [],
    );
    if (suspicious.length === 0) return [];
    const rows = rowsByValue(count, k);
    return suspicious.map(({ value, code }) => ({ column, value, rows: rows[code] ?? 0 }));
  });
}

/** Values of one column that a person would take for the same. */
export function lookalikes(count: JointCount): AuditFileFacts['lookalikes'] {
  return count.columns.flatMap(({ column, values }) => {
    const alike = new Map<string, string[]>();
    for (const value of values) {
      if (value === null) continue;
      const key = value.trim().replaceAll(/\s+/g, ' ').toLowerCase();
      alike.set(key, [...(alike.get(key) ?? []), value]);
    }
    return [...alike.values()].filter((same) => same.length > 1).map((same) => ({ column, values: same }));
  });
}
