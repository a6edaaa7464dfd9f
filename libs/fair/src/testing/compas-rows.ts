import { existsSync, readFileSync } from 'node:fs';

/** Where the COMPAS file lies, as seen from the project; it is no part of it. */
export const compasFile = '../shared/data/compas/compas-scores-two-years.csv';

/** Whether it is there. */
export const compasPresent = existsSync(compasFile);

/** Columns of the COMPAS file by name. Enough CSV for this file: one record a line, cells with commas in quotes. */
export function compasColumn(name: string): readonly string[] {
  const [header = [], ...rows] = readFileSync(compasFile, 'utf8').trimEnd().split('\n').map(cells);
  const at = header.indexOf(name);
  return rows.map((row) => row[at] ?? '');
}

/** A column in dictionary form. */
export function coded(attribute: string, values: readonly string[]) {
  const levels = [...new Set(values)];
  return { attribute, levels, codes: Uint16Array.from(values, (value) => levels.indexOf(value)) };
}

function cells(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}
