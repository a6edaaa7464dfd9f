import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commandLine } from './command-line.js';
import { painter } from './paint.js';
import { problemJson, problemText } from './problem.js';
import { record, section, table } from './table.js';
import { bytes, cell, count, jsonText, printable, printableData, shortened, time } from './text.js';

describe('a table', () => {
  const columns = [
    { head: 'NAME', of: (row: { name: string; rows: number | null }) => row.name },
    { head: 'ROWS', of: (row: { rows: number | null }) => row.rows, align: 'right' },
  ] as const;

  test('aligns its columns, numbers to the right, and ends no line with a space', () => {
    const rows = [
      { name: 'Stops', rows: 13_000 },
      { name: 'Münster', rows: 7 },
      { name: 'Service', rows: null },
    ];
    expect(table(columns, rows)).toBe('NAME      ROWS\nStops    13000\nMünster      7\nService\n');
  });

  test('counts a letter of two code points as one place', () => {
    const decomposed = 'Mu\u0308nster';
    expect(table(columns, [{ name: decomposed, rows: 1 }])).toBe(`NAME     ROWS\n${decomposed}     1\n`);
  });

  test('emphasizes its head only, without moving a column', () => {
    const [head, line] = table(columns, [{ name: 'a', rows: 1 }], painter(true).bold).split('\n');
    expect([head, line]).toEqual(['\u001b[1mNAME  ROWS\u001b[22m', 'a        1']);
  });

  test('of names and values leaves out what is absent', () => {
    const entries = [
      ['id', 'urn:x'],
      ['publisher', null],
      ['rows', 0],
    ] as const;
    expect(record(entries)).toBe('id    urn:x\nrows  0\n');
    expect(record([])).toBe('');
    expect(section('It says', [])).toBe('');
    expect(section('It says', ['a', 'b'])).toBe('\nIt says\n  a\n  b\n');
  });
});

describe('text for a screen', () => {
  test('holds nothing that a terminal obeys', () => {
    expect(printable('a\u001b[2J\u009b31m\u202eb\tc\r\nd')).toBe('a\ufffd[2J\ufffd31m\ufffdb c d');
    expect(printableData({ 'x\u0007': ['\u001b', 1, null] })).toEqual({ 'x\ufffd': ['\ufffd', 1, null] });
    expect(printableData({ 'x\u0007': 1, 'x\u0001': ['\u001b'] })).toEqual({ 'x\ufffd': ['\ufffd'] });
  });

  test('as JSON keeps its value and escapes what a terminal obeys', () => {
    let escaped = 0;
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '"', '\u001b', '\u009b', '\u2028', '\u202e', '🚉') }),
        (text) => {
          const written = jsonText({ text });
          expect(JSON.parse(written)).toEqual({ text });
          expect(printable(written.replaceAll('\n', ' '))).toBe(written.replaceAll('\n', ' '));
          if (/[\u009b\u202e]/.test(text)) escaped++;
        },
      ),
    );
    expect(escaped).toBeGreaterThan(10);
    expect(jsonText(undefined)).toBe('null\n');
  });

  test('says times, counts, sizes and cells in words', () => {
    expect([time('2026-11-23T04:05:06.789Z'), time('soon')]).toEqual(['2026-11-23 04:05:06Z', 'soon']);
    expect([count(7), count(1_234_567)]).toEqual(['7', '1 234 567']);
    expect([bytes(0), bytes(1023), bytes(1_272_000), bytes(2 ** 50)]).toEqual([
      '0 B',
      '1023 B',
      '1.21 MiB',
      '1.02e+3 TiB',
    ]);
    expect([cell('a'), cell(null), cell({ a: 1 }), cell(undefined)]).toEqual(['a', '', '{"a":1}', '']);
    expect([shortened('stations', 8), shortened('stations', 5)]).toEqual(['stations', 'stat…']);
  });

  test('has colours only where they are enabled', () => {
    expect(painter(false).bad('fail')).toBe('fail');
    expect(painter(true).bad('fail')).toBe('\u001b[31mfail\u001b[39m');
  });
});

describe('a problem', () => {
  const problem = { kind: 'dataset.missing-column', detail: 'There is no column "\u001bx". Check it.', at: 'plan' };

  test('is one sentence with its place', () => {
    expect(problemText(problem)).toBe('hansa: There is no column "\ufffdx". Check it. (at plan)\n');
  });

  test('is one line for a program', () => {
    expect(problemJson(problem)).toBe(`${JSON.stringify({ error: problem })}\n`);
  });
});

describe('a command to type next', () => {
  test('is plain where it can be', () => {
    expect(commandLine('negotiation start', ['did:web:localhost%3A7001', 'urn:uuid:1'], { offer: 'urn:o' })).toBe(
      'hansa negotiation start --offer=urn:o did:web:localhost%3A7001 urn:uuid:1',
    );
  });

  test('reaches the program word by word, whatever an id of another participant says', () => {
    const words = ["x'; touch /tmp/owned; '", '$(id)', '--url=http://mallory.example', '', 'a b', '`id`', '\\'];
    const line = commandLine('x', words, { offer: '-o $HOME' });
    const script = line.replace(
      /^hansa/,
      `"${process.execPath}" -e 'console.log(JSON.stringify(process.argv.slice(1)))' --`,
    );
    const passed = JSON.parse(execFileSync('sh', ['-c', script]).toString());
    expect(passed).toEqual(['x', '--offer=-o $HOME', '--', ...words]);
  });
});
