import type { Json } from '@hansa/kernel';
import { canonicalJson } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AuditReport, differences, rerunOutcome } from './index.js';

describe('holding a report against a second run', () => {
  test('finds a difference exactly where the canonical bytes differ', () => {
    const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(json, json, (a, b) => {
        const isSame = canonicalJson(a) === canonicalJson(b);
        expect(differences(a, b).length === 0).toBe(isSame);
        expect(differences(a, JSON.parse(JSON.stringify(a)))).toEqual([]);
      }),
    );
  });

  test('points at the place, also where a name has a slash, and tells nothing from null', () => {
    expect(differences({ 'a/b': { 'c~': [1, 2] } }, { 'a/b': { 'c~': [1, 3] } })).toEqual([
      { at: '/a~1b/c~0/1', stated: 2, rederived: 3 },
    ]);
    expect(differences({ a: null }, {})).toEqual([{ at: '/a', stated: null, rederived: null }]);
    expect(differences([], {})).toEqual([{ at: '', stated: [], rederived: {} }]);
  });

  test('lists what went in before the figures that follow from it, a hundred at most', () => {
    const of = (n: number) => {
      const report = { software: { name: 'hansa', version: '1' }, comparisons: Array.from({ length: 200 }, () => n) };
      return { ...report, data: { digest: n }, verdict: n } as unknown as AuditReport;
    };
    const { same, differing, differences: listed } = rerunOutcome(of(1), of(2));
    expect([same, differing, listed.length]).toEqual([false, 202, 100]);
    expect(listed.slice(0, 3).map(({ at }) => at)).toEqual(['/data/digest', '/verdict', '/comparisons/0']);
    expect(rerunOutcome(of(1), of(1))).toMatchObject({ same: true, differing: 0, differences: [] });
  });
});
