import { readFileSync } from 'node:fs';
import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  cellCounts,
  coefficientOfVariationOf,
  countJoint,
  decomposeEntropy,
  type Figure,
  generalizedEntropyOf,
  theilOf,
} from '../index.js';
import { coded, compasColumn, compasPresent } from '../testing/compas-rows.js';
import { type Cells, confusion, groupsOf } from '../testing/confusion-groups.js';

interface Oracle {
  readonly cases: readonly {
    readonly name: string;
    readonly groups: Readonly<Record<string, Cells>>;
    readonly entropies: Readonly<Record<string, { readonly total: number; readonly between: number }>>;
    readonly coefficientOfVariation: number;
  }[];
}
const { cases }: Oracle = JSON.parse(readFileSync(new URL('../fixtures/inequality.json', import.meta.url), 'utf8'));
const near = (value: number) => ({ state: 'value', value: expect.closeTo(value, 12) });
const valueIn = (figure: Figure): number => (figure.state === 'value' ? figure.value : Number.NaN);

describe('the inequality of benefits, as AIF360 says', () => {
  test.each(cases)('in $name', ({ groups, entropies, coefficientOfVariation }) => {
    const all = groupsOf(groups);
    for (const [alpha, { total, between }] of Object.entries(entropies)) {
      const own = decomposeEntropy(all, Number(alpha));
      expect(own.total).toEqual(near(total));
      expect(own.between).toEqual(near(between));
      expect(own.within).toEqual(near(total - between));
    }
    const [first, ...rest] = all.map(({ counts }) => counts);
    if (first === undefined) throw new Error('no group');
    const pooled = rest.reduce((a, b) => confusion([a.tn + b.tn, a.fp + b.fp, a.fn + b.fn, a.tp + b.tp]), first);
    expect(coefficientOfVariationOf(pooled)).toEqual(near(coefficientOfVariation));
  });

  test('has negative orders only where nobody was missed', () => {
    expect(cases.map(({ entropies }) => Object.keys(entropies).includes('-1'))).toEqual([false, true, false]);
  });
});

const cellsArbitrary = fc.tuple(fc.nat(40), fc.nat(40), fc.nat(40), fc.nat(40));
const alphaArbitrary = fc.constantFrom(-2, -1, 0, 0.3, 1, 1.5, 2, 5);

describe('generalised entropy', () => {
  test('is that between groups plus that within them, and none of them is negative', () => {
    const seen = { defined: 0, missed: 0 };
    fc.assert(
      fc.property(fc.array(cellsArbitrary, { minLength: 1, maxLength: 5 }), alphaArbitrary, (cells, alpha) => {
        const groups = groupsOf(Object.fromEntries(cells.map((own, i) => [`g${i}`, own] as const)));
        const { total, between, within } = decomposeEntropy(groups, alpha);
        expect(within.state).toBe(total.state);
        if (total.state === 'undefined') {
          seen.missed++;
          return;
        }
        expect(between.state).toBe('value');
        seen.defined++;
        const scale = 1 + Math.abs(valueIn(total));
        expect((valueIn(between) + valueIn(within) - valueIn(total)) / scale).toBeCloseTo(0, 12);
        for (const part of [total, between, within]) expect(valueIn(part)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
    expect(seen.defined).toBeGreaterThan(100);
    expect(seen.missed).toBeGreaterThan(20);
  });

  test('does not change when every row is repeated, and is 0 when all are treated alike', () => {
    fc.assert(
      fc.property(cellsArbitrary, alphaArbitrary, fc.integer({ min: 2, max: 9 }), (cells, alpha, times) => {
        const [own, repeated] = [cells, cells.map((n) => n * times) as unknown as Cells].map((c) =>
          generalizedEntropyOf(confusion(c), alpha),
        );
        expect(repeated?.state).toBe(own?.state);
        if (own?.state === 'value') expect(valueIn(repeated ?? own)).toBeCloseTo(own.value, 12);
      }),
    );
    for (const alpha of [0, 0.3, 1, 2]) {
      expect(generalizedEntropyOf(confusion([5, 0, 0, 7]), alpha)).toEqual({ state: 'value', value: 0 });
      expect(generalizedEntropyOf(confusion([0, 9, 0, 0]), alpha)).toEqual({ state: 'value', value: 0 });
    }
  });

  test('goes over into its limits', () => {
    const counts = confusion([50, 10, 8, 32]);
    expect(valueIn(generalizedEntropyOf(counts, 1 + 1e-6))).toBeCloseTo(valueIn(theilOf(counts)), 6);
    const nobodyMissed = confusion([50, 10, 0, 32]);
    expect(valueIn(generalizedEntropyOf(nobodyMissed, 1e-6))).toBeCloseTo(
      valueIn(generalizedEntropyOf(nobodyMissed, 0)),
      6,
    );
  });

  test.each([
    ['no rows', [0, 0, 0, 0], 2],
    ['nobody has any benefit', [0, 0, 3, 0], 2],
    ['somebody has no benefit, which alpha of 0 or less weighs as infinite', [1, 0, 1, 0], 0],
    ['somebody has no benefit, which alpha of 0 or less weighs as infinite', [1, 0, 1, 0], -1],
  ] as const)('is undefined when %s', (reason, cells, alpha) => {
    expect(generalizedEntropyOf(confusion(cells), alpha)).toEqual({ state: 'undefined', reason });
    if (alpha === 2) expect(coefficientOfVariationOf(confusion(cells))).toEqual({ state: 'undefined', reason });
  });
});

if (!compasPresent) test.skip('skipped: the inequality of COMPAS, because ../shared/data is not there', () => {});

(compasPresent ? describe : describe.skip)(
  'the inequality of COMPAS, African-American and Caucasian defendants',
  () => {
    // AIF360 on the same rows; "low risk" is the favourable label in the first line, "medium or high" in the second.
    test.each([
      ['low risk', 0, 0.256381, 0.183703],
      ['medium or high risk', 1, 0.227649, 0.165435],
    ])('when %s is the benefit', (_, positive, theil, squared) => {
      const races = compasColumn('race');
      const kept = races.map((race) => race === 'African-American' || race === 'Caucasian');
      const flag = (values: readonly boolean[]) =>
        Uint8Array.from(
          values.filter((__, row) => kept[row]),
          (value) => ((value ? 1 : 0) === positive ? 1 : 0),
        );
      const joint = must(
        countJoint({
          label: flag(compasColumn('two_year_recid').map((text) => text === '1')),
          decision: flag(compasColumn('score_text').map((text) => text !== 'Low')),
          attributes: [
            coded(
              'race',
              races.filter((__, row) => kept[row]),
            ),
          ],
        }),
      );
      const { total, partitions } = must(cellCounts(joint, { attributes: ['race'] }));
      expect(total.n).toBe(6150);
      expect(valueIn(theilOf(total))).toBeCloseTo(theil, 6);
      expect(valueIn(generalizedEntropyOf(total, 2))).toBeCloseTo(squared, 6);
      expect(generalizedEntropyOf(total, 0)).toMatchObject({ state: 'undefined' });
      const split = decomposeEntropy(partitions[0]?.groups ?? [], 1);
      expect(valueIn(split.between) + valueIn(split.within)).toBeCloseTo(theil, 6);
      expect(valueIn(split.between)).toBeGreaterThan(0);
    });
  },
);
