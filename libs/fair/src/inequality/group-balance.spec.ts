import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { demographicDisparityOf, reweighingOf, treatmentEqualityOf } from '../index.js';
import { type Cells, confusion, groupsOf } from '../testing/confusion-groups.js';

interface Oracle {
  readonly cases: readonly {
    readonly name: string;
    readonly groups: Readonly<Record<string, Cells>>;
    readonly weights: readonly [number, number, number, number];
    readonly disparities: Readonly<Record<string, number>>;
  }[];
}
const { cases }: Oracle = JSON.parse(readFileSync(new URL('../fixtures/inequality.json', import.meta.url), 'utf8'));
const near = (value: number) => ({ state: 'value', value: expect.closeTo(value, 12) });
const cellsArbitrary = fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30), fc.nat(30));

describe('reweighing', () => {
  test.each(cases)('of $name is that of AIF360', ({ groups, weights }) => {
    const [[, first] = ['', [0, 0, 0, 0] as Cells], ...rest] = Object.entries(groups);
    const others = rest.reduce((sum, [, own]) => sum.map((n, i) => n + (own[i] ?? 0)), [0, 0, 0, 0]);
    const own = reweighingOf(groupsOf({ first, others: others as unknown as Cells }));
    expect(own.flatMap(({ positive, negative }) => [positive, negative])).toEqual(weights.map(near));
  });

  test('makes the label independent of the group', () => {
    let checked = 0;
    fc.assert(
      fc.property(cellsArbitrary, cellsArbitrary, cellsArbitrary, (a, b, c) => {
        const groups = groupsOf({ a, b, c }).filter(({ counts }) => counts.n > 0);
        const weights = reweighingOf(groups);
        const rates = weights.map(({ positive, negative }, i) => {
          const counts = groups[i]?.counts ?? confusion([0, 0, 0, 0]);
          if (positive.state !== 'value' || negative.state !== 'value') return undefined;
          const weighted = (counts.fn + counts.tp) * positive.value;
          return weighted / (weighted + (counts.tn + counts.fp) * negative.value);
        });
        if (rates.includes(undefined) || rates.length < 2) return;
        checked++;
        for (const rate of rates) expect(rate).toBeCloseTo(rates[0] ?? Number.NaN, 12);
      }),
    );
    expect(checked).toBeGreaterThan(50);
  });

  test('has no weight for rows that are not there', () => {
    const [group] = reweighingOf(groupsOf({ a: [3, 1, 0, 0], b: [1, 1, 1, 1] }));
    expect(group?.positive).toEqual({ state: 'undefined', reason: 'no rows with a positive label' });
    expect(group?.negative).toMatchObject({ state: 'value' });
  });
});

describe('demographic disparity', () => {
  test.each(cases)('of each group in $name is that of AIF360', ({ groups, disparities }) => {
    for (const [group, disparity] of Object.entries(disparities)) {
      const options = { polarity: 'benefit', of: 'decision' } as const;
      const own = demographicDisparityOf([{ stratum: { all: 'yes' }, groups: groupsOf(groups) }], group, options);
      expect(own.marginal).toEqual(near(disparity));
      expect(own.conditional).toEqual(near(disparity));
      expect(
        demographicDisparityOf([{ stratum: { all: 'yes' }, groups: groupsOf(groups) }], group, {
          ...options,
          polarity: 'burden',
        }).marginal,
      ).toEqual(near(-disparity));
    }
  });

  // Bickel, Hammel and O'Connell, Science 187 (1975): the six largest departments, as in R's UCBAdmissions; cells are
  // rejected and admitted.
  test('of women at Berkeley turns round when departments are held apart', () => {
    const departments: Readonly<Record<string, { readonly men: Cells; readonly women: Cells }>> = {
      A: { men: [313, 512, 0, 0], women: [19, 89, 0, 0] },
      B: { men: [207, 353, 0, 0], women: [8, 17, 0, 0] },
      C: { men: [205, 120, 0, 0], women: [391, 202, 0, 0] },
      D: { men: [279, 138, 0, 0], women: [244, 131, 0, 0] },
      E: { men: [138, 53, 0, 0], women: [299, 94, 0, 0] },
      F: { men: [351, 22, 0, 0], women: [317, 24, 0, 0] },
    };
    const strata = Object.entries(departments).map(([department, cells]) => ({
      stratum: { department },
      groups: groupsOf(cells),
    }));
    const own = demographicDisparityOf(strata, 'women', { polarity: 'benefit', of: 'decision' });
    // 1278/2771 − 557/1755, and the mean of the six weighted by 933, 585, 918, 792, 584 and 714 rows.
    expect(own.marginal).toEqual(near(1278 / 2771 - 557 / 1755));
    const byHand = [
      [933, 19 / 332 - 89 / 601],
      [585, 8 / 215 - 17 / 370],
      [918, 391 / 596 - 202 / 322],
      [792, 244 / 523 - 131 / 269],
      [584, 299 / 437 - 94 / 147],
      [714, 317 / 668 - 24 / 46],
    ].reduce((sum, [n = 0, disparity = 0]) => sum + (n * disparity) / 4526, 0);
    expect(own.conditional).toEqual(near(byHand));
    expect(byHand).toBeLessThan(0);
    expect(own.leftOutShare).toEqual({ state: 'value', value: 0 });
  });

  test('names strata in which all were decided alike, and speaks for the others only', () => {
    const strata = [
      { stratum: { kind: 'alike' }, groups: groupsOf({ a: [3, 0, 0, 0], b: [1, 0, 0, 0] }) },
      { stratum: { kind: 'mixed' }, groups: groupsOf({ a: [3, 1, 0, 0], b: [1, 3, 0, 0] }) },
    ];
    const own = demographicDisparityOf(strata, 'a', { polarity: 'benefit', of: 'decision' });
    expect(own.strata[0]?.disparity).toEqual({ state: 'undefined', reason: 'not both accepted and rejected rows' });
    expect(own.conditional).toEqual(near(0.5));
    expect(own.leftOutShare).toEqual(near(1 / 3));
    expect(
      demographicDisparityOf(strata.slice(0, 1), 'a', { polarity: 'benefit', of: 'decision' }).conditional,
    ).toMatchObject({
      state: 'undefined',
    });
  });
});

describe('treatment equality', () => {
  test('compares false negatives with false positives, and leaves out who has none', () => {
    const own = treatmentEqualityOf(groupsOf({ a: [1, 4, 2, 1], b: [1, 2, 3, 1], c: [1, 0, 3, 1] }));
    expect(own.groups.map(({ figure }) => figure)).toEqual([
      { state: 'value', value: 0.5 },
      { state: 'value', value: 1.5 },
      { state: 'undefined', reason: 'no false positives' },
    ]);
    expect(own.spread).toMatchObject({ difference: 1, high: { group: 'b' }, low: { group: 'a' }, leftOut: ['c'] });
    const alone = treatmentEqualityOf(groupsOf({ a: [1, 4, 2, 1], c: [1, 0, 3, 1] }));
    expect(alone.spread).toEqual({ state: 'undefined', reason: 'fewer than two groups have the figure' });
  });

  test('of equal groups is a spread of 0 between two of them', () => {
    const own = treatmentEqualityOf(groupsOf({ a: [1, 4, 2, 1], b: [1, 4, 2, 1] }));
    expect(own.spread).toMatchObject({ difference: 0, high: { group: 'a' }, low: { group: 'b' } });
  });
});
