import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { inspectModel } from './index.js';
import {
  dataType,
  echoModel,
  externalTensor,
  graph,
  logisticModel,
  Message,
  mixedModel,
  model,
  node,
  tensor,
  tensorType,
  value,
  zipMapModel,
} from './testing/index.js';

const floats = tensorType(dataType.float32, [1]);
const [X, Y] = [value('X', floats), value('Y', floats)];
const add = node('Add', ['X', 'W'], ['Y']);
const kindOf = (bytes: Uint8Array) => {
  const result = inspectModel(bytes);
  return result.ok ? 'ok' : result.problem.kind;
};

describe('inspectModel', () => {
  test('reads inputs, outputs, operators and versions', () => {
    expect(must(inspectModel(logisticModel([1, 2, 3])))).toEqual({
      irVersion: 10,
      producer: 'hansa-testing',
      opsets: [
        { domain: '', version: 21 },
        { domain: 'ai.onnx.ml', version: 3 },
      ],
      operators: ['ai.onnx.ml.LinearClassifier'],
      nodes: 1,
      inputs: [{ name: 'X', kind: 'tensor', elementType: 'float32', shape: ['N', 3] }],
      outputs: [
        { name: 'label', kind: 'tensor', elementType: 'int64', shape: ['N'] },
        { name: 'probabilities', kind: 'tensor', elementType: 'float32', shape: ['N', 2] },
      ],
      classes: ['0', '1'],
    });
    expect(must(inspectModel(mixedModel())).operators).toEqual(['Add', 'ai.onnx.ml.LabelEncoder']);
    expect(must(inspectModel(echoModel())).inputs.map((input) => input.kind === 'tensor' && input.elementType)).toEqual(
      ['float32', 'float64', 'int64', 'int32', 'bool', 'string'],
    );
  });

  test('describes what ZipMap makes', () => {
    expect(must(inspectModel(zipMapModel(false))).outputs).toEqual([
      { name: 'probabilities', kind: 'other', type: 'sequence(map(int64, float32))' },
    ]);
  });

  test('does not take constants for inputs', () => {
    const W = tensor('W', [1], dataType.float32, Float32Array.of(1));
    const bytes = model({ nodes: [add], inputs: [X, value('W', floats)], outputs: [Y], initializers: [W] });
    expect(must(inspectModel(bytes)).inputs.map(({ name }) => name)).toEqual(['X']);
  });

  const external = externalTensor('W', '/etc/passwd');
  const branch = graph({ nodes: [node('Constant', [], ['W'], { value: { t: external } })], outputs: [Y] });
  const deep = (levels: number): Message =>
    levels === 0
      ? graph({ nodes: [add], outputs: [Y] })
      : graph({ nodes: [node('If', ['c'], ['Y'], { then_branch: { g: deep(levels - 1) } })], outputs: [Y] });
  const nested = (levels: number) =>
    model({ nodes: [node('If', ['c'], ['Y'], { then_branch: { g: deep(levels - 1) } })], inputs: [X], outputs: [Y] });
  const sparse = new Message().message(1, external);

  test.each([
    ['an initializer', { nodes: [add], outputs: [Y], initializers: [external] }],
    ['a sparse initializer', { nodes: [add], outputs: [Y], sparseInitializers: [sparse] }],
    ['an attribute', { nodes: [node('Constant', [], ['Y'], { value: { t: external } })], outputs: [Y] }],
    ['a sparse attribute', { nodes: [node('Constant', [], ['Y'], { sparse_value: { sparse } })], outputs: [Y] }],
    ['a sub-graph', { nodes: [node('If', ['c'], ['Y'], { then_branch: { g: branch } })], outputs: [Y] }],
  ])('refuses external data in %s', (_place, parts) => {
    expect(kindOf(model(parts))).toBe('model.external-data');
  });

  test('refuses a location even when a later field says that the data are inside', () => {
    const twice = externalTensor('W', 'x').int(14, 0);
    expect(kindOf(model({ nodes: [add], outputs: [Y], initializers: [twice] }))).toBe('model.external-data');
  });

  test('refuses a location that is external only after cutting it to 32 bits', () => {
    const cut = tensor('W', [1], dataType.float32, Float32Array.of(1)).int(14, 2n ** 32n + 1n);
    expect(kindOf(model({ nodes: [add], outputs: [Y], initializers: [cut] }))).toBe('model.external-data');
  });

  test.each([
    ['Loop', model({ nodes: [node('Loop', ['n'], ['Y'])], outputs: [Y] }), 'model.forbidden-operator'],
    [
      'Scan in a branch',
      model({
        nodes: [
          node('If', ['c'], ['Y'], { else_branch: { g: graph({ nodes: [node('Scan', [], ['Y'])], outputs: [Y] }) } }),
        ],
        outputs: [Y],
      }),
      'model.forbidden-operator',
    ],
    [
      'a foreign domain',
      model({ nodes: [node('Evil', ['X'], ['Y'], {}, 'com.evil')], outputs: [Y] }),
      'model.forbidden-operator',
    ],
    [
      'a foreign operator set',
      model({ nodes: [add], outputs: [Y] }, (m) => m.message(8, new Message().text(1, 'com.microsoft').int(2, 1))),
      'model.forbidden-operator',
    ],
    [
      'local functions',
      model({ nodes: [add], outputs: [Y] }, (m) => m.message(25, new Message().text(1, 'f'))),
      'model.forbidden-content',
    ],
    [
      'training information',
      model({ nodes: [add], outputs: [Y] }, (m) => m.message(20, new Message())),
      'model.forbidden-content',
    ],
    [
      'a second graph',
      model({ nodes: [add], outputs: [Y] }, (m) => m.message(7, graph({ nodes: [], outputs: [] }))),
      'model.not-onnx',
    ],
    ['graphs nested 9 deep', nested(9), 'model.too-complex'],
    ['50,001 nodes', model({ nodes: new Array(50_001).fill(add), outputs: [Y] }), 'model.too-complex'],
    ['no bytes', new Uint8Array(), 'model.not-onnx'],
    ['text', Buffer.from('This is a text, not a model.'), 'model.not-onnx'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'model.not-onnx'],
    ['a field longer than the file', Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0x7f), 'model.not-onnx'],
    ['an endless number', new Uint8Array(20).fill(0xff), 'model.not-onnx'],
    ['201 MiB', new Uint8Array(201 * 2 ** 20), 'model.too-large'],
  ])('refuses %s', (_name, bytes, kind) => {
    expect(kindOf(bytes)).toBe(kind);
  });

  test('accepts graphs nested 8 deep', () => {
    expect(kindOf(nested(8))).toBe('ok');
  });

  test('every truncation and every flipped bit gives an answer', () => {
    const good = echoModel();
    const kinds = new Set<string>();
    for (let i = 0; i < good.length; i++) {
      kinds.add(kindOf(good.subarray(0, i)));
      for (let bit = 0; bit < 8; bit++)
        kinds.add(kindOf(good.map((byte, at) => (at === i ? byte ^ (1 << bit) : byte))));
    }
    expect(kinds.has('ok') && kinds.has('model.not-onnx')).toBe(true);
  });
});
