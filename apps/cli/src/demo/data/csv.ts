/** What a cell of a table may hold; `null` is an empty field. */
export type Cell = string | number | null;

/** One row: column names in the order in which they are written. */
export type CsvRow = Readonly<Record<string, Cell>>;

/**
 * Rows as CSV text after RFC 4180: a header line from the first row's keys, CRLF line ends, and quotes only around
 * fields that need them. No rows give the empty text, since there is no header to write.
 *
 * @example
 * writeCsv([{ id: 1, name: 'Homburg, Saar' }]); // 'id,name\r\n1,"Homburg, Saar"\r\n'
 */
export function writeCsv(rows: readonly object[]): string {
  const [first] = rows as readonly CsvRow[];
  if (first === undefined) return '';
  const columns = Object.keys(first);
  const lines = (rows as readonly CsvRow[]).map((row) => columns.map((name) => field(row[name] ?? null)).join(','));
  return [columns.map(field).join(','), ...lines, ''].join('\r\n');
}

function field(value: Cell): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
