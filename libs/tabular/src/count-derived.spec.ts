import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must, ok, refuse, seededRandom } from '@hansa/kernel';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type ColumnBatch, type DerivedCounting, TableEngine } from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'hansa-derived-'));
const tables = new TableEngine();
afterAll(async () => {
  await tables.close();
  rmSync(folder, { recursive: true });
});

/** 20,000 rows; `s` is what the derived column computes, so that the engine can count the same. */
const random = seededRandom(7);
const pick = (...of: readonly (string | number)[]) => of[Math.floor(random() * of.length)];
const lines = Array.from({ length: 20_000 }, () => {
  const score = random() < 0.02 ? '' : String(Math.round(random() * 120 - 10) / 100);
  const day = pick('2026-01-05', '2026-01-31', '2026-02-01T00:00:00Z', 'never', '');
  return [
    pick('f', 'm', ' m', '', 'NaN'),
    pick(0, 1, ''),
    pick(1.5, '1.50', 2, ''),
    pick('true', 'FALSE', ''),
    day,
    random() * 3,
    score,
  ];
});
const people = { file: join(folder, 'people.csv'), format: 'csv' } as const;
writeFileSync(people.file, `sex,y,size,flag,day,w,s\n${lines.map((line) => line.join(',')).join('\n')}\n`);

const doubled = (batch: ColumnBatch) => {
  const vector = batch.columns.get('s');
  if (vector?.kind !== 'number') throw new Error('no numbers');
  return Promise.resolve(ok(vector.values.map((value) => (value * 2) / 2)));
};
const derived = { name: 'score', from: ['s'], compute: doubled };

describe('countDerived', () => {
  const value = (column: string) => ({ column, by: 'value' }) as const;
  const grid = { by: 'grid', lower: 0, upper: 1, bins: 100 } as const;
  const countings = (score: string): readonly DerivedCounting[] => [
    { columns: [value('y'), { column: score, by: 'cut', points: [0.29, 0.5] }, value('sex'), value('flag')] },
    { columns: [value('y'), { column: score, ...grid }], weight: 'w' },
    { columns: [{ column: 'day', by: 'month' }, value('size'), value(score)] },
    { columns: [{ column: 's', by: 'cut', points: [0] }] },
  ];

  test('counts exactly what the engine counts of the same column', async () => {
    const own = must(await tables.countDerived(people, countings('score'), derived));
    const engine = must(await tables.countJointly(people, countings('s')));
    const renamed = engine.map((count) => ({
      ...count,
      columns: count.columns.map((column, k) => ({
        ...column,
        column: own[engine.indexOf(count)]?.columns[k]?.column,
      })),
    }));
    expect(own).toEqual(renamed);
    expect(own[0]?.codes.length).toBeGreaterThan(100);
  });

  test('gives rows in the order of the file, with their numbers', async () => {
    const seen: number[] = [];
    const first: (string | null | undefined)[] = [];
    const compute = async ({ rows, columns }: ColumnBatch, firstRow: number) => {
      seen.push(firstRow, rows);
      first.push(String(columns.get('w')?.values[0]));
      return ok(new Float64Array(rows));
    };
    must(await tables.countDerived(people, [{ columns: [value('score')] }], { name: 'score', from: ['w'], compute }));
    expect(seen.reduce((sum, n, i) => sum + (i % 2 ? n : 0), 0)).toBe(20_000);
    expect(first).toEqual(seen.flatMap((n, i) => (i % 2 ? [] : [String(lines[n - 1]?.[5])])));
  });

  test('refuses what cannot be counted, and passes on the refusal of the computation', async () => {
    const columns = [value('y'), value('score')];
    const refusal = { ...derived, compute: async () => refuse('model.no-score', 'no') };
    expect(await tables.countDerived(people, [{ columns }], refusal)).toMatchObject({
      problem: { kind: 'model.no-score' },
    });
    expect(await tables.countDerived(people, [{ columns }], { ...derived, name: 's' })).toMatchObject({
      problem: { kind: 'tabular.ambiguous-column', at: 's' },
    });
    expect(await tables.countDerived(people, [{ columns }], { ...derived, from: ['z'] })).toMatchObject({
      problem: { kind: 'tabular.missing-column', at: 'z' },
    });
    expect(await tables.countDerived(people, [{ columns: [value('w')], maxCombinations: 100 }], derived)).toMatchObject(
      {
        problem: { kind: 'tabular.too-many-combinations' },
      },
    );
    expect(await tables.countDerived(people, [{ columns, weight: 's' }], derived)).toMatchObject({
      problem: {
        kind: 'tabular.wrong-weight',
        detail: expect.stringMatching(/The weight "s" of row \d+ is (missing|-0\.)/),
      },
    });
  });
});
