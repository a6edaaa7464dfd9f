import { type ChartStyle, chartStyle } from './chart-styles.js';
import { type Element, find, type Markup, textOf } from './markup.js';
import { type Box, type Pages, type Part } from './pages.js';
import { sheet } from './theme.js';

/** Points to a pixel; a chart that would not fit a sheet is drawn smaller. */
const usual = 0.62;

interface Frame {
  readonly pages: Pages;
  readonly x: number;
  readonly y: number;
  /** What 100 % across is, in points. */
  readonly width: number;
  readonly scale: number;
  /** Classes of the groups around. */
  readonly rows: readonly string[];
}

/** A drawing, with its title and description for those who do not see it. */
export function drawChart(svg: Element, box: Box, pages: Pages, parent: Part): void {
  const pixels = Number(svg.attributes.height ?? 0);
  const room = sheet.height - sheet.top - sheet.bottom - 40;
  const scale = Math.min(usual, room / pixels);
  const height = pixels * scale;
  pages.ensure(height);
  const [x, y] = [box.x + 6, pages.y];
  const words = ['title', 'desc'].flatMap((name) => find(svg, name) ?? []).map(textOf);
  const figure = pages.part('Figure', parent, {
    alt: words.join('. '),
    bbox: [box.x, y, box.x + box.width, y + height],
    placement: 'Block',
  });
  pages.mark(figure, () => drawAll(svg.children, { pages, x, y, width: box.width - 12, scale, rows: [] }));
  pages.y += height + 6;
}

function drawAll(children: readonly Markup[], frame: Frame): void {
  for (const child of children) if (typeof child !== 'string') draw(child, frame);
}

function draw(element: Element, frame: Frame): void {
  const { doc } = frame.pages;
  const style = chartStyle(element, frame.rows);
  const across = (name: string) => frame.x + lengthOf(element, name, frame.width, frame.scale);
  const down = (name: string) => frame.y + lengthOf(element, name, 0, frame.scale);
  switch (element.name) {
    case 'g':
      drawAll(element.children, { ...frame, rows: [...frame.rows, ...element.classes] });
      break;
    case 'svg':
      drawAll(element.children, { ...frame, x: across('x'), y: down('y') });
      break;
    case 'rect': {
      const size = [lengthOf(element, 'width', frame.width, frame.scale), lengthOf(element, 'height', 0, frame.scale)];
      doc.rect(across('x'), down('y'), size[0] ?? 0, size[1] ?? 0).fill(style.fill ?? undefined);
      break;
    }
    case 'line':
      stroke(frame, style, () => doc.moveTo(across('x1'), down('y1')).lineTo(across('x2'), down('y2')));
      break;
    case 'circle':
      fill(frame, style, () => doc.circle(across('cx'), down('cy'), lengthOf(element, 'r', 0, frame.scale)));
      break;
    case 'path': {
      doc.save().translate(frame.x, frame.y).scale(frame.scale);
      fill({ ...frame, scale: 1 }, style, () => doc.path(element.attributes.d ?? ''));
      doc.restore();
      break;
    }
    case 'text':
      drawText(element, frame, style);
      break;
    default:
      break;
  }
}

/** `12.5%` of the width, or pixels. */
function lengthOf({ attributes }: Element, name: string, width: number, scale: number): number {
  const text = attributes[name] ?? '0';
  const number = Number.parseFloat(text);
  return text.endsWith('%') ? (number / 100) * width : number * scale;
}

function stroke({ pages: { doc }, scale }: Frame, { stroke: colour, width, dash }: ChartStyle, path: () => void): void {
  if (colour === null) return;
  doc.lineWidth(width * scale).strokeColor(colour);
  if (dash) doc.dash(dash[0] * scale, { space: dash[1] * scale });
  path();
  doc.stroke();
  if (dash) doc.undash();
}

function fill({ pages: { doc }, scale }: Frame, style: ChartStyle, path: () => void): void {
  doc.lineWidth(style.width * scale);
  path();
  if (style.fill !== null && style.stroke !== null) doc.fillAndStroke(style.fill, style.stroke);
  else if (style.fill !== null) doc.fill(style.fill);
}

function drawText(element: Element, frame: Frame, style: ChartStyle): void {
  const { pages, scale } = frame;
  const pieces = element.children.map((child) => {
    const look = typeof child === 'string' ? style : chartStyle(child, frame.rows, style);
    const words = typeof child === 'string' ? child.replace(/\s+/g, ' ') : rawText(child);
    const letters = {
      face: look.isBold ? ('bold' as const) : ('regular' as const),
      size: look.size * scale,
      colour: look.fill ?? '',
    };
    const text = pages.face.shown(words);
    return { text, letters, width: pages.face.width(text, letters) };
  });
  const width = pieces.reduce((sum, piece) => sum + piece.width, 0);
  const share = { start: 0, middle: 0.5, end: 1 }[element.attributes['text-anchor'] ?? 'start'] ?? 0;
  let x = frame.x + lengthOf(element, 'x', frame.width, scale) - width * share;
  const y = frame.y + lengthOf(element, 'y', 0, scale);
  for (const { text, letters, width: own } of pieces) {
    pages.write(text, letters, x, y);
    x += own;
  }
}

/** Blanks at the ends of a part of a line count. */
function rawText(markup: Markup): string {
  return typeof markup === 'string' ? markup.replace(/\s+/g, ' ') : markup.children.map(rawText).join('');
}
