import { digestOf, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import {
  type AuditPlan,
  AuditReportDocument,
  addCounts,
  buildReport,
  type CellCounts,
  findingTypes,
  planDefaults,
  rederive,
} from '../index.js';
import { type Cells, confusion } from '../testing/confusion-groups.js';

const plan: AuditPlan = {
  outcome: { name: 'needs a check', positive: 'check', polarity: 'burden' },
  attributes: ['sex'],
  metrics: [{ metric: 'demographicParityDifference', margin: 0.1, reason: 'A needless check is a burden.' }],
  ...planDefaults,
};

/** A city's counts, from women and men decided positive out of so many. */
const city = (women: readonly [k: number, n: number], men: readonly [k: number, n: number]): CellCounts => {
  const cells = ([k, n]: readonly [number, number]): Cells => [n - k - 10, k, 10, 0];
  const groups = Object.entries({ f: cells(women), m: cells(men) }).map(([group, own]) => ({
    group,
    attributes: { sex: group },
    counts: confusion(own),
  }));
  return { total: addCounts(groups.map(({ counts }) => counts)), partitions: [{ attribute: 'sex', groups }] };
};

function reportOf(cities: Readonly<Record<string, CellCounts>>) {
  const all = Object.values(cities);
  const groups = ['f', 'm'].map((group) => ({
    group,
    attributes: { sex: group },
    counts: addCounts(
      all
        .flatMap(({ partitions }) => partitions[0]?.groups.filter((g) => g.group === group) ?? [])
        .map((g) => g.counts),
    ),
  }));
  const total = addCounts(groups.map(({ counts }) => counts));
  return must(
    buildReport({
      model: { digest: digestOf('model') },
      data: { digest: digestOf('data'), rows: total.n ?? 0 },
      plan,
      counts: { total, partitions: [{ attribute: 'sex', groups }] },
      software: { name: 'hansa', version: '0.1.0' },
      cities: Object.entries(cities).map(([name, counts]) => ({ name, counts })),
    }),
  );
}
const textOf = (report: ReturnType<typeof reportOf>, type: string) =>
  report.findings.find((f) => f.type === type)?.text;

describe('a report of several cities', () => {
  const same = reportOf({
    A: city([100, 400], [150, 400]),
    B: city([51, 200], [76, 200]),
    C: city([120, 500], [188, 500]),
  });

  test('has the rates of each city and the gap that decided, city by city', () => {
    const [contrast] = same.federation?.contrasts ?? [];
    expect(contrast).toMatchObject({
      attribute: 'sex',
      rate: 'selectionRate',
      high: 'm',
      low: 'f',
      reversed: false,
      outlying: [],
    });
    expect(
      contrast?.cities.map((gap) => gap.state === 'value' && [gap.city, gap.high.k, gap.low.n, gap.judged]),
    ).toEqual([
      ['A', 150, 400, true],
      ['B', 76, 200, true],
      ['C', 188, 500, true],
    ]);
    expect(contrast?.pooled.high).toEqual({ k: 414, n: 1100 });
    expect(same.federation?.cities[1]?.slices[0]?.rates.selectionRate).toMatchObject({ k: 127, n: 400 });
    expect(Object.keys(same.federation?.cities[0]?.slices[0]?.rates ?? {})).toEqual(['selectionRate']);
  });

  test('finds cities alike that differ by chance alone', () => {
    const [contrast] = same.federation?.contrasts ?? [];
    expect(contrast?.heterogeneity).toMatchObject({ state: 'value', df: 2, inconsistency: 0, leftOut: [] });
    expect(contrast?.breslowDay).toMatchObject({ state: 'value', df: 2 });
    expect(textOf(same, findingTypes.outlyingPlace)).toBeUndefined();
    expect(textOf(same, findingTypes.heterogeneousPlaces)).toBeUndefined();
  });

  test('names a city that is unlike the others', () => {
    const report = reportOf({
      A: city([100, 400], [150, 400]),
      B: city([75, 300], [110, 300]),
      C: city([250, 500], [100, 500]),
      D: city([100, 400], [140, 400]),
    });
    expect(report.federation?.contrasts[0]?.outlying.map((own) => own.city)).toEqual(['C']);
    expect(textOf(report, findingTypes.outlyingPlace)).toMatch(
      /^C is unlike the other cities: selectionRate of f minus m is 0\.3 there/,
    );
  });

  test('of two cities that differ says that they do, and blames neither', () => {
    const report = reportOf({ A: city([100, 400], [150, 400]), B: city([100, 400], [250, 400]) });
    expect(report.federation?.contrasts[0]?.outlying).toEqual([]);
    expect(textOf(report, findingTypes.heterogeneousPlaces)).toMatch(
      /is not the same in A and B: 9\d(\.\d)? % of its variation/,
    );
  });

  test("flags Simpson's paradox: men are checked more often over all, and women in each city", () => {
    const report = reportOf({ A: city([80, 100], [630, 900]), B: city([270, 900], [20, 100]) });
    const [contrast] = report.federation?.contrasts ?? [];
    expect(contrast).toMatchObject({ high: 'm', low: 'f', reversed: true });
    expect(contrast?.pooled.difference).toBeCloseTo(0.3);
    expect(textOf(report, findingTypes.simpsonsParadox)).toMatch(
      /^selectionRate is higher for m than for f over all cities \(65 % and 35 %\), but lower in each of the 2 cities/,
    );
  });

  test('says of a city without one of the groups, or with withheld counts, why it has no gap', () => {
    const [alone] = city([100, 400], [150, 400]).partitions;
    const women = {
      total: confusion([290, 100, 10, 0]),
      partitions: [{ attribute: 'sex', groups: alone?.groups.slice(0, 1) ?? [] }],
    };
    const report = reportOf({ A: city([100, 400], [150, 400]), B: city([51, 200], [76, 200]), C: women });
    expect(report.federation?.contrasts[0]?.cities[2]).toEqual({
      city: 'C',
      state: 'undefined',
      reason: 'one of the groups has no rows here',
    });
  });

  test('has the published form, and follows from its counts', () => {
    expect(AuditReportDocument.safeParse(JSON.parse(JSON.stringify(same))).error).toBeUndefined();
    expect(rederive(JSON.parse(JSON.stringify(same))).discrepancies).toEqual([]);
    const changed = JSON.parse(JSON.stringify(same));
    changed.federation.cities[0].slices[1].counts.tn += 1;
    changed.federation.cities[0].slices[1].counts.n += 1;
    const places = rederive(changed).discrepancies.map(({ at }) => at);
    expect(places).toContain('/slices/1/counts/tn');
    expect(places.some((at) => at.startsWith('/federation/contrasts/0/cities/0'))).toBe(true);
  });

  test('without cities has no such part', () => {
    expect(
      'federation' in
        must(
          buildReport({
            model: same.model,
            data: same.data,
            plan,
            counts: {
              total: same.slices[0]?.counts ?? confusion([0, 0, 0, 0]),
              partitions: [
                {
                  attribute: 'sex',
                  groups: same.slices
                    .slice(1)
                    .map(({ attributes, counts }) => ({ group: attributes.sex ?? '', attributes, counts })),
                },
              ],
            },
            software: same.software,
          }),
        ),
    ).toBe(false);
  });
});
