import type { Outline } from 'pdfkit';
import { drawChart } from './chart.js';
import { linesOf } from './lines.js';
import { type Element, find, hasClass, type Markup, textOf } from './markup.js';
import { type Box, heightOf, type Pages, type Part } from './pages.js';
import { isInline, type Run, runsOf } from './runs.js';
import { drawTable } from './tables.js';
import { bodyStyle, colours, lineHeight, type Style, sheet, sizes, toneOf } from './theme.js';

/** Where the flow of a document stands. */
interface Place {
  readonly box: Box;
  readonly part: Part;
  /** The colour that classes around have given. */
  readonly tone: string | null;
}

/** Sets a document block by block. What it has no rule for is set as what stands in it. */
export class Flow {
  readonly #bookmarks: { readonly level: number; readonly item: Outline }[] = [];

  constructor(private readonly pages: Pages) {}

  run(children: readonly Markup[], place: Place): void {
    let text: Markup[] = [];
    const close = () => {
      if (text.some((one) => textOf(one) !== '')) this.#text(text, bodyStyle, place, 'P');
      text = [];
    };
    for (const child of children) {
      if (typeof child === 'string' || isInline(child)) text.push(child);
      else {
        close();
        this.#block(child, place);
      }
    }
    close();
  }

  #block(element: Element, place: Place): void {
    const { pages } = this;
    const tone = element.classes.map((name) => toneOf[name]).find((one) => one !== undefined) ?? place.tone;
    const inside = { ...place, tone };
    switch (element.name) {
      case 'h1':
      case 'h2':
      case 'h3':
        this.#heading(element, place);
        break;
      case 'p':
        this.#paragraph(element, inside);
        break;
      case 'ul':
      case 'ol':
        this.#list(element, inside);
        break;
      case 'dl':
        this.#facts(element, inside);
        break;
      case 'pre':
        this.#snippet(element, inside);
        break;
      case 'table':
        drawTable(element, place.box, pages, place.part);
        break;
      case 'svg':
        drawChart(element, place.box, pages, place.part);
        break;
      case 'summary':
        if (find(element, 'h3')) this.run(element.children, inside);
        else this.#text(element.children, { ...bodyStyle, face: 'bold' }, inside, 'P');
        break;
      case 'section':
        this.run(element.children, { ...inside, part: pages.part('Sect', place.part) });
        break;
      case 'nav':
      case 'figure':
      case 'details':
        this.run(element.children, { ...inside, part: pages.part('Div', place.part) });
        break;
      case 'div':
        this.#division(element, inside);
        break;
      default:
        this.run(element.children, inside);
        break;
    }
  }

  #division(element: Element, place: Place): void {
    const { pages } = this;
    if (!hasClass(element, 'verdict')) {
      this.run(element.children, place);
      return;
    }
    pages.rule(place.box.x, place.box.width, place.tone ?? colours.none, 3);
    pages.y += 10;
    this.run(element.children, { ...place, part: pages.part('Div', place.part) });
    pages.rule(place.box.x, place.box.width, colours.line);
  }

  #heading(element: Element, { box, part }: Place): void {
    const { pages } = this;
    const level = Number(element.name.slice(1));
    const size = { h1: sizes.h1, h2: sizes.h2, h3: sizes.h3 }[element.name] ?? sizes.h3;
    const lines = linesOf(runsOf(element.children, { ...bodyStyle, face: 'bold', size }), box.width, pages.face);
    pages.space(level === 2 ? 16 : 8);
    // A heading stays with the beginning of what it is about.
    pages.ensure(lines.length * size * lineHeight + (level === 2 ? 90 : 60));
    const { id } = element.attributes;
    if (id !== undefined) pages.doc.addNamedDestination(id, 'XYZ', null, pages.y, null);
    this.#bookmark(level, textOf(element));
    const heading = pages.part(`H${level}`, part);
    for (const line of lines) {
      pages.line(line, heading, { x: box.x, y: pages.y });
      pages.y += heightOf(line);
    }
    pages.y += level === 1 ? 8 : 4;
  }

  #bookmark(level: number, title: string): void {
    while ((this.#bookmarks.at(-1)?.level ?? 0) >= level) this.#bookmarks.pop();
    const above = this.#bookmarks.at(-1)?.item ?? this.pages.doc.outline;
    this.#bookmarks.push({ level, item: above.addItem(title, { top: this.pages.y, left: sheet.width }) });
  }

  #paragraph(element: Element, place: Place): void {
    const { pages } = this;
    const style = paragraphStyle(element, place.tone);
    if (!hasClass(element, 'callout')) {
      this.#text(element.children, style, place, 'P');
      return;
    }
    const box = { x: place.box.x + 10, width: place.box.width - 20 };
    const height = this.#height(runsOf(element.children, style), box) + 12;
    pages.ensure(height);
    pages.ground(place.box, pages.y, height, colours.accentSoft);
    pages.y += 6;
    this.#text(element.children, style, { ...place, box }, 'P');
    pages.y += 4;
  }

  #height(runs: readonly Run[], box: Box): number {
    return linesOf(runs, box.width, this.pages.face).reduce((sum, line) => sum + heightOf(line), 0);
  }

  #text(children: readonly Markup[], style: Style, { box, part }: Place, type: string): void {
    this.#lines(runsOf(children, style), box, this.pages.part(type, part));
    this.pages.space(5);
  }

  #lines(runs: readonly Run[], box: Box, part: Part): void {
    const { pages } = this;
    for (const line of linesOf(runs, box.width, pages.face)) {
      pages.ensure(heightOf(line));
      pages.line(line, part, { x: box.x, y: pages.y });
      pages.y += heightOf(line);
    }
  }

  #list(element: Element, place: Place): void {
    const { pages } = this;
    const list = pages.part('L', place.part);
    const items = element.children.filter((child) => typeof child !== 'string');
    for (const [i, item] of items.entries()) {
      const tone = item.classes.map((name) => toneOf[name]).find((one) => one !== undefined);
      const label = element.name === 'ol' ? `${i + 1}.` : '•';
      const box = { x: place.box.x + 14, width: place.box.width - 14 };
      const words = runsOf(item.children.filter(isInline), bodyStyle);
      pages.ensure(Math.min(this.#height(words, box), 200));
      const part = pages.part('LI', list);
      const colour = tone ?? colours.ink;
      const mark = { text: label, style: { ...bodyStyle, colour, face: 'bold' as const }, link: null, width: 0 };
      pages.line([mark], pages.part('Lbl', part), { x: place.box.x + 1, y: pages.y });
      this.run(spaced(item.children), { box, part: pages.part('LBody', part), tone: tone ?? place.tone });
    }
    pages.space(3);
  }

  #facts(element: Element, place: Place): void {
    const { pages } = this;
    const list = pages.part('L', place.part);
    const names = { x: place.box.x, width: 140 };
    const values = { x: place.box.x + 152, width: place.box.width - 152 };
    for (const pair of element.children) {
      if (typeof pair === 'string') continue;
      const name = runsOf(find(pair, 'dt')?.children ?? [], { ...bodyStyle, colour: colours.quiet });
      const value = runsOf(find(pair, 'dd')?.children ?? [], bodyStyle);
      pages.ensure(Math.min(Math.max(this.#height(name, names), this.#height(value, values)) + 6, 300));
      const item = pages.part('LI', list);
      const { y } = pages;
      this.#lines(name, names, pages.part('Lbl', item));
      const below = pages.y;
      pages.y = y;
      this.#lines(value, values, pages.part('LBody', item));
      pages.y = Math.max(pages.y, below) + 2;
      pages.rule(place.box.x, place.box.width, colours.line);
      pages.y += 3;
    }
    pages.space(5);
  }

  #snippet(element: Element, { box, part }: Place): void {
    const { pages } = this;
    const code = pages.part('P', part);
    const inner = { x: box.x + 8, width: box.width - 16 };
    for (const text of rawText(element).split('\n')) {
      const run: Run = { text, style: { ...bodyStyle, size: sizes.small }, link: null, isBelow: false };
      for (const line of linesOf([run], inner.width, pages.face)) {
        pages.ensure(heightOf(line));
        pages.ground(box, pages.y, heightOf(line) + 0.3);
        pages.line(line, code, { x: inner.x, y: pages.y });
        pages.y += heightOf(line);
      }
    }
    pages.space(8);
  }
}

function rawText(markup: Markup): string {
  return typeof markup === 'string' ? markup : markup.children.map(rawText).join('');
}

/** Parts of an item that a style sheet sets apart get a blank between them. */
function spaced(children: readonly Markup[]): readonly Markup[] {
  return children.flatMap((child, i) =>
    i > 0 && typeof child !== 'string' && isInline(child) ? [' ', child] : [child],
  );
}

function paragraphStyle(element: Element, tone: string | null): Style {
  if (hasClass(element, 'verdict-words')) return { face: 'bold', size: sizes.words, colour: tone ?? colours.ink };
  if (hasClass(element, 'kicker')) return { face: 'bold', size: sizes.body, colour: colours.accent };
  if (hasClass(element, 'lead')) return { ...bodyStyle, size: sizes.lead };
  if (hasClass(element, 'quiet') || hasClass(element, 'reading'))
    return { ...bodyStyle, size: sizes.small, colour: colours.quiet };
  return bodyStyle;
}
