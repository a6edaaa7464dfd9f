// Holds PDFs of reports, made by this build, against PDF/A-3a and PDF/UA-1, with veraPDF.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireJava, Unavailable } from '../../support/maven.mjs';
import { writeSampleReports } from './sample-reports.mjs';
import { findChecker } from './vera-jars.mjs';

/** As veraPDF calls them. */
const profiles = ['3a', 'ua1'];
/** Milliseconds for all files together. */
const limit = 120_000;

/**
 * Looks for veraPDF, before anything is built for it.
 *
 * @param {{ jars?: string, version?: string }} options
 * @param {(text: string) => void} say progress
 * @returns {ReturnType<typeof findChecker> | { missing: string }}
 */
export function prepare(options, say) {
  try {
    requireJava();
    return findChecker(options, say);
  } catch (error) {
    if (error instanceof Unavailable) return { missing: error.message };
    throw error;
  }
}

/**
 * @param {ReturnType<typeof findChecker>} checker
 * @param {(text: string) => void} say progress
 */
export function run({ version, classPath, main }, say) {
  say(`veraPDF ${version}`);
  const folder = mkdtempSync(join(tmpdir(), 'hansa-pdf-'));
  try {
    const files = writeSampleReports(folder);
    say(`${files.length} reports written`);
    const parameters = ['-cp', classPath, main, profiles.join(','), ...files];
    const { stdout, stderr } = spawnSync('java', parameters, { cwd: folder, encoding: 'utf8', timeout: limit });
    const lines = stdout.split('\n').filter((line) => line !== '');
    const expected = files.flatMap((file) => profiles.map((profile) => `${file} ${profile}`));
    const failures = expected.flatMap((id) => failureOf(id, lines, stderr));
    for (const line of lines) say(line);
    return { passed: expected.length - failures.length, failed: failures.length, failures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The rules that a file breaks; one that was not looked at has failed. */
function failureOf(id, lines, stderr) {
  if (lines.some((line) => line.startsWith(`SUCCESSFUL: ${id} (`))) return [];
  const at = lines.indexOf(`FAILED: ${id}`);
  if (at < 0) return [{ id, lines: ['was not checked', ...stderr.split('\n').slice(-15)] }];
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => !line.startsWith(' '));
  return [{ id, lines: rest.slice(0, end < 0 ? rest.length : end).map((line) => line.trim()) }];
}
