export { type Attachment, type PdfSource, pdfOfHtml } from './pdf-of-html.js';
