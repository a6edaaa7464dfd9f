import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, must, seededRandom } from '@hansa/kernel';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ModelHost, type ModelHostLimits, type Tensor, type Tensors } from './index.js';
import { echoModel, logisticModel, memoryBomb, outputBomb, slowModel, zipMapModel } from './testing/index.js';

const hosts: ModelHost[] = [];
const start = (limits: Partial<ModelHostLimits> = {}): ModelHost => {
  const host = new ModelHost(limits);
  hosts.push(host);
  return host;
};
afterEach(() => Promise.all(hosts.splice(0).map((host) => host.close())));

const source = (bytes: Uint8Array) => ({ digest: digestOf(bytes), bytes });
const matrix = (rows: number, columns: number, data: Float32Array): Tensor => ({
  type: 'float32',
  shape: [rows, columns],
  data,
});
const one = (number: number): Tensors => ({ X: { type: 'float32', shape: [1], data: Float32Array.of(number) } });
const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('ModelHost runs models', () => {
  test('a logistic regression gives the probabilities of the formula', async () => {
    const host = start();
    const { digest, bytes } = source(logisticModel([0.5, -2], 0.25));
    must(await host.load({ digest, bytes }));
    const outputs = must(await host.run({ digest, inputs: { X: matrix(2, 2, Float32Array.of(1, 1, 3, -0.5)) } }));
    const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
    expect(outputs.label).toEqual({ type: 'int64', shape: [2], data: BigInt64Array.of(0n, 1n) });
    expect(outputs.probabilities?.shape).toEqual([2, 2]);
    expect(outputs.probabilities?.data[1]).toBeCloseTo(sigmoid(0.5 - 2 + 0.25), 6);
    expect(outputs.probabilities?.data[3]).toBeCloseTo(sigmoid(1.5 + 1 + 0.25), 6);
  });

  test('every element type goes there and back unchanged', async () => {
    const host = start();
    const { digest, bytes } = source(echoModel());
    must(await host.load({ digest, bytes }));
    const shape = [2, 1];
    const inputs: Tensors = {
      a: { type: 'float32', shape, data: Float32Array.of(1.5, Number.NaN) },
      b: { type: 'float64', shape, data: Float64Array.of(Math.PI, 1e300) },
      c: { type: 'int64', shape, data: BigInt64Array.of(2n ** 62n, -1n) },
      d: { type: 'int32', shape, data: Int32Array.of(7, -7) },
      e: { type: 'bool', shape, data: Uint8Array.of(1, 0) },
      kind: { type: 'string', shape, data: ['Straßenbahn', ''] },
    };
    const outputs = must(await host.run({ digest, inputs }));
    for (const [name, tensor] of Object.entries(inputs)) expect(outputs[`${name}_out`]).toEqual(tensor);
    const some = must(await host.run({ digest, inputs, outputs: ['d_out'] }));
    expect(Object.keys(some)).toEqual(['d_out']);
  });

  test('a model is read from its path, and refused when the file changed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hansa-model-'));
    const path = join(folder, 'm.onnx');
    const bytes = logisticModel([1]);
    writeFileSync(path, bytes);
    const host = start();
    must(await host.load({ digest: digestOf(bytes), path }));
    writeFileSync(path, logisticModel([2]));
    expect(await start().load({ digest: digestOf(bytes), path })).toMatchObject({
      problem: { kind: 'model.digest-mismatch' },
    });
    rmSync(folder, { recursive: true });
    expect(await start().load({ digest: digestOf(bytes), path })).toMatchObject({
      problem: { kind: 'model.unreadable' },
    });
    must(await host.run({ digest: digestOf(bytes), inputs: { X: matrix(1, 1, Float32Array.of(1)) } }));
  });

  test('what ZipMap makes is fetched as the matrix beneath it, and its names are the classes', async () => {
    const host = start();
    const [both, alone] = [source(zipMapModel(true)), source(zipMapModel(false))];
    const inputs = { X: matrix(1, 2, Float32Array.of(1, 1)) };
    const signature = must(await host.load(both));
    expect(signature.classes).toEqual(['0', '1']);
    expect(signature.outputs.at(-1)).toEqual({
      name: 'probabilities',
      kind: 'tensor',
      elementType: 'float32',
      shape: [null, null],
    });
    const outputs = must(await host.run({ digest: both.digest, inputs }));
    expect(outputs.label?.data).toEqual(BigInt64Array.of(1n));
    must(await host.load(alone));
    expect(must(await host.run({ digest: alone.digest, inputs }))).toEqual({ probabilities: outputs.probabilities });
    expect(outputs.probabilities?.data[1]).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
  });

  test.each([
    ['no input', {}, 'model.missing-input'],
    [
      'an unknown input',
      { X: matrix(1, 2, new Float32Array(2)), Z: matrix(1, 2, new Float32Array(2)) },
      'model.missing-input',
    ],
    ['another type', { X: { type: 'float64', shape: [1, 2], data: new Float64Array(2) } }, 'model.wrong-type'],
    ['another width', { X: matrix(1, 3, new Float32Array(3)) }, 'model.wrong-shape'],
    ['another rank', { X: { type: 'float32', shape: [2], data: new Float32Array(2) } }, 'model.wrong-shape'],
    ['too few values', { X: matrix(5, 2, new Float32Array(2)) }, 'model.wrong-shape'],
    ['a negative size', { X: matrix(-1, 2, new Float32Array(2)) }, 'model.wrong-shape'],
  ] as const)('refuses %s before the model sees it', async (_name, inputs, kind) => {
    const host = start();
    const { digest, bytes } = source(logisticModel([1, 1]));
    must(await host.load({ digest, bytes }));
    expect(await host.run({ digest, inputs: inputs as Tensors })).toMatchObject({ ok: false, problem: { kind } });
  });

  test('an unknown model and an unknown output are problems', async () => {
    const host = start();
    const { digest, bytes } = source(logisticModel([1]));
    expect(await host.run({ digest, inputs: {} })).toMatchObject({ problem: { kind: 'model.not-loaded' } });
    must(await host.load({ digest, bytes }));
    const inputs = { X: matrix(1, 1, Float32Array.of(1)) };
    expect(await host.run({ digest, inputs, outputs: ['p'] })).toMatchObject({
      problem: { kind: 'model.unknown-output' },
    });
  });

  test('at most two processes are warm, and the least recently used one goes', async () => {
    const host = start();
    const models = [1, 2, 3].map((weight) => source(logisticModel([weight])));
    for (const model of models) must(await host.load(model));
    expect(host.processIds.length).toBe(2);
    const runs = Array.from({ length: 12 }, (_, i) => models[i % 3] ?? source(new Uint8Array()));
    const inputs = { X: matrix(1, 1, Float32Array.of(1)) };
    const done = await Promise.all(runs.map(({ digest }) => host.run({ digest, inputs })));
    expect(done.every(({ ok }) => ok)).toBe(true);
    expect(host.processIds.length).toBeLessThanOrEqual(2);
  });

  test('a queue that is full refuses instead of growing', async () => {
    const host = start({ queue: 3 });
    const { digest, bytes } = source(logisticModel([1]));
    must(await host.load({ digest, bytes }));
    const inputs = { X: matrix(1, 1, Float32Array.of(1)) };
    const done = await Promise.all(Array.from({ length: 5 }, () => host.run({ digest, inputs })));
    expect(done.map((result) => (result.ok ? 'ok' : result.problem.kind))).toEqual([
      'ok',
      'ok',
      'ok',
      'model.busy',
      'model.busy',
    ]);
  });

  test('close ends every process', async () => {
    const host = start();
    must(await host.load(source(logisticModel([1]))));
    const pids = host.processIds;
    await host.close();
    expect(pids.length).toBe(1);
    expect(pids.filter(isRunning)).toEqual([]);
  });

  test('a run that waits while its model is unloaded starts no process', async () => {
    const host = start();
    const { digest, bytes } = source(logisticModel([1]));
    must(await host.load({ digest, bytes }));
    const [pid] = host.processIds;
    const runs = [1, 2].map((x) => host.run({ digest, inputs: { X: matrix(1, 1, Float32Array.of(x)) } }));
    await host.unload(digest);
    const kinds = (await Promise.all(runs)).map((run) => (run.ok ? 'ok' : run.problem.kind));
    expect(kinds.at(-1)).toBe('model.not-loaded');
    expect([isRunning(pid ?? 0), host.processIds]).toEqual([false, []]);
  });
});

