/** The parts of the untyped packages pdfkit and fontkit that this library uses. */
declare module 'pdfkit' {
  import type { Readable } from 'node:stream';

  /** What stands between two marks on a page. */
  export interface MarkedContent {
    readonly refs: readonly object[];
  }

  export interface StructureElement {
    add(child: StructureElement | MarkedContent): this;
    end(): void;
  }

  export interface StructureOptions {
    readonly alt?: string;
    /** What is meant where something else is drawn. */
    readonly actual?: string;
    readonly scope?: 'Row' | 'Column';
    /** Left, top, right, bottom, in points from the upper left corner. */
    readonly bbox?: readonly [number, number, number, number];
    readonly placement?: 'Block';
  }

  export interface TextOptions {
    readonly lineBreak: false;
    readonly baseline: 'alphabetic';
  }

  export interface LinkOptions {
    readonly structParent: StructureElement;
    /** What the link is called. */
    readonly Contents: object;
  }

  export interface Outline {
    addItem(title: string, options?: { readonly top?: number; readonly left?: number }): Outline;
  }

  export class PDFDocument extends Readable {
    constructor(options: Readonly<Record<string, unknown>>);
    readonly info: Record<string, unknown>;
    readonly outline: Outline;
    readonly page: { readonly width: number; readonly height: number };
    appendXML(xml: string, newline?: boolean): void;
    addPage(): this;
    bufferedPageRange(): { readonly start: number; readonly count: number };
    switchToPage(index: number): unknown;
    registerFont(name: string, source: Uint8Array): this;
    font(name: string): this;
    fontSize(points: number): this;
    widthOfString(text: string): number;
    fillColor(colour: string): this;
    strokeColor(colour: string): this;
    lineWidth(points: number): this;
    dash(length: number, options: { readonly space: number }): this;
    undash(): this;
    text(text: string, x: number, y: number, options: TextOptions): this;
    rect(x: number, y: number, width: number, height: number): this;
    circle(x: number, y: number, radius: number): this;
    moveTo(x: number, y: number): this;
    lineTo(x: number, y: number): this;
    path(data: string): this;
    fill(colour?: string): this;
    stroke(colour?: string): this;
    fillAndStroke(fill: string, stroke: string): this;
    save(): this;
    restore(): this;
    translate(x: number, y: number): this;
    scale(factor: number): this;
    struct(type: string, options?: StructureOptions): StructureElement;
    addStructure(element: StructureElement): this;
    markStructureContent(type: string): MarkedContent;
    markContent(type: string, options: Readonly<Record<string, unknown>>): this;
    endMarkedContent(): this;
    addNamedDestination(name: string, kind: 'XYZ', left: null, top: number, zoom: null): void;
    link(x: number, y: number, width: number, height: number, address: string, options: LinkOptions): this;
    goTo(x: number, y: number, width: number, height: number, name: string, options: LinkOptions): this;
    file(
      content: Uint8Array,
      options: {
        readonly name: string;
        readonly type: string;
        readonly description: string;
        readonly relationship: string;
        readonly modifiedDate?: Date;
      },
    ): object;
    end(): void;
  }
}

declare module 'fontkit' {
  export interface Font {
    hasGlyphForCodePoint(codePoint: number): boolean;
  }
  export function create(bytes: Uint8Array): Font;
}
