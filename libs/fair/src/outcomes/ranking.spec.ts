import { readFileSync } from 'node:fs';
import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addRanks,
  countRanks,
  exposureOf,
  infeasibleIndexOf,
  ndklOf,
  type RankTable,
  rndOf,
  topSharesOf,
} from '../index.js';

interface RankCase {
  readonly order: readonly number[];
  readonly exposure: readonly number[];
  readonly 'top 10': readonly number[];
  readonly 'skew 10 of 1': number;
  readonly ndkl: number;
  readonly 'rnd of 1': number;
  readonly 'infeasible of halves': number;
}
const { ranks }: { readonly ranks: readonly RankCase[] } = JSON.parse(
  readFileSync(new URL('../fixtures/outcomes.json', import.meta.url), 'utf8'),
);
const tableOf = (order: readonly number[]): RankTable =>
  must(countRanks({ attribute: 'kind', levels: ['0', '1', '2'], codes: Uint16Array.from(order) }));
const near = (value: number) => ({ state: 'value', value: expect.closeTo(value, 12) });

describe('a ranking', () => {
  test.each(ranks)('has the figures of its definitions, and the infeasible prefixes of AIF360', (expected) => {
    const table = tableOf(expected.order);
    const exposure = exposureOf(table);
    expect(exposure.groups.map(({ figure }) => figure)).toEqual(expected.exposure.map(near));
    expect(exposure.ratio).toEqual(near(Math.min(...expected.exposure) / Math.max(...expected.exposure)));
    const top = topSharesOf(table, 10);
    expect(top.map(({ k }) => k)).toEqual(expected['top 10']);
    expect(top[1]?.skew).toEqual(near(expected['skew 10 of 1']));
    expect(ndklOf(table)).toEqual(near(expected.ndkl));
    expect(rndOf(table, '1')).toEqual(near(expected['rnd of 1']));
    expect(infeasibleIndexOf(table, { 0: 1, 1: 1 }).index).toEqual(near(expected['infeasible of halves']));
  });

  // By hand: prefixes of 3 with a, a, b have shares of a of 1, 1 and 2/3, and of b of 0, 0 and 1/3.
  test('of three is what one gets by hand', () => {
    const table = must(countRanks({ attribute: 'kind', levels: ['a', 'b'], codes: Uint16Array.of(0, 0, 1) }));
    const log2of3 = Math.log(3) / Math.LN2;
    const divergence = Math.log(2) * (1 + 1 / log2of3) + ((2 / 3) * Math.log(4 / 3) + (1 / 3) * Math.log(2 / 3)) / 2;
    expect(ndklOf(table, { a: 1, b: 1 })).toEqual(near(divergence / (1 + 1 / log2of3 + 1 / 2)));
    expect(infeasibleIndexOf(table, { a: 1, b: 1 })).toEqual({ index: { state: 'value', value: 1 }, first: 2 });
    expect(exposureOf(table).groups).toEqual([
      { group: 'a', figure: near((1 + 1 / log2of3) / 2) },
      { group: 'b', figure: near(0.5) },
    ]);
  });

  test('is fairest when groups alternate, and every figure stays in its range', () => {
    const seen = { worse: 0 };
    fc.assert(
      fc.property(fc.array(fc.nat(1), { minLength: 20, maxLength: 80 }), (order) => {
        const table = tableOf(order);
        const sorted = tableOf([...order].sort());
        const value = (of: RankTable) => {
          const own = ndklOf(of);
          return own.state === 'value' ? own.value : Number.NaN;
        };
        expect(value(table)).toBeGreaterThanOrEqual(0);
        if (value(sorted) > value(table)) seen.worse++;
        const rnd = rndOf(table, '1');
        if (rnd.state === 'value') {
          expect(rnd.value).toBeGreaterThanOrEqual(0);
          expect(rnd.value).toBeLessThanOrEqual(1 + 1e-12);
        }
        const { index } = infeasibleIndexOf(table);
        expect(index.state === 'value' && index.value).toBeLessThan(order.length);
        const { ratio } = exposureOf(table);
        if (ratio.state === 'value') expect(ratio.value).toBeLessThanOrEqual(1);
      }),
    );
    expect(seen.worse).toBeGreaterThan(50);
    const alternating = tableOf(Array.from({ length: 40 }, (_, i) => i % 2));
    expect(rndOf(alternating, '1')).toEqual({ state: 'value', value: 0 });
    expect(infeasibleIndexOf(alternating)).toEqual({ index: { state: 'value', value: 0 }, first: null });
  });

  test('puts everybody first or last at the worst', () => {
    const last = Array.from({ length: 40 }, (_, i) => (i < 30 ? 0 : 1));
    const first = [...last].reverse();
    const both = [last, first].map((order) => rndOf(tableOf(order), '1'));
    expect(both.map((rnd) => rnd.state === 'value' && rnd.value)).toContain(1);
  });

  test('counts whom a target names though nobody of them is ranked', () => {
    const table = must(countRanks({ attribute: 'kind', levels: ['a'], codes: Uint16Array.of(0, 0, 0, 0) }));
    expect(infeasibleIndexOf(table, { a: 1, absent: 1 })).toEqual({ index: { state: 'value', value: 3 }, first: 2 });
    const absent = topSharesOf(table, 4, { a: 1, absent: 1 })[1];
    expect(absent).toMatchObject({ group: 'absent', k: 0, share: { value: 0 }, target: { value: 0.5 } });
    expect(absent?.skew).toEqual({ state: 'undefined', reason: 'nobody of the group in the first ranks' });
    expect(ndklOf(table, { a: 1, absent: 1 })).toEqual(near(Math.LN2));
  });

  test('of several cities keeps the ranks of each, and has no prefixes of its own', () => {
    const [first, second] = [tableOf([0, 1, 1]), tableOf([1, 0])];
    const both = must(addRanks(first, second));
    expect(both).toMatchObject({
      rankings: 2,
      groups: [
        { group: '0', n: 2 },
        { group: '1', n: 3 },
      ],
    });
    expect(both.groups.map(({ at }) => [...at])).toEqual([
      [1, 1, 0],
      [1, 1, 1],
    ]);
    expect(must(addRanks(second, first))).toEqual(both);
    expect(topSharesOf(both, 1).map(({ k, n }) => [k, n])).toEqual([
      [1, 2],
      [1, 2],
    ]);
    const reason = 'defined for one ranking, not for the sum of several';
    expect([ndklOf(both), rndOf(both, '1'), infeasibleIndexOf(both).index]).toEqual(
      Array(3).fill({ state: 'undefined', reason }),
    );
    expect(addRanks(first, { ...second, attribute: 'other' })).toMatchObject({
      ok: false,
      problem: { kind: 'ranks.different' },
    });
  });

  test('has no figure where the question does not arise', () => {
    const [one, nobody] = [tableOf([0, 0]), tableOf([])];
    expect(exposureOf(one).ratio).toEqual({ state: 'undefined', reason: 'fewer than two groups' });
    expect(ndklOf(nobody, { a: 1 })).toEqual({ state: 'undefined', reason: 'no rows' });
    expect(rndOf(one, '1')).toEqual({ state: 'undefined', reason: 'no rows of the group' });
    expect(rndOf(one, '0')).toEqual({ state: 'undefined', reason: 'no order can differ in prefixes of 10' });
    expect(ndklOf(one, { 1: 1 })).toEqual({ state: 'undefined', reason: 'a group that is ranked has a target of 0' });
    expect(topSharesOf(one, 2, { 1: 1 })[0]?.skew).toEqual({ state: 'undefined', reason: 'the target is 0' });
    expect(topSharesOf(one, 0)[0]).toMatchObject({ share: { state: 'undefined' }, skew: { state: 'undefined' } });
    expect(() => ndklOf(one, { 0: -1 })).toThrow(RangeError);
    expect(() => ndklOf(one, {})).toThrow(RangeError);
    expect(() => rndOf(one, '0', 1)).toThrow(RangeError);
  });

  test('is refused with a code without a level', () => {
    const coded = { attribute: 'kind', levels: ['a'], codes: Uint16Array.of(0, 1) };
    expect(countRanks(coded)).toMatchObject({ ok: false, problem: { kind: 'ranks.unknown-code', at: 'kind' } });
  });
});