describe('ModelHost survives hostile models', () => {
  test('a run beyond its deadline is killed, and the next run has a fresh process within two seconds', async () => {
    const host = start({ runDeadline: 500 });
    const { digest, bytes } = source(slowModel(200));
    must(await host.load({ digest, bytes }));
    const [before] = host.processIds;
    const size = 1_500;
    const slow = { X: matrix(size, size, new Float32Array(size * size).fill(1e-4)) };
    expect(await host.run({ digest, inputs: slow })).toMatchObject({ problem: { kind: 'model.deadline' } });
    const begin = performance.now();
    must(await host.run({ digest, inputs: { X: matrix(1, 1, Float32Array.of(1)) } }));
    expect(performance.now() - begin).toBeLessThan(2_000);
    expect(host.processIds).not.toContain(before);
    // A success in between forgives: one more failure does not quarantine.
    expect(await host.run({ digest, inputs: slow })).toMatchObject({ problem: { kind: 'model.deadline' } });
    must(await host.run({ digest, inputs: { X: matrix(1, 1, Float32Array.of(1)) } }));
  });

  test('two failures in a row put a model in quarantine; others go on', async () => {
    const host = start({ runDeadline: 300 });
    const slow = source(slowModel(200));
    const good = source(logisticModel([1]));
    must(await host.load(slow));
    must(await host.load(good));
    const size = 1_500;
    const inputs = { X: matrix(size, size, new Float32Array(size * size).fill(1e-4)) };
    const kinds = [];
    for (let i = 0; i < 3; i++) {
      const result = await host.run({ digest: slow.digest, inputs });
      kinds.push(result.ok ? 'ok' : result.problem.kind);
    }
    expect(kinds).toEqual(['model.deadline', 'model.deadline', 'model.quarantined']);
    must(await host.run({ digest: good.digest, inputs: { X: matrix(1, 1, Float32Array.of(1)) } }));
  });

  test.each([
    ['Expand', 1e9],
    ['Expand', 1e15],
    ['ConstantOfShape', 1e9],
    ['ConstantOfShape', 1e15],
  ] as const)('%s of %d floats ends as a problem', async (operator, size) => {
    const host = start();
    const { digest, bytes } = source(memoryBomb(operator, size));
    const loaded = await host.load({ digest, bytes });
    const result = loaded.ok ? await host.run({ digest, inputs: one(1) }) : loaded;
    expect(result.ok ? 'ok' : result.problem.kind).toMatch(/^model\.(out-of-memory|refused|crashed)$/);
    const good = source(logisticModel([1]));
    must(await host.load(good));
    must(await host.run({ digest: good.digest, inputs: { X: matrix(1, 1, Float32Array.of(1)) } }));
  });

  test('an answer that is too large stays in the process of the model', async () => {
    const host = start();
    const { digest, bytes } = source(outputBomb(50_000_000));
    must(await host.load({ digest, bytes }));
    const before = process.memoryUsage().rss;
    expect(await host.run({ digest, inputs: one(1) })).toMatchObject({ problem: { kind: 'model.out-of-memory' } });
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  test('40 damaged models: each is answered and this process lives', async () => {
    const host = start();
    const random = seededRandom(7);
    const kinds = new Map<string, number>();
    for (let i = 0; i < 40; i++) {
      const good = i % 2 ? logisticModel([1, 2]) : echoModel();
      const bad = i % 4 < 2 ? good.subarray(0, Math.floor(random() * good.length)) : Uint8Array.from(good);
      if (i % 4 >= 2)
        for (let flips = 0; flips < 3; flips++) bad[Math.floor(random() * bad.length)] = Math.floor(random() * 256);
      const loaded = await host.load(source(bad));
      const kind = loaded.ok ? 'loaded' : loaded.problem.kind;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    expect([...kinds.values()].reduce((a, b) => a + b)).toBe(40);
    expect(kinds.get('model.not-onnx')).toBeGreaterThan(5);
    expect(kinds.get('model.refused')).toBeGreaterThan(0);
  });

  test('a process killed from outside is replaced on the next use', async () => {
    const host = start();
    const { digest, bytes } = source(logisticModel([1]));
    must(await host.load({ digest, bytes }));
    const [pid] = host.processIds;
    process.kill(pid ?? 0, 'SIGKILL');
    const inputs = { X: matrix(1, 1, Float32Array.of(1)) };
    while (host.processIds.length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    must(await host.run({ digest, inputs }));
  });
});
