import { type Json, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { inferResponse, inspectModel, modelMetadata, parseInferRequest } from './index.js';
import { echoModel, logisticModel, zipMapModel } from './testing/index.js';

const matrix = must(inspectModel(logisticModel([1, 2])));
const echo = must(inspectModel(echoModel()));
const X = { name: 'X', shape: [2, 2], datatype: 'FP32', data: [1, 2, 3, 4] };

describe('parseInferRequest', () => {
  test.each([
    [[1, 2, 3, 4]],
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ])('reads flat and nested data: %j', (data) => {
    const request = must(
      parseInferRequest({ id: '42', inputs: [{ ...X, data }], outputs: [{ name: 'label' }] }, matrix),
    );
    expect(request.id).toBe('42');
    expect(request.outputs).toEqual(['label']);
    expect(request.inputs.X).toEqual({ type: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
  });

  test('reads every datatype', () => {
    const tensor = (name: string, datatype: string, value: Json) => ({ name, shape: [1, 1], datatype, data: [value] });
    const inputs = [
      tensor('a', 'FP32', 0.5),
      tensor('b', 'FP64', 0.1),
      tensor('c', 'INT64', 9007199254740991),
      tensor('d', 'INT32', -5),
      tensor('e', 'BOOL', true),
      tensor('kind', 'BYTES', 'Tram'),
    ];
    const values = Object.values(must(parseInferRequest({ inputs }, echo)).inputs).map(({ data }) => data[0]);
    expect(values).toEqual([0.5, 0.1, 9007199254740991n, -5, 1, 'Tram']);
  });

  test.each([
    ['a list', [], 'inference.malformed'],
    ['no inputs', {}, 'inference.malformed'],
    ['an id that is a number', { id: 1, inputs: [X] }, 'inference.malformed'],
    ['an input without data', { inputs: [{ ...X, data: 1 }] }, 'inference.malformed'],
    ['an unknown input', { inputs: [{ ...X, name: 'Z' }] }, 'model.missing-input'],
    ['an input named like a prototype', { inputs: [{ ...X, name: 'toString' }] }, 'model.missing-input'],
    ['a missing input', { inputs: [] }, 'model.missing-input'],
    ['an input twice', { inputs: [X, X] }, 'inference.malformed'],
    ['another datatype', { inputs: [{ ...X, datatype: 'FP64' }] }, 'model.wrong-type'],
    ['a shape of a billion rows', { inputs: [{ ...X, shape: [1e9, 2] }] }, 'model.wrong-shape'],
    ['a shape beyond all numbers', { inputs: [{ ...X, shape: [9e15, 9e15] }] }, 'model.wrong-shape'],
    ['a negative shape', { inputs: [{ ...X, shape: [-2, -2] }] }, 'inference.malformed'],
    ['another width', { inputs: [{ ...X, shape: [1, 4] }] }, 'model.wrong-shape'],
    ['a text among numbers', { inputs: [{ ...X, data: [1, 2, 3, '4'] }] }, 'inference.malformed'],
    ['a null among numbers', { inputs: [{ ...X, data: [1, 2, 3, null] }] }, 'inference.malformed'],
    ['data nested too deep', { inputs: [{ ...X, data: [[[1, 2]], [[3, 4]]] }] }, 'model.wrong-shape'],
    ['outputs without names', { inputs: [X], outputs: [{}] }, 'inference.malformed'],
  ] as const)('refuses %s', (_name, json, kind) => {
    expect(parseInferRequest(json as Json, matrix)).toMatchObject({ ok: false, problem: { kind } });
  });
});

describe('inferResponse', () => {
  test('writes each type as JSON', () => {
    const shape = [1];
    const response = inferResponse({
      modelName: 'barriers',
      modelVersion: '2',
      id: '42',
      outputs: {
        label: { type: 'int64', shape, data: BigInt64Array.of(1n) },
        probabilities: { type: 'float32', shape: [1, 2], data: Float32Array.of(0.25, 0.75) },
        yes: { type: 'bool', shape, data: Uint8Array.of(1) },
        word: { type: 'string', shape, data: ['grant'] },
      },
    });
    expect(must(response)).toEqual({
      model_name: 'barriers',
      model_version: '2',
      id: '42',
      outputs: [
        { name: 'label', shape: [1], datatype: 'INT64', data: [1] },
        { name: 'probabilities', shape: [1, 2], datatype: 'FP32', data: [0.25, 0.75] },
        { name: 'yes', shape: [1], datatype: 'BOOL', data: [true] },
        { name: 'word', shape: [1], datatype: 'BYTES', data: ['grant'] },
      ],
    });
  });

  test('refuses what JSON cannot say instead of changing it', () => {
    const answer = (data: Float32Array) =>
      inferResponse({ modelName: 'm', outputs: { p: { type: 'float32', shape: [1], data } } });
    expect(answer(Float32Array.of(Number.NaN))).toMatchObject({ problem: { kind: 'model.no-score', at: 'p' } });
    const big = { p: { type: 'int64', shape: [1], data: BigInt64Array.of(2n ** 60n) } } as const;
    expect(inferResponse({ modelName: 'm', outputs: big }).ok).toBe(false);
  });
});

describe('modelMetadata', () => {
  test('lists tensors with -1 for sizes that vary, and leaves out what is no tensor', () => {
    expect(modelMetadata({ name: 'barriers', versions: ['1'], signature: matrix })).toEqual({
      name: 'barriers',
      versions: ['1'],
      platform: 'onnx_onnxv1',
      inputs: [{ name: 'X', datatype: 'FP32', shape: [-1, 2] }],
      outputs: [
        { name: 'label', datatype: 'INT64', shape: [-1] },
        { name: 'probabilities', datatype: 'FP32', shape: [-1, 2] },
      ],
    });
    expect(modelMetadata({ name: 'z', signature: must(inspectModel(zipMapModel(false))) }).outputs).toEqual([]);
  });
});
