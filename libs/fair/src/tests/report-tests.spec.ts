import { readFileSync } from 'node:fs';
import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import {
  type AuditPlan,
  AuditReportDocument,
  addCounts,
  buildReport,
  type CellCounts,
  planDefaults,
  reportBytes,
} from '../index.js';
import { type Cells, confusion } from '../testing/confusion-groups.js';
import { testDefaults } from './settings.js';

interface Fixture {
  readonly people: Readonly<Record<string, Readonly<Record<string, Cells>>>>;
  readonly races: Readonly<Record<string, Cells>>;
  readonly planned: Readonly<Record<string, number>>;
  readonly holm: Readonly<Record<string, number>>;
  readonly sameGap: Readonly<Record<string, number>>;
}

/** By SciPy and statsmodels. */
const fixture: Fixture = JSON.parse(readFileSync(new URL('../fixtures/report-tests.json', import.meta.url), 'utf8'));

const plan: AuditPlan = {
  ...planDefaults,
  outcome: { name: 'owes money', positive: 'is checked', polarity: 'burden' },
  attributes: ['sex', 'race'],
  controls: ['age'],
  metrics: [
    { metric: 'equalizedOddsDifference', margin: 0.2, reason: 'Mistakes should fall on all alike.' },
    { metric: 'demographicParityRatio', margin: 0.8, reason: 'Four fifths.' },
  ],
  tests: testDefaults,
};

const groupsOf = (attribute: string, cells: Readonly<Record<string, Cells>>) =>
  Object.entries(cells).map(([group, own]) => ({ group, attributes: { [attribute]: group }, counts: confusion(own) }));

/** Two sexes within two ages, and races counted apart. */
function counted(): CellCounts {
  const strata = Object.entries(fixture.people).map(([age, sexes]) => ({
    attribute: 'sex',
    stratum: { age },
    groups: groupsOf('sex', sexes),
  }));
  const sexes = ['Female', 'Male'].map((sex) => ({
    group: sex,
    attributes: { sex },
    counts: addCounts(strata.flatMap(({ groups }) => groups.filter(({ group }) => group === sex).map((g) => g.counts))),
  }));
  const race = { attribute: 'race', groups: groupsOf('race', fixture.races) };
  return {
    total: addCounts(sexes.map(({ counts }) => counts)),
    partitions: [{ attribute: 'sex', groups: sexes }, race, ...strata],
    apart: true,
  };
}

function reportOf(changes: Partial<AuditPlan> = {}, counts = counted()) {
  const data = { digest: `sha-256:${'0'.repeat(64)}` as const, rows: counts.total.n ?? 0 };
  const software = { name: 'hansa', version: '0.1.0' };
  return must(buildReport({ model: { digest: data.digest }, data, plan: { ...plan, ...changes }, counts, software }));
}

function testsOf(changes: Partial<AuditPlan> = {}, counts = counted()) {
  const { tests } = reportOf(changes, counts);
  if (!tests) throw new Error('the plan asks for tests');
  return tests;
}

