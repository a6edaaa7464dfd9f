import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { must } from '@hansa/kernel';
import { writeCsv } from '../../../apps/cli/src/demo/data/csv.js';
import { loadStops, type StopRow } from '../../../apps/cli/src/demo/data/stops.js';

/** A table on disk, and what stands in it by a reading of our own. */
export interface TableFile {
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const muenster = resolve('../shared/data/muenster-bike-counts/100034978/2026-06.csv');

/**
 * Bicycles at Gartenstraße in Münster every 15 minutes of June 2026 (City of Münster, Datenlizenz Deutschland
 * Namensnennung 2.0); where that file is not present, a day of made-up counts in the same form.
 */
export async function bikeCounts(directory: string): Promise<TableFile> {
  const path = join(directory, 'bike-counts.csv');
  const text = existsSync(muenster) ? await readFile(muenster, 'utf8') : madeUpCounts();
  await writeFile(path, text);
  return { path, ...readPlainCsv(text) };
}

/** CSV without quoted fields. */
export function readPlainCsv(text: string): Pick<TableFile, 'columns' | 'rows'> {
  if (text.includes('"')) throw new Error('this reader knows no quotes');
  const [header = [], ...rows] = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => line.split(','));
  return { columns: header, rows };
}

function madeUpCounts(): string {
  const lines = Array.from({ length: 96 }, (_, i) => {
    const time = `2026-06-01 ${String(Math.floor(i / 4)).padStart(2, '0')}:${String((i % 4) * 15).padStart(2, '0')}`;
    return `${time},${i % 7},${i % 3},${(i % 7) - (i % 3)},0,0,0`;
  });
  return ['Datetime,1 (Straße),2 (in),3 (out),1-status,2-status,3-status', ...lines, ''].join('\n');
}

/** The stops of public transport in and around Berlin, as the demo offers them. */
export async function publicStops(
  directory: string,
): Promise<{ readonly path: string; readonly stops: readonly StopRow[] }> {
  const stops = must(loadStops());
  const path = join(directory, 'stops.csv');
  await writeFile(path, writeCsv(stops));
  return { path, stops };
}

/** A table whose CSV takes about this many bytes. */
export async function largeTable(directory: string, bytes: number): Promise<string> {
  const path = join(directory, 'large.csv');
  const line = (i: number) => `${i},${'x'.repeat(80)}${(i * 2654435761) % 1000003}\n`;
  const rows = Math.ceil(bytes / line(100_000).length);
  await writeFile(path, `id,text\n${Array.from({ length: rows }, (_, i) => line(i)).join('')}`);
  return path;
}
