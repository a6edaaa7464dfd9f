import { digestOf, must } from '@hansa/kernel';
import { afterAll, describe, expect, test } from '@jest/globals';
import {
  bindColumns,
  type FeatureBatch,
  inspectModel,
  ModelHost,
  type PositiveClass,
  RowScorer,
  readingOf,
} from './index.js';
import { classModel, echoModel, logisticModel, sumModel, zipMapModel } from './testing/index.js';

const host = new ModelHost();
afterAll(() => host.close());

const batch = (columns: Readonly<Record<string, readonly number[]>>): FeatureBatch => ({
  rows: Object.values(columns)[0]?.length ?? 0,
  columns: new Map(
    Object.entries(columns).map(([name, values]) => [name, { kind: 'number', values: Float64Array.from(values) }]),
  ),
});

async function scorerOf(bytes: Uint8Array, positive: PositiveClass, features: readonly string[]) {
  const digest = digestOf(bytes);
  const signature = must(await host.load({ digest, bytes }));
  const binding = must(
    bindColumns(
      signature,
      features.map((name) => ({ name, type: 'number' })),
      features,
    ),
  );
  return new RowScorer({ host, digest, signature, binding, reading: must(readingOf(signature, positive)) });
}

const three = { low: [1, 0], middle: [0, 1], high: [-1, -1] };

describe('readingOf', () => {
  const of = (bytes: Uint8Array, positive: PositiveClass) => readingOf(must(inspectModel(bytes)), positive);

  test('takes the column of the class that is the positive label', () => {
    expect(of(classModel(three, true), { label: 'high' })).toEqual({
      ok: true,
      value: { kind: 'scores', output: 'probabilities', column: 2 },
    });
    expect(must(of(logisticModel([1]), { label: '1' }))).toMatchObject({ column: 1 });
    expect(must(of(logisticModel([1]), { label: 'true' }))).toMatchObject({ column: 1 });
  });

  test('takes labels where there are no scores', () => {
    expect(must(of(classModel(three, false), { label: 'high' }))).toEqual({
      kind: 'label',
      output: 'label',
      positive: 'high',
    });
    expect(must(of(classModel(three, false), { column: 0 }))).toMatchObject({ positive: 'low' });
  });

  test.each<[string, Uint8Array, PositiveClass, RegExp]>([
    ['a label that is no class', logisticModel([1]), { label: 'yes' }, /classes are "0", "1", and none .* "yes"/],
    [
      'a class that is not there',
      classModel(three, true),
      { name: 'hihg' },
      /no class "hihg".*"low", "middle", "high"/,
    ],
    ['a label that no label model gives', classModel(three, false), { label: '1' }, /"low", "middle", "high"/],
    ['a class of a single score', sumModel('N', 2), { name: '1' }, /one score for each row/],
    ['several outputs of which none is a score', echoModel(), { label: '1' }, /None of the outputs/],
  ])('refuses %s and names what there is', (_, bytes, positive, sentence) => {
    expect(of(bytes, positive)).toMatchObject({ ok: false, problem: { detail: expect.stringMatching(sentence) } });
  });
});

describe('RowScorer', () => {
  test('reads a matrix of several classes, and names of classes as labels', async () => {
    const rows = batch({ a: [5, 0, -5], b: [0, 5, -5] });
    const scores = await scorerOf(classModel(three, true), { label: 'middle' }, ['a', 'b']);
    expect(Array.from(must(await scores.score(rows, 1)), (p) => p > 0.5)).toEqual([false, true, false]);
    const labels = await scorerOf(classModel(three, false), { label: 'high' }, ['a', 'b']);
    expect(must(await labels.score(rows, 1))).toEqual(Float64Array.of(0, 0, 1));
    expect([...labels.labels]).toEqual(['low', 'middle', 'high']);
  });

  test('reads what ZipMap hides', async () => {
    const plain = await scorerOf(logisticModel([1, 1]), { label: '1' }, ['a', 'b']);
    const zipped = await scorerOf(zipMapModel(false), { label: '1' }, ['a', 'b']);
    const rows = batch({ a: [0.3, -2], b: [0.1, 1] });
    expect(must(await zipped.score(rows, 1))).toEqual(must(await plain.score(rows, 1)));
  });

  test('a model of one row at a time gets one row at a time, and one of 32 is refused', async () => {
    const rows = batch({ a: [1, 2, 3], b: [4, 5, 6] });
    const one = await scorerOf(sumModel(1, 2), { label: '1' }, ['a', 'b']);
    expect(must(await one.score(rows, 1))).toEqual(Float64Array.of(5, 7, 9));
    const many = await scorerOf(sumModel(32, 2), { label: '1' }, ['a', 'b']);
    expect(await many.score(rows, 1)).toMatchObject({
      problem: { kind: 'model.wrong-shape', at: 'X', detail: expect.stringContaining('exactly 32 rows') },
    });
  });

  test('a model that gives another number of rows is refused with both numbers', async () => {
    const whole = await scorerOf(sumModel('N', 2, true), { label: '1' }, ['a', 'b']);
    expect(await whole.score(batch({ a: [1, 2], b: [3, 4] }), 11)).toMatchObject({
      problem: { kind: 'model.no-score', detail: expect.stringMatching(/\[1, 1\] for 2 rows \(from row 11\)/) },
    });
  });

  test('a number that is none names its row, and the columns that are empty there', async () => {
    const scorer = await scorerOf(sumModel('N', 2), { label: '1' }, ['a', 'b']);
    expect(await scorer.score(batch({ a: [1, 2], b: [3, Number.NaN] }), 101)).toMatchObject({
      problem: {
        kind: 'model.no-score',
        at: 'b',
        detail: expect.stringContaining('row 102, in which there is no value in "b"'),
      },
    });
    const infinite = batch({ a: [Number.POSITIVE_INFINITY], b: [Number.NEGATIVE_INFINITY] });
    expect(await scorer.score(infinite, 1)).toMatchObject({
      problem: { detail: expect.stringContaining('no column that it uses is empty there') },
    });
  });
});