describe('the tests of a report', () => {
  test("are Fisher's for two groups, chi-square for more, Mantel and Haenszel's within a control, adjusted by Holm: as by SciPy", () => {
    const { tests, families } = testsOf();
    const planned = tests.filter(({ family }) => family === 'planned');
    expect(families.planned).toEqual({ method: 'holm', controls: 'family-wise error rate', size: 9 });
    expect(planned).toHaveLength(9);
    for (const { rate, attribute, control, result } of planned) {
      const name = `${rate} ${attribute}${control === undefined ? '' : ` within ${control}`}`;
      const kind = control ? 'generalised-mantel-haenszel' : attribute === 'sex' ? 'fisher-exact' : 'chi-square';
      if (result.state !== 'value') throw new Error(result.reason);
      expect(result.test).toBe(kind);
      expect(result.p / (fixture.planned[name] ?? 0)).toBeCloseTo(1, 8);
      expect(result.adjusted / (fixture.holm[name] ?? 0)).toBeCloseTo(1, 8);
    }
  });

  test('of everything else are exploration: other rates, each level, and whether gaps are the same in all of them', () => {
    const { tests, families } = testsOf();
    const others = tests.filter(({ family }) => family === 'exploratory');
    // Four more rates by two attributes, three rates in two levels, three gaps between levels.
    expect(others).toHaveLength(8 + 6 + 3);
    expect(families.exploratory).toEqual({ method: 'benjamini-hochberg', controls: 'false discovery rate', size: 17 });
    const gaps = others.filter(({ question }) => question === 'same-gap-in-levels');
    for (const { rate, result, between } of gaps) {
      expect(between).toEqual(['Male', 'Female']);
      expect(result.state === 'value' && result.p / (fixture.sameGap[rate] ?? 0)).toBeCloseTo(1, 6);
    }
  });

  test('hold every pair of groups against the margin, and name the pair for which it is hardest', () => {
    const { equivalences, alpha } = testsOf();
    const adjusted = Object.fromEntries(
      equivalences.map(({ metric, attribute, result }) => [
        `${metric} ${attribute}`,
        result.state === 'value' && result.adjusted,
      ]),
    );
    expect(adjusted['equalizedOddsDifference sex']).toBeLessThan(alpha);
    expect(adjusted['equalizedOddsDifference race']).toBeGreaterThan(alpha);
    expect(adjusted['demographicParityRatio sex']).toBeGreaterThan(alpha);
    const [, , ofRace] = equivalences;
    expect(ofRace?.result).toMatchObject({ state: 'value', hardest: ['A', 'D'] });
    expect(ofRace?.text).toMatch(/^equalizedOddsDifference by race is not shown to be at most 0.2; .* A and D/);
  });

  test('say what chance alone would make of the largest gap, and how small a gap could have been found', () => {
    const { gaps } = testsOf();
    const gap = gaps.find(({ rate, attribute }) => rate === 'truePositiveRate' && attribute === 'race');
    if (gap?.underNoDifference.state !== 'value' || gap.detectable.state !== 'value') throw new Error('no gap');
    // The standard error of the smallest group, 40 rows at about two thirds, is 0.075.
    expect(gap.underNoDifference.value).toBeGreaterThan(0.05);
    expect(gap.underNoDifference.value).toBeLessThan(0.12);
    expect(gap.detectable.value).toBeGreaterThan(0.2);
    expect(gap.detectable.value).toBeLessThan(0.35);
    expect(gap.text).toMatch(/^The largest gap in truePositiveRate by race is 0\.\d+, and chance alone would make it/);
  });

  test('draw the rates of small groups towards the mean, beside the rates as counted', () => {
    const { gaps } = testsOf({ floors: { group: 500, events: 5 } });
    const gap = gaps.find(({ rate, attribute }) => rate === 'truePositiveRate' && attribute === 'race');
    const [small] = gap?.smallGroups ?? [];
    expect(small).toMatchObject({ group: 'D', k: 25, n: 40, value: 0.625 });
    expect(small?.shrunken.value).toBeGreaterThan(0.625);
    expect(small?.shrunken.value).toBeLessThan(0.7);
  });

  test('permute where too little is expected for chi-square', () => {
    const few: CellCounts = {
      total: confusion([60, 6, 3, 6]),
      partitions: [
        { attribute: 'race', groups: groupsOf('race', { A: [20, 2, 1, 2], B: [20, 0, 1, 2], C: [20, 4, 1, 2] }) },
      ],
    };
    const changes = { attributes: ['race'], controls: [], floors: { group: 0, events: 0 } };
    const found = testsOf(changes, few).tests.find(({ rate }) => rate === 'truePositiveRate');
    expect(found?.result).toMatchObject({ test: 'permutation of the largest gap', p: 1 });
    expect(found?.text).toContain('which does not show that they are alike');
  });

  test('are absent unless the plan asks for them, keep the form of a report, and are the same bytes each time', () => {
    const { tests: _, ...quiet } = plan;
    const counts = counted();
    const data = { digest: `sha-256:${'0'.repeat(64)}` as const, rows: counts.total.n ?? 0 };
    const software = { name: 'hansa', version: '0.1.0' };
    const silent = must(buildReport({ model: { digest: data.digest }, data, plan: quiet, counts, software }));
    expect('tests' in silent).toBe(false);
    const loud = reportOf();
    expect(AuditReportDocument.safeParse(JSON.parse(JSON.stringify(loud))).error?.issues).toBeUndefined();
    expect(reportBytes(reportOf())).toEqual(reportBytes(loud));
    expect(loud.verdict).toEqual(silent.verdict);
  });
});
