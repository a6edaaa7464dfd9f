import { existsSync, readFileSync } from 'node:fs';

const file = '../shared/data/compas/compas-scores-two-years.csv';

/** Whether the COMPAS file lies beside the project; it is not part of it. */
export const compasPresent = existsSync(file);

/** Columns of the COMPAS file by name. Enough CSV for this file: one record a line, cells with commas in quotes. */
export function compasColumn(name: string): readonly string[] {
  const [header = [], ...rows] = readFileSync(file, 'utf8').trimEnd().split('\n').map(cells);
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
