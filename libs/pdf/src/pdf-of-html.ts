import { Buffer } from 'node:buffer';
import type { PDFDocument } from 'pdfkit';
import { Flow } from './flow.js';
import { type Element, find, hasClass, type Markup, parseMarkup, textOf } from './markup.js';
import { describe } from './metadata.js';
import { Pages } from './pages.js';
import { colours, type Style, sheet, sizes } from './theme.js';

/** A file inside of a PDF. */
export interface Attachment {
  readonly name: string;
  /** Its media type. */
  readonly type: string;
  readonly description: string;
  readonly content: Uint8Array;
}

/** What becomes a PDF. */
export interface PdfSource {
  /** A whole document in HTML, as our own templates write it. */
  readonly markup: string;
  /** When the document was made. Null: it says nothing about that. */
  readonly date: Date | null;
  /** What made it, with its version. */
  readonly producer: string;
  /** Stands at the foot of each page, beside its number. */
  readonly foot: string;
  readonly attachments: readonly Attachment[];
}

/**
 * The same document for paper and archive: A4, tagged for readers who listen (PDF/UA-1), with everything inside that it
 * needs (PDF/A-3a), bookmarks, and the given files attached. The same input
 * gives the same bytes.
 *
 * @example
 * await pdfOfHtml({ markup, date: null, producer: 'hansa 0.1.0', foot: 'Page of report 7', attachments: [] });
 */
export async function pdfOfHtml(source: PdfSource): Promise<Uint8Array> {
  // Loaded when it is needed: a node that nobody asks for a PDF should not wait for it.
  const { PDFDocument: Pdf } = await import('pdfkit');
  const { Typeface } = await import('./typeface.js');
  const root = parseMarkup(source.markup.replace(/<style>[^<]*<\/style>/g, ''));
  const [html, body] = [find(root, 'html'), find(root, 'body')];
  if (!html || !body) throw new Error('a document with a body is needed');
  const title = textOf(find(html, 'title') ?? '');
  const doc = new Pdf(settings(title, html.attributes.lang ?? 'en', source));
  const bytes = collected(doc);
  describe(doc, title, source.date);
  const pages = new Pages(doc, new Typeface(doc));
  doc.addPage();
  const element = doc.struct('Document');
  doc.addStructure(element);
  const box = { x: sheet.left, width: sheet.width - sheet.left - sheet.right };
  new Flow(pages).run(readable(body), { box, part: { type: 'Document', element }, tone: null });
  element.end();
  numberPages(pages, source.foot);
  for (const { content, ...file } of source.attachments)
    doc.file(content, { ...file, relationship: 'Data', ...(source.date && { modifiedDate: source.date }) });
  doc.end();
  return bytes;
}

function settings(title: string, lang: string, { date, producer }: PdfSource): Readonly<Record<string, unknown>> {
  return {
    pdfVersion: '1.7',
    subset: 'PDF/A-3a',
    tagged: true,
    displayTitle: true,
    lang,
    font: null,
    autoFirstPage: false,
    bufferPages: true,
    size: [sheet.width, sheet.height],
    margins: { top: 0, bottom: 0, left: 0, right: 0 },
    info: { Title: title, Producer: producer, Creator: producer, CreationDate: date ?? new Date(0) },
  };
}

/** A link over what comes first is for keyboards. */
function readable(body: Element): readonly Markup[] {
  return body.children.filter((child) => typeof child === 'string' || !hasClass(child, 'skip-link'));
}

function numberPages(pages: Pages, foot: string): void {
  const { doc, face } = pages;
  const style: Style = { face: 'regular', size: sizes.tiny, colour: colours.quiet };
  const { start, count } = doc.bufferedPageRange();
  const y = sheet.height - 32;
  for (let i = 0; i < count; i++) {
    doc.switchToPage(start + i);
    const number = `Page ${i + 1} of ${count}`;
    pages.decorate(() => {
      pages.write(face.shown(foot), style, sheet.left, y);
      pages.write(number, style, sheet.width - sheet.right - face.width(number, style), y);
    }, 'Pagination');
  }
}

function collected(doc: PDFDocument): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    doc.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    doc.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
    doc.on('error', reject);
  });
}
