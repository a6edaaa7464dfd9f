import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const probe = spawnSync('pdfinfo', ['-v']);

/** Why no other program can read a PDF here; null when one can. */
export const readerMissing = probe.error === undefined ? null : 'pdfinfo (Debian: poppler-utils) is not there';

/** What an independent reader, poppler, finds in a PDF. */
export interface ReadPdf {
  /** `Title`, `Pages`, `Tagged`, …: what the document says of itself. */
  readonly facts: Readonly<Record<string, string>>;
  /** The structure as an indented outline, with the text of its parts between quotes. */
  readonly structure: string;
  /** One line a font: name, type, encoding, embedded, subset, Unicode. */
  readonly fonts: readonly string[];
  /** Enclosed files by name. */
  readonly enclosed: Readonly<Record<string, string>>;
  /** What the reader complained about. */
  readonly complaints: string;
}

/** Reads a PDF by poppler's programs. */
export function readPdf(bytes: Uint8Array, names: readonly string[] = []): ReadPdf {
  const folder = mkdtempSync(join(tmpdir(), 'hansa-pdf-'));
  const file = join(folder, 'read.pdf');
  let complaints = '';
  const told = (program: string, ...args: readonly string[]): string => {
    const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
    complaints += stderr;
    return stdout;
  };
  try {
    writeFileSync(file, bytes);
    const pairs = told('pdfinfo', file).matchAll(/^([\w ]+):[ \t]*(.*)$/gm);
    const enclosed = names.map((name, i) => {
      told('pdfdetach', '-save', String(i + 1), '-o', join(folder, name), file);
      return [name, readFileSync(join(folder, name), 'utf8')] as const;
    });
    return {
      facts: Object.fromEntries([...pairs].map(([, key = '', value = '']) => [key, value])),
      structure: told('pdfinfo', '-struct-text', file),
      fonts: told('pdffonts', file).trim().split('\n').slice(2),
      enclosed: Object.fromEntries(enclosed),
      complaints,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The text of a structure in the order in which it is read, without the marks of lists and what is drawn in figures. */
export function textOfStructure(structure: string): string {
  let figure = Number.POSITIVE_INFINITY;
  const texts = structure.split('\n').flatMap((line) => {
    const depth = line.search(/\S/);
    if (depth <= figure) figure = /^\s*Figure\b/.test(line) ? depth : Number.POSITIVE_INFINITY;
    const [, text] = /^\s*"(.*)"$/.exec(line) ?? [];
    return text === undefined || depth > figure || /^(?:\d+\.|•)$/.test(text) ? [] : [text];
  });
  return texts
    .join(' ')
    .replace(/[\s\u00A0]+/g, ' ')
    .trim();
}
