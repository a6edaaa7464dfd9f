import { readFileSync } from 'node:fs';
import { digestOf, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import {
  buildTaskReport,
  type CountedClasses,
  type MulticlassPlan,
  TaskReportDocument,
  taskPlanDefaults,
  taskReportBytes,
} from '../index.js';
import { wilson } from '../statistics/interval.js';
import { averageNames, averageOf } from './class-averages.js';

interface Oracle {
  readonly multiclass: {
    readonly classes: readonly string[];
    readonly tables: Readonly<Record<string, readonly (readonly number[])[]>>;
    readonly groups: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly gaps: Readonly<Record<string, number>>;
    readonly recallGaps: Readonly<Record<string, number>>;
    readonly standardErrors: Readonly<
      Record<string, Readonly<Record<'macroF1' | 'weightedF1' | 'weightedPrecision', number>>>
    >;
  };
}
const { multiclass: oracle }: Oracle = JSON.parse(
  readFileSync(new URL('../fixtures/task-audits.json', import.meta.url), 'utf8'),
);

type Tables = Readonly<Record<string, readonly (readonly number[])[]>>;

function countedOf(tables: Tables, classes: readonly string[] = oracle.classes): CountedClasses {
  const groups = Object.keys(tables);
  const cells = groups.flatMap((group, g) =>
    (tables[group] ?? []).flatMap((row, y) => row.map((rows, d) => ({ g, y, d, rows }))),
  );
  return {
    classes,
    attributes: [{ attribute: 'region', values: groups }],
    codes: Uint32Array.from(cells, ({ g }) => g),
    label: Uint16Array.from(cells, ({ y }) => y),
    decision: Uint16Array.from(cells, ({ d }) => d),
    rows: Float64Array.from(cells, ({ rows }) => rows),
  };
}

const plan: MulticlassPlan = {
  ...taskPlanDefaults,
  task: 'multiclass',
  outcome: { name: 'line of work' },
  attributes: ['region'],
  metrics: [{ metric: 'equalOpportunityDifference', margin: 0.1, reason: 'Each line of work should be recognised.' }],
};

function reportOf(classes: CountedClasses, own: MulticlassPlan = plan) {
  return must(
    buildTaskReport({
      model: { digest: digestOf('model') },
      data: { digest: digestOf('data'), rows: classes.rows.reduce((sum, rows) => sum + rows, 0) },
      software: { name: 'hansa', version: '0.1.0' },
      material: { plan: own, classes },
    }),
  );
}

const report = reportOf(countedOf(oracle.tables));
const [region] = report.classes?.attributes ?? [];
const gapOf = (metric: string, name?: string) =>
  region?.gaps.find((gap) => gap.metric === metric && gap.class === name);

describe('an audit of decisions among classes', () => {
  test.each(Object.entries(oracle.groups))('has the figures of scikit-learn for %s', (name, expected) => {
    const own = region?.groups.find(({ group }) => group === name);
    expect(own?.accuracy).toMatchObject({ state: 'value', value: expect.closeTo(expected.accuracy ?? 0, 12) });
    for (const average of averageNames)
      expect(own?.averages[average]).toMatchObject({ value: expect.closeTo(expected[average] ?? 0, 12), leftOut: [] });
  });

  test.each(Object.entries(oracle.standardErrors))('has the delta method’s intervals for %s', (name, expected) => {
    const own = region?.groups.find(({ group }) => group === name);
    for (const [average, error] of Object.entries(expected)) {
      const found = own?.averages[average as keyof typeof expected];
      if (found?.state !== 'value') throw new Error(average);
      const n = (found.value * (1 - found.value)) / (error * error);
      const { lower, upper } = wilson(found.value * n, n, 0.95);
      expect([found.interval.lower, found.interval.upper]).toEqual([
        expect.closeTo(lower, 6),
        expect.closeTo(upper, 6),
      ]);
    }
  });

  test('has the gaps of fairlearn', () => {
    expect(gapOf('accuracyDifference')).toMatchObject({ value: expect.closeTo(oracle.gaps.accuracy ?? 0, 12) });
    expect(gapOf('macroRecallDifference')).toMatchObject({ value: expect.closeTo(oracle.gaps.macroRecall ?? 0, 12) });
    expect(gapOf('macroF1Difference')).toMatchObject({ value: expect.closeTo(oracle.gaps.macroF1 ?? 0, 12) });
    for (const [name, gap] of Object.entries(oracle.recallGaps))
      expect(gapOf('equalOpportunityDifference', name)).toMatchObject({ value: expect.closeTo(gap, 12) });
  });

  test('judges every class against the others, and says in words where the margin is broken', () => {
    expect(report.verdict.outcome).toBe('fail');
    expect(report.verdict.reasons.map(({ class: name, outcome }) => [name, outcome])).toEqual([
      ['care', 'insufficient-data'],
      ['craft', 'insufficient-data'],
      ['office', 'fail'],
    ]);
    expect(report.findings[0]).toMatchObject({
      severity: 'high',
      attribute: 'region',
      text: expect.stringMatching(
        /^Where region is west, the model rightly says "office" for \d+(\.\d)? % \(\d+ of \d+\) of the cases that truly are "office"; where it is \w+, \d+(\.\d)? % \(\d+ of \d+\)\.$/,
      ),
    });
  });

  test('shares the confidence out over classes, so that an interval is wider the more are asked about', () => {
    const wide = gapOf('equalOpportunityDifference', 'office');
    if (wide?.state !== 'value' || !wide.simultaneous) throw new Error('a planned gap is judged');
    expect(wide.simultaneous.lower).toBeLessThan(wide.interval.lower);
    expect(gapOf('accuracyDifference')).not.toHaveProperty('simultaneous');
  });

  test('holds averages of all classes against their margin, with the groups that lack a class left out', () => {
    const tables = {
      ...oracle.tables,
      isle: [
        [40, 2, 0],
        [3, 30, 0],
        [0, 0, 0],
      ],
    };
    const own = { ...plan, metrics: [{ metric: 'macroF1Difference', margin: 0.05, reason: 'All.' }] } as const;
    const { verdict, classes } = reportOf(countedOf(tables), own);
    expect(verdict.reasons).toHaveLength(1);
    expect(verdict.outcome).toBe('fail');
    expect(classes?.attributes[0]?.gaps.find(({ metric }) => metric === 'macroF1Difference')).toMatchObject({
      leftOut: [{ group: 'isle', n: 75, why: 'undefined' }],
      high: { group: 'north' },
      low: { group: 'west' },
    });
  });

  test('has the form that its schema says', () => {
    expect(TaskReportDocument.parse(JSON.parse(new TextDecoder().decode(taskReportBytes(report))))).toEqual(report);
  });

  test('is published as a JSON Schema', () => {
    const published = JSON.parse(readFileSync('docs/reference/task-report.schema.json', 'utf8'));
    // After a change: npm run build && node tools/report-schema.mjs
    expect(published).toEqual(z.toJSONSchema(TaskReportDocument, { io: 'output' }));
  });

  test('refuses one class, and counts of other rows', () => {
    const classes = countedOf({ a: [[4]] }, ['only']);
    const input = { model: { digest: digestOf('model') }, software: { name: 'hansa', version: '0' } };
    const data = { digest: digestOf('data'), rows: 4 };
    expect(buildTaskReport({ ...input, data, material: { plan, classes } })).toMatchObject({
      problem: { kind: 'task.one-class' },
    });
    const others = countedOf(oracle.tables);
    expect(buildTaskReport({ ...input, data, material: { plan, classes: others } })).toMatchObject({
      problem: { kind: 'task.rows-differ' },
    });
  });
});

const cell = fc.nat(12);
const tableArbitrary = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 });

