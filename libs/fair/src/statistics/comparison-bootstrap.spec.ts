import { describe, expect, test } from '@jest/globals';
import { bootstrapComparisons, type CountStatistic, countBootstrap, type Partition } from '../index.js';
import { type Cells, confusion } from '../testing/confusion-groups.js';

const partitionOf = (cells: Readonly<Record<string, Cells>>): Partition => ({
  attribute: 'a',
  groups: Object.entries(cells).map(([group, own]) => ({ group, attributes: { a: group }, counts: confusion(own) })),
});

const options = { replicates: 500, level: 0.95, seed: 5 };
const cells: Readonly<Record<string, Cells>> = {
  few: [3, 1, 1, 2],
  many: [60, 20, 10, 30],
  all: [0, 25, 0, 40],
};
const table = [Object.values(cells).flat()];

describe('the bootstrap of all metrics at once', () => {
  const drawn = bootstrapComparisons(partitionOf(cells), options);
  if (drawn.state !== 'value') throw new Error(drawn.reason);

  const share = (k: number, n: number) => (n === 0 ? null : k / n);
  const each = (rate: (own: Cells) => number | null, of: (rates: number[]) => number | null): CountStatistic => {
    return (all) => {
      const groups = [0, 4, 8].map((at) => [...all.slice(at, at + 4)] as unknown as Cells);
      const rates = groups.map(rate).filter((value) => value !== null);
      return rates.length < 2 ? null : of(rates);
    };
  };
  const spread = (rates: number[]) => Math.max(...rates) - Math.min(...rates);
  const quotient = (rates: number[]) => (Math.max(...rates) === 0 ? null : Math.min(...rates) / Math.max(...rates));
  const selection = ([tn, fp, fn, tp]: Cells) => share(fp + tp, tn + fp + fn + tp);
  const truePositive = ([, , fn, tp]: Cells) => share(tp, fn + tp);
  const falsePositive = ([tn, fp]: Cells) => share(fp, tn + fp);
  const worse = (a: CountStatistic, b: CountStatistic): CountStatistic => {
    return (all) => {
      const [x, y] = [a(all), b(all)];
      return x === null || y === null ? null : Math.max(x, y);
    };
  };

  test.each<[keyof typeof drawn.metrics, CountStatistic]>([
    ['demographicParityDifference', each(selection, spread)],
    ['demographicParityRatio', each(selection, quotient)],
    ['equalOpportunityDifference', each(truePositive, spread)],
    ['falsePositiveRateRatio', each(falsePositive, quotient)],
    ['equalizedOddsDifference', worse(each(truePositive, spread), each(falsePositive, spread))],
  ])('gives the interval of %s that the bootstrap of this metric alone gives', (metric, statistic) => {
    expect(drawn.metrics[metric]).toEqual(countBootstrap(table, statistic, options));
  });

  test('gives each group the interval of its rates, and says in how many draws there is none', () => {
    const own = drawn.groups[0]?.rates.truePositiveRate;
    const statistic: CountStatistic = ([, , fn = 0, tp = 0]) => share(tp, fn + tp);
    expect(own).toEqual(countBootstrap(table, statistic, options));
    expect(own?.state === 'value' && own.undefinedReplicates).toBeGreaterThan(0);
    expect(drawn.groups.map(({ group }) => group)).toEqual(['few', 'many', 'all']);
  });

  test('is undefined where nothing can be compared, and suppressed where a count was withheld', () => {
    const without = bootstrapComparisons(partitionOf({ a: [9, 1, 0, 0], b: [8, 2, 0, 0] }), options);
    expect(without.state === 'value' && without.metrics.equalOpportunityRatio.state).toBe('undefined');
    const { groups, attribute } = partitionOf({ a: [9, 1, 2, 3] });
    const withheld = groups.map((group) => ({ ...group, counts: { ...group.counts, fp: null, tn: null } }));
    expect(bootstrapComparisons({ attribute, groups: withheld }, options).state).toBe('suppressed');
  });
});
