/** One column of a table: its head and what it says about a row. */
export interface Column<T> {
  readonly head: string;
  readonly of: (row: T) => string | number | null | undefined;
  /** @default 'left' */
  readonly align?: 'left' | 'right';
}

/**
 * Rows as aligned columns, two spaces apart, without lines: it reads well and pipes well.
 *
 * @param emphasize marks the heads on screens that can.
 * @example
 * table([{ head: 'NAME', of: (d) => d.name }], rows); // 'NAME\nstops\n'
 */
export function table<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  emphasize: (text: string) => string = (text) => text,
): string {
  const cells = rows.map((row) => columns.map((column) => String(column.of(row) ?? '')));
  const widths = columns.map(({ head }, i) => Math.max(...[head, ...cells.map((line) => line[i] ?? '')].map(width)));
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, i) => {
        const gap = ' '.repeat((widths[i] ?? 0) - width(text));
        return columns[i]?.align === 'right' ? `${gap}${text}` : `${text}${gap}`;
      })
      .join('  ')
      .trimEnd();
  return `${[emphasize(line(columns.map(({ head }) => head))), ...cells.map(line)].join('\n')}\n`;
}

/** Names and values, one a line, the values aligned; what is absent is left out. */
export function record(
  entries: readonly (readonly [name: string, value: string | number | null | undefined])[],
): string {
  const given = entries.filter(([, value]) => value !== null && value !== undefined && value !== '');
  const longest = Math.max(0, ...given.map(([name]) => width(name)));
  return given.map(([name, value]) => `${name}${' '.repeat(longest - width(name) + 2)}${value}\n`).join('');
}

/** Lines under a heading, each behind two spaces. */
export function section(heading: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n${heading}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Characters as a person counts them, so that `é` in two code points takes one place. */
function width(text: string): number {
  let places = 0;
  for (const _ of graphemes.segment(text)) places++;
  return places;
}
