import { readFileSync } from 'node:fs';
import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type AttributeClasses,
  addClasses,
  addTables,
  averagesOf,
  type ClassInput,
  compare,
  countClasses,
  oneVersusRest,
  partitionOfClass,
} from '../index.js';

type Averages = Readonly<Record<'accuracy' | 'macroPrecision' | 'macroRecall' | 'macroF1', number>>;
type Gaps = Readonly<Record<'demographicParityDifference' | 'equalizedOddsDifference', number>>;
interface Oracle {
  readonly sizes: Readonly<Record<string, number>>;
  readonly classes: {
    readonly label: readonly number[];
    readonly decision: readonly number[];
    readonly groups: Readonly<Record<string, Averages>>;
    readonly compared: Readonly<Record<string, Gaps>>;
    readonly microPrecision: number;
  };
}
const oracle: Oracle = JSON.parse(readFileSync(new URL('../fixtures/outcomes.json', import.meta.url), 'utf8'));
const levels = Object.keys(oracle.sizes);
const codes = Uint16Array.from(levels.flatMap((level, i) => Array.from({ length: oracle.sizes[level] ?? 0 }, () => i)));
const near = (value: number) => ({ state: 'value', value: expect.closeTo(value, 12) });

function tablesOf(input: ClassInput): AttributeClasses {
  const [tables] = must(countClasses(input));
  if (tables === undefined) throw new Error('there is one attribute');
  return tables;
}

const tables = tablesOf({
  classes: ['0', '1', '2', '3'],
  label: Uint8Array.from(oracle.classes.label),
  decision: Uint8Array.from(oracle.classes.decision),
  groups: [{ attribute: 'region', levels, codes }],
});

describe('decisions among four classes, as fairlearn and scikit-learn say', () => {
  test.each(Object.entries(oracle.classes.groups))('the averages of %s', (name, expected) => {
    const found = tables.groups.find(({ group }) => group === name);
    if (found === undefined) throw new Error(name);
    const own = averagesOf(found.table);
    expect(own.accuracy).toEqual(near(expected.accuracy));
    expect(own.macroPrecision.figure).toEqual(near(expected.macroPrecision));
    expect(own.macroRecall.figure).toEqual(near(expected.macroRecall));
    expect(own.macroF1.figure).toEqual(near(expected.macroF1));
    expect(own.macroRecall.leftOut).toEqual(name === 'west' ? ['3'] : []);
  });

  test('the accuracy of everybody is the micro average', () => {
    const all = addTables(tables.groups.map(({ table }) => table));
    expect(averagesOf(all).accuracy).toEqual(near(oracle.classes.microPrecision));
  });

  test.each(Object.entries(oracle.classes.compared))('the parity of class %s', (name, expected) => {
    const plan = { outcome: { polarity: 'benefit' }, floors: { group: 30, events: 5 }, level: 0.95 } as const;
    for (const metric of ['demographicParityDifference', 'equalizedOddsDifference'] as const) {
      const own = compare(metric, partitionOfClass(tables, name), 'all', plan);
      expect(own).toMatchObject({ state: 'value', value: expect.closeTo(expected[metric], 12) });
    }
  });
});

const rowsArbitrary = fc.array(fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)), { minLength: 1, maxLength: 60 });
const inputOf = (rows: readonly (readonly [number, number, number])[]): ClassInput => ({
  classes: ['low', 'medium', 'high'],
  label: Uint8Array.from(rows, ([y]) => y),
  decision: Uint8Array.from(rows, ([, d]) => d),
  groups: [{ attribute: 'kind', levels: ['c', 'a', 'b'], codes: Uint16Array.from(rows, ([, , g]) => g) }],
});

describe('tables of classes', () => {
  test('of 2 to 20 parts add up to that of the whole', () => {
    fc.assert(
      fc.property(rowsArbitrary, fc.integer({ min: 2, max: 20 }), (rows, cities) => {
        const parts = Array.from({ length: cities }, (_, city) =>
          rows.filter((__, row) => (row * 7) % cities === city),
        );
        const [first, ...others] = parts.map((part) => tablesOf(inputOf(part)));
        if (first === undefined) throw new Error('no part');
        expect(must(addClasses(first, ...others))).toEqual(tablesOf(inputOf(rows)));
      }),
    );
  });

  test('count one class against the rest as filtering the rows does', () => {
    fc.assert(
      fc.property(rowsArbitrary, (rows) => {
        const all = addTables(tablesOf(inputOf(rows)).groups.map(({ table }) => table));
        ['low', 'medium', 'high'].forEach((name, c) => {
          const count = (label: boolean, decision: boolean) =>
            rows.filter(([y, d]) => (y === c) === label && (d === c) === decision).length;
          const [tn, fp, fn, tp] = [count(false, false), count(false, true), count(true, false), count(true, true)];
          expect(oneVersusRest(all, name)).toEqual({ n: rows.length, tn, fp, fn, tp });
        });
      }),
    );
  });

  test('leave out of an average what no row speaks of, and say so', () => {
    const one = tablesOf(inputOf([[0, 1, 0]])).groups[0]?.table;
    if (one === undefined) throw new Error('no group');
    const own = averagesOf(one);
    expect(own.macroPrecision).toEqual({ figure: { state: 'value', value: 0 }, leftOut: ['low', 'high'] });
    expect(own.macroF1).toEqual({ figure: { state: 'value', value: 0 }, leftOut: ['high'] });
    const none = averagesOf({ classes: ['a', 'b'], cells: new Float64Array(4) });
    expect(none.accuracy).toEqual({ state: 'undefined', reason: 'no rows' });
    expect(none.macroRecall).toMatchObject({ figure: { state: 'undefined' }, leftOut: ['a', 'b'] });
  });

  test('know only their own classes', () => {
    expect(() => oneVersusRest({ classes: ['a'], cells: new Float64Array(1) }, 'b')).toThrow(RangeError);
  });

  test.each([
    ['classes.length', 'decision', { decision: Uint8Array.of(1) }],
    ['classes.length', 'kind', { groups: [{ attribute: 'kind', levels: ['a'], codes: Uint32Array.of(0) }] }],
    ['classes.unknown-code', 'label', { label: Uint16Array.of(0, 3) }],
    ['classes.unknown-code', 'decision', { decision: Uint16Array.of(0, 9) }],
    ['classes.unknown-code', 'kind', { groups: [{ attribute: 'kind', levels: ['a'], codes: Uint32Array.of(0, 1) }] }],
  ])('refuse with %s and name %s', (kind, at, change) => {
    const two: ClassInput = inputOf([
      [0, 0, 0],
      [1, 1, 1],
    ]);
    expect(countClasses({ ...two, ...change })).toMatchObject({ ok: false, problem: { kind, at } });
  });

  test('of other classes are not added', () => {
    const own = tablesOf(inputOf([[0, 0, 0]]));
    const problem = { ok: false, problem: { kind: 'classes.different' } };
    expect(addClasses(own, { ...own, classes: ['low', 'high', 'medium'] })).toMatchObject(problem);
    expect(addClasses(own, { ...own, attribute: 'other' })).toMatchObject(problem);
  });
});
