import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countJoint, type JointRows } from '../index.js';
import { countPacked } from './packed-count.js';

const names = (count: number) => Array.from({ length: count }, (_, i) => `l${i}`);

/** Rows with so many levels of two attributes, of which none is used beyond 16 and 4. */
function rowsOf(
  rows: readonly (readonly [number, number, number, number])[],
  levels: readonly [number, number] = [16, 4],
): JointRows {
  const column = (at: 0 | 1 | 2 | 3) => rows.map((row) => row[at]);
  return {
    label: Uint8Array.from(column(0)),
    decision: Uint8Array.from(column(1)),
    attributes: [
      { attribute: 'a', levels: names(levels[0]), codes: Uint16Array.from(column(2)) },
      { attribute: 'b', levels: names(levels[1]), codes: Uint32Array.from(column(3)) },
    ],
  };
}

const row = fc.tuple(fc.nat(1), fc.nat(1), fc.nat(15), fc.nat(3));

describe('counting four rows at a time', () => {
  test('gives what a row at a time gives, up to 64 combinations', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
        expect(countPacked(rowsOf(rows))).not.toBeNull();
        expect(countPacked(rowsOf(rows, [17, 4]))).toBeNull();
        expect(must(countJoint(rowsOf(rows)))).toEqual(must(countJoint(rowsOf(rows, [17, 4]))));
      }),
    );
    const many = Array.from({ length: 12_343 }, (_, i) => [i & 1, (i >> 3) & 1, i % 16, i % 3] as const);
    expect(must(countJoint(rowsOf(many)))).toEqual(must(countJoint(rowsOf(many, [17, 4]))));
  });

  test('lets no wrong value pass, wherever it stands', () => {
    const wrong = fc.constantFrom(
      ...[2, 3, 128, 255].flatMap((value) => [[0, value] as const, [1, value] as const]),
      ...[16, 17, 127, 128, 255, 256, 65_535].map((value) => [2, value] as const),
      ...[4, 5, 255, 256, 257, 2 ** 31, 2 ** 32 - 1].map((value) => [3, value] as const),
    );
    const places = ['label', 'decision', 'a', 'b'];
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), fc.nat(), wrong, (rows, at, [column, value]) => {
        const place = at % rows.length;
        const spoilt = rowsOf(rows.map((own, i) => (i === place ? (own.with(column, value) as typeof own) : own)));
        expect(countPacked(spoilt)).toBeNull();
        expect(countJoint(spoilt)).toMatchObject({
          problem: { at: places[column], detail: expect.stringContaining(`Row ${place + 1} of`) },
        });
      }),
    );
  });
});
