import type { PDFDocument, StructureElement, StructureOptions } from 'pdfkit';
import type { Line, Piece } from './lines.js';
import { inkWidth, widthOf } from './lines.js';
import { colours, lineHeight, type Style, sheet } from './theme.js';
import type { Typeface } from './typeface.js';

/** An element of the document's structure, as readers who listen get it. */
export interface Part {
  readonly type: string;
  readonly element: StructureElement;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A piece as it is drawn, and what is meant where the face cannot show it. */
interface Shown extends Piece {
  readonly meant: string | null;
}

/** Where something is put: from the left edge of the sheet, in points. */
export interface Box {
  readonly x: number;
  readonly width: number;
}

/** Sheets of paper that are filled from top to bottom. What is drawn belongs to a part of the document, or to none. */
export class Pages {
  /** How far the sheet is filled, from its upper edge. */
  y: number = sheet.top;

  constructor(
    readonly doc: PDFDocument,
    readonly face: Typeface,
  ) {}

  /** A part inside another. */
  part(type: string, parent: Part, options: StructureOptions = {}): Part {
    const element = this.doc.struct(type, options);
    parent.element.add(element);
    return { type, element };
  }

  /** Begins another sheet unless so much is left of this one. Says whether it did. */
  ensure(height: number): boolean {
    if (this.y + height <= sheet.height - sheet.bottom || this.y === sheet.top) return false;
    this.doc.addPage();
    this.y = sheet.top;
    return true;
  }

  /** Leaves room, but not at the top of a sheet. */
  space(height: number): void {
    if (this.y > sheet.top) this.y += height;
  }

  /** Draws what belongs to a part. */
  mark({ type, element }: Part, draw: () => void): void {
    const content = this.doc.markStructureContent(type);
    draw();
    this.doc.endMarkedContent();
    element.add(content);
  }

  /** Draws what only pleases the eye: lines, grounds, page numbers. */
  decorate(draw: () => void, kind: 'Layout' | 'Pagination' = 'Layout'): void {
    this.doc.markContent('Artifact', { type: kind });
    draw();
    this.doc.endMarkedContent();
  }

  rule(x: number, width: number, colour: string, thickness = 0.5): void {
    const { y } = this;
    this.decorate(() => this.doc.rect(x, y, width, thickness).fill(colour));
  }

  /** Draws a line of text at this height, and leaves the height as it is. Without a part it is for the eye alone. */
  line(line: Line, part: Part | null, { x, y }: Point): void {
    const baseline = y + heightOf(line) * 0.72;
    let from = x;
    for (const group of this.#groups(line)) {
      const at = from;
      const draw = () => this.#pieces(group, at, baseline);
      const [first] = group;
      if (part === null || first === undefined) draw();
      else if (first.link !== null) this.#link(first.link, group, part, { x: at, y }, draw);
      else if (first.meant !== null) this.mark(this.part('Span', part, { actual: first.meant }), draw);
      else this.mark(part, draw);
      from += widthOf(group);
    }
  }

  #link(address: string, group: readonly Shown[], part: Part, { x, y }: Point, draw: () => void): void {
    const link = this.part('Link', part);
    this.mark(link, draw);
    const size = [inkWidth(group), heightOf(group)] as const;
    const words = group.map(({ text, meant }) => meant ?? text).join('');
    const options = { structParent: link.element, Contents: new String(words.trim()) };
    if (address.startsWith('#')) this.doc.goTo(x, y, ...size, address.slice(1), options);
    else this.doc.link(x, y, ...size, address, options);
    // At once: the library takes the page of a link to be the page that is being drawn when its element ends.
    link.element.end();
  }

  #pieces(group: readonly Shown[], from: number, baseline: number): void {
    let x = from;
    for (const { text, style, width } of group) {
      this.write(text, style, x, baseline);
      x += width;
    }
  }

  /** What is drawn in one go: a link, a name that the face cannot show, or plain text. */
  #groups(line: Line): readonly (readonly Shown[])[] {
    const pieces = line.flatMap((piece) =>
      this.face
        .spans(piece.text)
        .map(
          ({ shown, meant }): Shown => ({ ...piece, text: shown, meant, width: this.face.width(shown, piece.style) }),
        ),
    );
    const groups: Shown[][] = [];
    for (const piece of pieces) {
      const last = groups.at(-1);
      const [first] = last ?? [];
      const isOne = first?.link === piece.link && (piece.link !== null || (first.meant ?? piece.meant) === null);
      if (last !== undefined && isOne) last.push(piece);
      else groups.push([piece]);
    }
    return groups;
  }

  /** Writes text on a baseline. */
  write(text: string, { face, size, colour }: Style, x: number, y: number): void {
    this.doc.font(face).fontSize(size).fillColor(colour);
    this.doc.text(text, x, y, { lineBreak: false, baseline: 'alphabetic' });
  }

  /** A coloured ground from one height to another, on this sheet. */
  ground({ x, width }: Box, from: number, height: number, colour: string = colours.code): void {
    this.decorate(() => this.doc.rect(x, from, width, height).fill(colour));
  }
}

export function heightOf(line: Line): number {
  return Math.max(...line.map(({ style }) => style.size), 1) * lineHeight;
}
