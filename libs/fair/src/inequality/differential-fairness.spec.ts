import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { biasAmplificationOf, differentialFairnessOf } from '../index.js';
import { type Cells, groupsOf } from '../testing/confusion-groups.js';

interface Oracle {
  readonly cases: readonly {
    readonly name: string;
    readonly groups: Readonly<Record<string, Cells>>;
    readonly epsilon: number;
    readonly epsilonOfConcentration3: number;
    readonly biasAmplification: number;
  }[];
}
const { cases }: Oracle = JSON.parse(readFileSync(new URL('../fixtures/inequality.json', import.meta.url), 'utf8'));

describe('differential fairness', () => {
  test.each(cases)('of $name is that of AIF360', ({ groups, epsilon, epsilonOfConcentration3, biasAmplification }) => {
    const own = groupsOf(groups);
    expect(differentialFairnessOf(own, 'label')).toMatchObject({
      epsilon: expect.closeTo(epsilon, 12),
      concentration: 1,
    });
    const smoother = differentialFairnessOf(own, 'label', 3);
    expect(smoother).toMatchObject({ epsilon: expect.closeTo(epsilonOfConcentration3, 12) });
    expect(biasAmplificationOf(own)).toEqual({ state: 'value', value: expect.closeTo(biasAmplification, 12) });
  });

  test('names the two groups and the outcome that decide', () => {
    const groups = groupsOf({ a: [5, 5, 0, 0], b: [9, 1, 0, 0], c: [6, 4, 0, 0] });
    expect(differentialFairnessOf(groups, 'decision')).toMatchObject({ groups: ['a', 'b'], outcome: 'positive' });
    const mirrored = groupsOf({ a: [5, 5, 0, 0], b: [1, 9, 0, 0], c: [4, 6, 0, 0] });
    expect(differentialFairnessOf(mirrored, 'decision')).toMatchObject({ groups: ['a', 'b'], outcome: 'negative' });
  });

  test('is 0 for equal groups, never negative, and indifferent to their order', () => {
    const cells = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20), fc.nat(20));
    fc.assert(
      fc.property(cells, cells, cells, (a, b, c) => {
        const epsilonOf = (groups: Readonly<Record<string, Cells>>) => {
          const own = differentialFairnessOf(groupsOf(groups), 'decision');
          return own.state === 'value' ? own.epsilon : Number.NaN;
        };
        expect(epsilonOf({ a, b, c })).toBeGreaterThanOrEqual(0);
        expect(epsilonOf({ c, a, b })).toBe(epsilonOf({ a, b, c }));
        expect(epsilonOf({ a, same: a })).toBe(0);
      }),
    );
  });

  test('needs two groups and something to smooth with', () => {
    const one = groupsOf({ a: [1, 1, 1, 1] });
    expect(differentialFairnessOf(one, 'label')).toEqual({ state: 'undefined', reason: 'fewer than two groups' });
    expect(biasAmplificationOf(one)).toMatchObject({ state: 'undefined' });
    expect(() => differentialFairnessOf(one, 'label', 0)).toThrow(RangeError);
  });
});
