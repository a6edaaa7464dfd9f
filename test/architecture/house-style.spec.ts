import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

/** Everything that is, or would be, in the repository: also a new file counts. */
const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
if (listed.status !== 0) throw new Error(`git cannot list the files of the project: ${listed.stderr}`);
const binary = /\.(onnx|png|ico|woff2|parquet|arrow)$/;
const texts = listed.stdout
  .split('\0')
  .filter((file) => file !== '' && !binary.test(file))
  .flatMap((file) => {
    const text = read(file);
    return text === null ? [] : [{ file, text }];
  });
const code = texts.filter(({ file }) => /\.(ts|mjs|cjs|js)$/.test(file));
const product = code.filter(({ file }) => /^(apps|libs)\//.test(file));
const isTest = (file: string) => /\.(spec|fixtures)\.ts$|\/testing\//.test(file);

/** Null for a file that is listed but removed, and not yet committed. */
function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** `file:line: text` of every line that matches. */
function findings(files: readonly { readonly file: string; readonly text: string }[], pattern: RegExp) {
  return files.flatMap(({ file, text }) =>
    text.split('\n').flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
  );
}

describe('house style', () => {
  test('the project is found', () => {
    expect(product.length).toBeGreaterThan(300);
    expect(texts.map(({ file }) => file)).toContain('package-lock.json');
  });

  test('no file of the product is longer than 400 lines', () => {
    const long = product.filter(({ text }) => text.split('\n').length > 401).map(({ file }) => file);
    expect(long).toEqual([]);
  });

  test('types are not switched off', () => {
    const words = new RegExp(['\\bas an' + 'y\\b', '@ts-(ignore|no' + 'check|expect-error)'].join('|'));
    expect(findings(code, words)).toEqual([]);
  });

  test('nothing is left to do later', () => {
    const words = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`);
    expect(
      findings(
        texts.filter(({ file }) => file !== 'package-lock.json'),
        words,
      ),
    ).toEqual([]);
  });

  test('the environment is read where a program begins, and passed on from there', () => {
    const begin = /^(apps\/connector\/src\/main\.ts|apps\/cli\/src\/)/;
    const inside = product.filter(({ file }) => !isTest(file) && !begin.test(file));
    expect(findings(inside, /(?<!\* .*)process\.env\b/)).toEqual([]);
  });

  test('one guarded client makes the requests of a node', () => {
    const allowed = /^(libs\/platform\/src\/http\/|apps\/cli\/)/;
    const inside = product.filter(({ file }) => !isTest(file) && !allowed.test(file));
    const clients =
      /(?<![.\w#'"`(])(?:globalThis\.)?fetch\((?=[^)]*\b(url|http|new URL))|from '(undici|(node:)?https?2?|axios|got|node-fetch)'/;
    expect(findings(inside, clients)).toEqual([]);
  });

  test('no text names a machine or a registry', () => {
    const path = /(?<![\w.}$/-])\/(work|root|Users|home\/\w+)\//;
    const registry = /https?:\/\/[^\s"'`)]*\b(registry\.|artifactory|nexus|npmjs\.org)/;
    expect(findings(texts, path)).toEqual([]);
    expect(findings(texts, registry)).toEqual([]);
  });
});
