import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chiSquare, generalisedMantelHaenszel, mantelHaenszel, type Share } from '../index.js';

const share = fc.integer({ min: 1, max: 300 }).chain((n) => fc.record({ k: fc.nat(n), n: fc.constant(n) }));

describe('the test of Cochran, Mantel and Haenszel for several groups', () => {
  test('is that for two groups where there are two', () => {
    let defined = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(share, share), { minLength: 1, maxLength: 5 }), (strata) => {
        const found = generalisedMantelHaenszel(strata);
        const pair = mantelHaenszel(
          strata.map(([a, b]) => ({ a, b })),
          0.95,
        );
        expect(found.state).toBe(pair.state);
        if (found.state !== 'value' || pair.state !== 'value') return;
        defined++;
        expect(found.df).toBe(1);
        expect(found.statistic).toBeCloseTo(pair.statistic, 6);
      }),
    );
    expect(defined).toBeGreaterThan(50);
  });

  test("is (N − 1)/N of Pearson's chi-square where there is one stratum", () => {
    fc.assert(
      fc.property(fc.array(share, { minLength: 2, maxLength: 6 }), (groups) => {
        const found = generalisedMantelHaenszel([groups]);
        const pearson = chiSquare(groups.map(({ k, n }) => [k, n - k]));
        if (found.state !== 'value' || pearson.state !== 'value') return;
        const n = groups.reduce((sum, group) => sum + group.n, 0);
        expect(found.df).toBe(pearson.df);
        expect(found.statistic).toBeCloseTo((pearson.statistic * (n - 1)) / n, 6);
      }),
    );
  });

  test('does not depend on the order of groups, and counts only the degrees of freedom that strata connect', () => {
    const [a, b, c, d]: readonly Share[] = [
      { k: 30, n: 100 },
      { k: 45, n: 110 },
      { k: 20, n: 90 },
      { k: 44, n: 80 },
    ];
    const none = { k: 0, n: 0 };
    if (!a || !b || !c || !d) throw new Error('four groups');
    // Two strata of two groups each, which never meet.
    const apart = generalisedMantelHaenszel([
      [a, b, none, none],
      [none, none, c, d],
    ]);
    const turned = generalisedMantelHaenszel([
      [none, none, b, a],
      [d, c, none, none],
    ]);
    expect(apart).toMatchObject({ df: 2, strata: 2 });
    expect(turned).toMatchObject({ df: 2, strata: 2 });
    if (apart.state !== 'value' || turned.state !== 'value') throw new Error('defined');
    expect(turned.statistic).toBeCloseTo(apart.statistic, 9);
  });

  test('is undefined where no stratum can tell groups apart', () => {
    const all = { k: 5, n: 5 };
    expect(
      generalisedMantelHaenszel([
        [all, all],
        [
          { k: 1, n: 4 },
          { k: 0, n: 0 },
        ],
      ]),
    ).toMatchObject({ state: 'undefined' });
    expect(generalisedMantelHaenszel([])).toMatchObject({ state: 'undefined' });
  });
});
