import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addCounts, type CountInput, countCells, rateNames, ratesOf } from './index.js';

const rowsArbitrary = fc.array(fc.tuple(fc.nat(1), fc.nat(1), fc.nat(3)), { minLength: 1, maxLength: 60 });

function inputOf(rows: readonly (readonly [number, number, number])[]): CountInput {
  return {
    label: Uint8Array.from(rows, ([y]) => y),
    decision: Uint8Array.from(rows, ([, d]) => d),
    groups: [{ attribute: 'kind', levels: ['d', 'a', 'c', 'b'], codes: Uint16Array.from(rows, ([, , g]) => g) }],
  };
}

describe('countCells', () => {
  test('counts four outcomes for each group, by name, without empty levels', () => {
    const counted = must(
      countCells(
        inputOf([
          [1, 1, 1],
          [1, 0, 1],
          [0, 0, 0],
          [0, 1, 0],
          [0, 1, 0],
        ]),
      ),
    );
    expect(counted).toEqual({
      total: { n: 5, tn: 1, fp: 2, fn: 1, tp: 1 },
      partitions: [
        {
          attribute: 'kind',
          groups: [
            { group: 'a', attributes: { kind: 'a' }, counts: { n: 2, tn: 0, fp: 0, fn: 1, tp: 1 } },
            { group: 'd', attributes: { kind: 'd' }, counts: { n: 3, tn: 1, fp: 2, fn: 0, tp: 0 } },
          ],
        },
      ],
    });
  });

  test('counts no rows as nothing', () => {
    expect(must(countCells(inputOf([])))).toMatchObject({ total: { n: 0 }, partitions: [{ groups: [] }] });
  });

  test('does not depend on the order of rows, agrees with filtering, and repeated rows multiply the counts', () => {
    let groupsSeen = 0;
    fc.assert(
      fc.property(rowsArbitrary, fc.integer({ min: 1, max: 5 }), (rows, times) => {
        const counted = must(countCells(inputOf(rows)));
        expect(must(countCells(inputOf([...rows].reverse())))).toEqual(counted);
        const groups = counted.partitions[0]?.groups ?? [];
        groupsSeen = Math.max(groupsSeen, groups.length);
        expect(addCounts(groups.map(({ counts }) => counts))).toEqual(counted.total);
        for (const { group, counts } of groups) {
          const own = rows.filter(([, , g]) => ['d', 'a', 'c', 'b'][g] === group);
          expect(counts.fp).toBe(own.filter(([y, d]) => y === 0 && d === 1).length);
          expect(counts.fn).toBe(own.filter(([y, d]) => y === 1 && d === 0).length);
        }
        const repeated = must(countCells(inputOf(Array.from({ length: times }, () => rows).flat())));
        expect(repeated.total).toEqual(addCounts(Array.from({ length: times }, () => counted.total)));
      }),
    );
    expect(groupsSeen).toBe(4);
  });

  test.each([
    ['counts.length', 'decision', { decision: Uint8Array.of(1) }],
    ['counts.not-binary', 'label', { label: Uint8Array.of(0, 2) }],
    ['counts.not-binary', 'decision', { decision: Uint8Array.of(0, 255) }],
    ['counts.unknown-code', 'kind', { groups: [{ attribute: 'kind', levels: ['a'], codes: Uint32Array.of(0, 7) }] }],
    ['counts.length', 'kind', { groups: [{ attribute: 'kind', levels: ['a'], codes: Uint32Array.of(0) }] }],
  ])('refuses with %s and names %s', (kind, at, change) => {
    const result = countCells({
      ...inputOf([
        [0, 0, 0],
        [1, 1, 1],
      ]),
      ...change,
    });
    expect(result).toMatchObject({ ok: false, problem: { kind, at } });
  });
});

describe('rates', () => {
  test('are undefined, with the reason, where nothing can be counted', () => {
    const rates = ratesOf({ n: 2, tn: 2, fp: 0, fn: 0, tp: 0 }, 0.95);
    expect(rates.truePositiveRate).toEqual({ state: 'undefined', k: 0, n: 0, reason: 'no rows with a positive label' });
    expect(rates.falseDiscoveryRate).toMatchObject({ state: 'undefined', reason: 'no rows decided positive' });
    expect(rates.selectionRate).toMatchObject({ state: 'value', k: 0, n: 2, value: 0 });
  });

  test('are suppressed where a cell that they need was withheld, and never taken for 0', () => {
    const rates = ratesOf({ n: 118, tn: 100, fp: null, fn: null, tp: 18 }, 0.95);
    expect(rates.baseRate).toEqual({ state: 'suppressed', reason: 'small counts of rows were withheld' });
    expect(rates.falsePositiveRate.state).toBe('suppressed');
    expect(rates.accuracy).toMatchObject({ state: 'value', k: 118, n: 118 });
    const whole = { n: 10, tn: 1, fp: 2, fn: 3, tp: 4 };
    expect(addCounts([whole, { ...whole, fp: null }])).toEqual({ n: 20, tn: 2, fp: null, fn: 6, tp: 8 });
  });

  test('keep their bounds, complements and Bayes’ rule for any counts', () => {
    let undefinedRates = 0;
    const cell = fc.oneof({ arbitrary: fc.constant(0), weight: 1 }, { arbitrary: fc.nat(100_000), weight: 2 });
    fc.assert(
      fc.property(cell, cell, cell, cell, (tn, fp, fn, tp) => {
        const rates = ratesOf({ n: tn + fp + fn + tp, tn, fp, fn, tp }, 0.95);
        for (const name of rateNames) {
          const rate = rates[name];
          if (rate.state === 'undefined') undefinedRates++;
          if (rate.state === 'value') {
            expect(rate.value).toBe(rate.k / rate.n);
            expect(rate.interval.lower).toBeLessThanOrEqual(rate.value);
            expect(rate.interval.upper).toBeGreaterThanOrEqual(rate.value);
          }
        }
        for (const [a, b] of [
          ['truePositiveRate', 'falseNegativeRate'],
          ['trueNegativeRate', 'falsePositiveRate'],
          ['positivePredictiveValue', 'falseDiscoveryRate'],
          ['negativePredictiveValue', 'falseOmissionRate'],
        ] as const) {
          const [x, y] = [rates[a], rates[b]];
          expect(x.state).toBe(y.state);
          if (x.state === 'value' && y.state === 'value') expect(x.value + y.value).toBeCloseTo(1, 12);
        }
      }),
    );
    expect(undefinedRates).toBeGreaterThan(50);
  });
});
