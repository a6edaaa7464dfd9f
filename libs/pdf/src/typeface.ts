import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create } from 'fontkit';
import type { PDFDocument } from 'pdfkit';
import type { Style } from './theme.js';

/** Source Sans 3 (SIL Open Font License 1.1): Latin, Greek and Cyrillic letters, so every official language of the EU. */
const files = { regular: 'SourceSans3-Regular.ttf', bold: 'SourceSans3-Semibold.ttf' } as const;

/** Characters that nobody sees: they only tell a reader of plain text in which direction letters run. */
const unseen = /[\p{Cf}\p{Cc}]/gu;

/** Characters that the face is known to have. */
const plain = /^[ -~\u00A0-\u00AC\u00AE-\u017F]*$/;

/** The faces of a document: how wide their words are, and which characters they have. */
export class Typeface {
  readonly #widths = new Map<string, number>();
  readonly #has: (codePoint: number) => boolean;

  constructor(private readonly doc: PDFDocument) {
    const require = createRequire(import.meta.url);
    const bytes = (file: string) => readFileSync(require.resolve(`source-sans/TTF/${file}`));
    const regular = bytes(files.regular);
    doc.registerFont('regular', regular);
    doc.registerFont('bold', bytes(files.bold));
    const font = create(regular);
    this.#has = (codePoint) => font.hasGlyphForCodePoint(codePoint);
  }

  /** In points. */
  width(text: string, { face, size }: Style): number {
    const key = `${face}${text}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known * size;
    const width = this.doc.font(face).fontSize(1).widthOfString(text);
    this.#widths.set(key, width);
    return width * size;
  }

  /** The text as this face can show it: a white square stands for each character that it does not have. */
  shown(text: string): string {
    if (plain.test(text)) return text;
    return [...text.replace(unseen, '')]
      .map((character) => (this.#has(character.codePointAt(0) ?? 0) ? character : '\u25A1'))
      .join('');
  }

  /** The text in spans as they are shown; where that is not what is meant, with what is meant. */
  spans(text: string): readonly { readonly shown: string; readonly meant: string | null }[] {
    if (plain.test(text)) return [{ shown: text, meant: null }];
    const isMissing = (character: string) => !this.#has(character.codePointAt(0) ?? 0);
    const spans: { text: string; isMissing: boolean }[] = [];
    for (const character of text.replace(unseen, '')) {
      const missing = isMissing(character);
      const last = spans.at(-1);
      if (last?.isMissing === missing) last.text += character;
      else spans.push({ text: character, isMissing: missing });
    }
    return spans.map((span) => ({ shown: this.shown(span.text), meant: span.isMissing ? span.text : null }));
  }
}
