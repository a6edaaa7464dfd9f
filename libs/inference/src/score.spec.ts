import { digestOf, must, ok, type Result, refuse } from '@hansa/kernel';
import { afterAll, describe, expect, test } from '@jest/globals';
import { packTensors } from './bind-columns.js';
import {
  bindColumns,
  boundColumns,
  type FeatureBatch,
  type FeatureVector,
  inspectModel,
  ModelHost,
  score,
} from './index.js';
import { echoModel, logisticModel, mixedModel } from './testing/index.js';

const host = new ModelHost();
afterAll(() => host.close());

const numbers = (...values: number[]): FeatureVector => ({ kind: 'number', values: Float64Array.from(values) });
const texts = (...values: (string | null)[]): FeatureVector => ({ kind: 'text', values });
const number = (name: string) => ({ name, type: 'number' }) as const;
const text = (name: string) => ({ name, type: 'text' }) as const;

async function* stream(...batches: Record<string, FeatureVector>[]): AsyncGenerator<Result<FeatureBatch>> {
  for (const columns of batches) {
    const named = new Map(Object.entries(columns));
    yield ok({ rows: [...named.values()][0]?.values.length ?? 0, columns: named });
  }
}

async function prepare(bytes: Uint8Array) {
  const digest = digestOf(bytes);
  const signature = must(await host.load({ digest, bytes }));
  return { host, digest, signature, threshold: 0.5 };
}

describe('bindColumns', () => {
  const matrix = must(inspectModel(logisticModel([1, 2])));
  const mixed = must(inspectModel(mixedModel()));

  test('feeds one matrix from the listed features, whatever else the dataset has', () => {
    const binding = must(bindColumns(matrix, [number('b'), text('c'), { name: 'a', type: 'boolean' }], ['a', 'b']));
    expect(binding).toEqual({ kind: 'matrix', input: 'X', elementType: 'float32', columns: ['a', 'b'] });
    expect(boundColumns(binding)).toEqual(['a', 'b']);
  });

  test('feeds each input from the column of its name', () => {
    expect(boundColumns(must(bindColumns(mixed, [text('kind'), number('lat')])))).toEqual(['lat', 'kind']);
  });

  test.each([
    [
      matrix,
      [number('a')],
      ['a', 'b'],
      { kind: 'model.missing-column', at: 'b', detail: 'The model needs the column "b"; the dataset has a.' },
    ],
    [matrix, [number('a'), text('b')], ['a', 'b'], { kind: 'model.wrong-type', at: 'b' }],
    [matrix, [number('a'), number('b')], [], { kind: 'model.features-needed' }],
    [matrix, [number('a'), number('b')], ['a'], { kind: 'model.features-needed' }],
    [mixed, [number('lat')], [], { kind: 'model.missing-column', at: 'kind' }],
    [mixed, [number('lat'), number('kind')], [], { kind: 'model.wrong-type', at: 'kind' }],
    [mixed, [text('lat'), text('kind')], [], { kind: 'model.wrong-type', at: 'lat' }],
  ] as const)('refuses what does not fit (case %#)', (signature, columns, features, problem) => {
    expect(bindColumns(signature, columns, features)).toMatchObject({ ok: false, problem });
  });
});

describe('score', () => {
  test('scores 20,001 rows in several runs, in order, with progress', async () => {
    const model = await prepare(logisticModel([1, 0]));
    const binding = must(bindColumns(model.signature, [number('x'), number('y')], ['x', 'y']));
    const x = Float64Array.from({ length: 20_001 }, (_, i) => (i - 10_000) / 1_000);
    const seen: number[] = [];
    const batches = stream({ x: { kind: 'number', values: x }, y: { kind: 'number', values: x } });
    const { scores, decisions } = must(
      await score({ ...model, binding, batches, progress: (rows) => seen.push(rows) }),
    );
    expect(seen).toEqual([8_192, 16_384, 20_001]);
    for (const [i, value] of x.entries()) {
      if (Math.abs((scores[i] ?? 0) - 1 / (1 + Math.exp(-value))) > 1e-6) throw new Error(`row ${i}`);
      if (decisions[i] !== (value >= 0 ? 1 : 0)) throw new Error(`decision ${i}`);
    }
  });

  test('takes text and a single output column', async () => {
    const model = await prepare(mixedModel());
    const binding = must(bindColumns(model.signature, [number('lat'), text('kind')]));
    const batches = stream({ lat: numbers(1, 2), kind: texts('tram', null) }, { lat: numbers(-3), kind: texts('bus') });
    const { scores, decisions } = must(await score({ ...model, binding, batches, threshold: 2 }));
    expect(scores).toEqual(Float64Array.of(11, 2, -3));
    expect(decisions).toEqual(Uint8Array.of(1, 1, 0));
  });

  test('the positive class can be another column', async () => {
    const model = await prepare(logisticModel([1]));
    const binding = must(bindColumns(model.signature, [number('x')], ['x']));
    const { scores } = must(await score({ ...model, binding, batches: stream({ x: numbers(100) }), positiveClass: 0 }));
    expect(scores[0]).toBeLessThan(1e-6);
    expect(await score({ ...model, binding, batches: stream({ x: numbers(1) }), positiveClass: 2 })).toMatchObject({
      problem: { kind: 'model.unknown-class' },
    });
  });

  test('a failed batch ends the scoring with its own problem', async () => {
    const model = await prepare(logisticModel([1]));
    const binding = must(bindColumns(model.signature, [number('x')], ['x']));
    async function* failing(): AsyncGenerator<Result<FeatureBatch>> {
      yield refuse('tabular.malformed', 'The file is malformed at line 7.');
    }
    expect(await score({ ...model, binding, batches: failing() })).toMatchObject({
      problem: { kind: 'tabular.malformed' },
    });
  });

  test('missing integers and scores that are no numbers are problems that name row and column', async () => {
    const mixed = await prepare(mixedModel());
    const binding = must(bindColumns(mixed.signature, [number('lat'), text('kind')]));
    const missing = stream({ lat: numbers(1), kind: texts('bus') }, { lat: numbers(Number.NaN), kind: texts('bus') });
    expect(await score({ ...mixed, binding, batches: missing })).toMatchObject({
      problem: { kind: 'model.no-score', at: 'lat', detail: expect.stringContaining('row 2, in which') },
    });
    const echo = must(inspectModel(echoModel()));
    const columns = [...'abcde'].map(number);
    const whole = must(bindColumns(echo, [...columns, text('kind')]));
    const row = (c: number) => ({
      ...Object.fromEntries([...'abde'].map((name) => [name, numbers(1)])),
      c: numbers(c),
      kind: texts('x'),
    });
    const batch = (c: number) => ({ rows: 1, columns: new Map<string, FeatureVector>(Object.entries(row(c))) });
    expect(must(packTensors(whole, batch(5), 1)).c).toEqual({
      type: 'int64',
      shape: [1, 1],
      data: BigInt64Array.of(5n),
    });
    expect(packTensors(whole, batch(Number.NaN), 7)).toMatchObject({
      problem: { kind: 'model.missing-value', at: 'c', detail: expect.stringContaining('"c" has no value in row 7') },
    });
  });
});
