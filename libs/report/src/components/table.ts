import { type Html, type HtmlValue, html } from '../html.js';

export interface Column<T> {
  readonly head: HtmlValue;
  readonly cell: (row: T) => HtmlValue;
  /** Numbers stand at the right. */
  readonly isNumber?: boolean;
  /** Only where readers may sort: how the table is sorted by this column. */
  readonly sorted?: 'ascending' | 'descending' | 'none';
}

/** A table that scrolls by itself where it is too wide. The first column names the row. */
export function table<T>(caption: string, columns: readonly Column<T>[], rows: readonly T[]): Html {
  const kind = ({ isNumber = false }: Column<T>): string => (isNumber ? 'number' : 'text');
  const heads = columns.map((column) =>
    column.sorted === undefined
      ? html`<th scope="col" class="${kind(column)}">${column.head}</th>`
      : html`<th scope="col" class="${kind(column)}" aria-sort="${column.sorted}">${column.head}</th>`,
  );
  const cells = (row: T): readonly Html[] =>
    columns.map((column, i) =>
      i === 0
        ? html`<th scope="row" class="${kind(column)}">${column.cell(row)}</th>`
        : html`<td class="${kind(column)}">${column.cell(row)}</td>`,
    );
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
<table>
<caption>${caption}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${cells(row)}</tr>\n`)}</tbody>
</table>
</div>`;
}