describe('whatever is counted', () => {
  test('the report does not depend on the order or the splits of rows, bit for bit', () => {
    fc.assert(
      fc.property(tableArbitrary, tableArbitrary, (a, b) => {
        const whole = countedOf({ a, b });
        if (whole.rows.every((rows) => rows === 0)) return;
        const half = (rows: Float64Array, part: (n: number) => number) => Float64Array.from(rows, part);
        const twice = {
          ...whole,
          codes: Uint32Array.from([...whole.codes, ...whole.codes].reverse()),
          label: Uint16Array.from([...whole.label, ...whole.label].reverse()),
          decision: Uint16Array.from([...whole.decision, ...whole.decision].reverse()),
          rows: Float64Array.from(
            [...half(whole.rows, (n) => Math.floor(n / 2)), ...half(whole.rows, (n) => Math.ceil(n / 2))].reverse(),
          ),
        };
        expect(taskReportBytes(reportOf(twice))).toEqual(taskReportBytes(reportOf(whole)));
      }),
      { numRuns: 8 },
    );
  });

  test('an average lies in its interval, and all of that from 0 to 1', () => {
    fc.assert(
      fc.property(tableArbitrary, (rows) => {
        for (const name of averageNames) {
          const own = averageOf(name, { classes: ['a', 'b', 'c'], cells: Float64Array.from(rows.flat()) }, 0.95);
          if (own.state !== 'value') continue;
          const { lower, upper } = own.interval;
          expect([lower >= 0, lower <= own.value + 1e-12, own.value <= upper + 1e-12, upper <= 1]).toEqual([
            true,
            true,
            true,
            true,
          ]);
        }
      }),
    );
  });
});
