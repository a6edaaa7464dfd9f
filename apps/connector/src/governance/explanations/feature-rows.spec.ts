import { bindColumns, type FeatureColumn, type ModelSignature } from '@hansa/inference';
import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { batchOf, caseOf, featureSpace, rowOf } from './feature-rows.js';

const columns: readonly FeatureColumn[] = [
  { name: 'kind', type: 'text' },
  { name: 'weight', type: 'number' },
  { name: 'open', type: 'boolean' },
];
const signature = (inputs: ModelSignature['inputs']): ModelSignature => ({
  irVersion: 8,
  producer: 'test',
  opsets: [],
  operators: [],
  nodes: 1,
  inputs,
  outputs: [],
});
const tensor = (name: string, elementType: 'float32' | 'string' | 'bool', shape: readonly (number | string)[]) =>
  ({ kind: 'tensor', name, elementType, shape }) as const;
const named = signature([
  tensor('kind', 'string', ['N', 1]),
  tensor('weight', 'float32', ['N', 1]),
  tensor('open', 'bool', ['N', 1]),
]);
const space = featureSpace(must(bindColumns(named, columns)), columns);

describe('rows of features', () => {
  const batch = {
    rows: 3,
    columns: new Map([
      ['kind', { kind: 'text', values: ['halt', null, 'hub'] } as const],
      ['weight', { kind: 'number', values: Float64Array.of(39.8, 1, Number.NaN) } as const],
      ['open', { kind: 'boolean', values: Uint8Array.of(1, 255, 0) } as const],
    ]),
  };

  test('come out of a batch in the order of the model', () => {
    expect(rowOf(space, batch, 0)).toEqual(['halt', 39.8, 1]);
  });

  test('say which number they lack', () => {
    expect([rowOf(space, batch, 1), rowOf(space, batch, 2)]).toEqual([{ lacks: 'open' }, { lacks: 'weight' }]);
  });

  test('go back into columns that feed the model', () => {
    const fed = batchOf(space, [
      ['halt', 1, 0],
      ['hub', 2, 1],
    ]);
    expect(fed.rows).toBe(2);
    expect(fed.columns.get('kind')).toEqual({ kind: 'text', values: ['halt', 'hub'] });
    expect(fed.columns.get('open')).toEqual({ kind: 'number', values: Float64Array.of(0, 1) });
  });
});

describe('the case of a request', () => {
  const float = (shape: readonly number[], ...data: number[]) =>
    ({ type: 'float32', shape, data: Float32Array.from(data) }) as const;
  const inputs = {
    kind: { type: 'string', shape: [1, 1], data: ['halt'] },
    weight: float([1, 1], 39.8),
    open: { type: 'bool', shape: [1, 1], data: Uint8Array.of(1) },
  } as const;

  test('is what the consumer wrote, not what a 32-bit float makes of it', () => {
    expect(caseOf(space, { inputs })).toEqual({ ok: true, value: ['halt', 39.8, 1] });
  });

  test('is read from a matrix as well', () => {
    const matrix = signature([tensor('X', 'float32', ['N', 2])]);
    const numbers: readonly FeatureColumn[] = ['a', 'b'].map((name) => ({ name, type: 'number' }));
    const wide = featureSpace(must(bindColumns(matrix, numbers, ['a', 'b'])), numbers);
    expect(caseOf(wide, { inputs: { X: float([1, 2], 0.1, 7) } })).toEqual({ ok: true, value: [0.1, 7] });
  });

  test('is one row of finite numbers', () => {
    const many = caseOf(space, { inputs: { ...inputs, weight: float([2, 1], 1, 2) } });
    const endless = caseOf(space, { inputs: { ...inputs, weight: float([1, 1], Number.POSITIVE_INFINITY) } });
    expect([many, endless]).toMatchObject([
      { problem: { kind: 'explanation.case', detail: expect.stringContaining('one row') } },
      { problem: { kind: 'explanation.case', detail: expect.stringContaining('finite') } },
    ]);
  });
});
