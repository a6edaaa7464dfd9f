import { extentOf, inkWidth, type Line, linesOf } from './lines.js';
import { type Element, find, hasClass, type Markup } from './markup.js';
import { type Box, heightOf, type Pages, type Part } from './pages.js';
import { type Run, runsOf } from './runs.js';
import { bodyStyle, colours, type Style, sheet, sizes } from './theme.js';

const gap = 8;
const padding = 3;
/** A word that is wider, as a digest, may be cut. */
const widestWord = 120;

interface Cell {
  readonly runs: readonly Run[];
  readonly isHead: boolean;
  readonly isNumber: boolean;
}

type Row = readonly Cell[];

/** A table with its heads as such. On a further sheet the heads are drawn again, for the eye alone. */
export function drawTable(table: Element, box: Box, pages: Pages, parent: Part): void {
  const size =
    [sizes.small, 7.5, 6.5, 5.5].find((points) => leastWidth(rowsOf(table, points), pages) <= box.width) ?? 5;
  const rows = rowsOf(table, size);
  const widths = columnWidths(rows, box.width, pages);
  const laid = rows.map((row) => row.map((cell, i) => linesOf(cell.runs, widths[i] ?? 0, pages.face)));
  const isInHead = (row: Row): boolean => row.every(({ isHead }) => isHead) && row === rows[0];
  const [head] = laid;
  const part = pages.part('Table', parent);
  drawCaption(table, box, pages, part, heightOfRow(head ?? []) + heightOfRow(laid[1] ?? []));
  const groups = { head: pages.part('THead', part), body: pages.part('TBody', part) };
  const drawing = { box, widths, pages };
  for (const [i, row] of rows.entries()) {
    const lines = laid[i] ?? [];
    const isFirst = isInHead(row);
    const isNewPage = pages.ensure(heightOfRow(lines) + (isFirst ? heightOfRow(laid[1] ?? []) : 0));
    if (isNewPage && !isFirst && head && rows[0]) drawRow(rows[0], head, null, drawing);
    drawRow(row, lines, pages.part('TR', isFirst ? groups.head : groups.body), drawing);
  }
  pages.space(10);
}

function rowsOf(table: Element, size: number): readonly Row[] {
  const style: Style = { ...bodyStyle, size };
  return descendants(table, 'tr').map((row) =>
    row.children.flatMap((cell): readonly Cell[] => {
      if (typeof cell === 'string') return [];
      const isHead = cell.name === 'th';
      const own: Style = isHead ? { ...style, face: 'bold' } : style;
      return [{ runs: runsOf(cell.children, own, true), isHead, isNumber: hasClass(cell, 'number') }];
    }),
  );
}

function descendants(markup: Markup, name: string): readonly Element[] {
  if (typeof markup === 'string') return [];
  return markup.name === name ? [markup] : markup.children.flatMap((child) => descendants(child, name));
}

function drawCaption(table: Element, box: Box, pages: Pages, parent: Part, below: number): void {
  const caption = find(table, 'caption');
  if (caption === undefined) return;
  const style = { ...bodyStyle, size: sizes.small, colour: colours.quiet };
  const lines = linesOf(runsOf(caption.children, style), box.width, pages.face);
  pages.ensure(heightOfLines(lines) + below + 8);
  const part = pages.part('Caption', parent);
  for (const line of lines) {
    pages.line(line, part, { x: box.x, y: pages.y });
    pages.y += heightOf(line);
  }
  pages.y += 2;
}

function extents(rows: readonly Row[], pages: Pages) {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: columns }, (_, i) => {
    const cells = rows.flatMap((row) => (row[i] ? [extentOf(row[i].runs, pages.face)] : []));
    const most = Math.max(1, ...cells.map((cell) => cell.most));
    return { least: Math.min(widestWord, Math.max(1, ...cells.map((cell) => cell.least))), most };
  });
}

function leastWidth(rows: readonly Row[], pages: Pages): number {
  return extents(rows, pages).reduce((sum, { least }) => sum + least + gap, -gap);
}

/** Each column gets what its widest word needs; the rest goes to those whose text would have to be broken. */
function columnWidths(rows: readonly Row[], width: number, pages: Pages): readonly number[] {
  const columns = extents(rows, pages);
  const free = width - gap * (columns.length - 1) - columns.reduce((sum, { least }) => sum + least, 0);
  if (free <= 0) {
    const all = columns.reduce((sum, { least }) => sum + least, 0);
    return columns.map(({ least }) => ((width - gap * (columns.length - 1)) * least) / all);
  }
  const wanted = columns.reduce((sum, { least, most }) => sum + Math.max(0, most - least), 0);
  const share = wanted === 0 ? 0 : Math.min(1, free / wanted);
  const spread = (free - wanted * share) / columns.length;
  return columns.map(({ least, most }) => least + Math.max(0, most - least) * share + spread);
}

function heightOfLines(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + heightOf(line), 0);
}

function heightOfRow(cells: readonly (readonly Line[])[]): number {
  return Math.max(0, ...cells.map(heightOfLines)) + 2 * padding;
}

interface Drawing {
  readonly box: Box;
  readonly widths: readonly number[];
  readonly pages: Pages;
}

/** Without a part the row is drawn for the eye alone. */
function drawRow(row: Row, lines: readonly (readonly Line[])[], part: Part | null, drawing: Drawing): void {
  if (part === null) drawing.pages.decorate(() => drawCells(row, lines, null, drawing), 'Pagination');
  else drawCells(row, lines, part, drawing);
  const { pages, box } = drawing;
  const isHeads = row.every(({ isHead }) => isHead);
  pages.y = Math.min(pages.y + heightOfRow(lines), sheet.height - sheet.bottom);
  pages.rule(box.x, box.width, isHeads ? colours.edge : colours.line, isHeads ? 1 : 0.5);
}

function drawCells(
  row: Row,
  lines: readonly (readonly Line[])[],
  part: Part | null,
  { box, widths, pages }: Drawing,
): void {
  const isHeads = row.every(({ isHead }) => isHead);
  let { x } = box;
  for (const [i, { isHead, isNumber }] of row.entries()) {
    const width = widths[i] ?? 0;
    const scope = isHeads ? 'Column' : 'Row';
    const cell = part && (isHead ? pages.part('TH', part, { scope }) : pages.part('TD', part));
    let y = pages.y + padding;
    for (const line of lines[i] ?? []) {
      pages.line(line, cell, { x: isNumber ? x + width - inkWidth(line) : x, y });
      y += heightOf(line);
    }
    x += width + gap;
  }
}
