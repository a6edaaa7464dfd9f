import { readFile } from 'node:fs/promises';
import { type Digest, digestOf, ok, type Result, refuse } from '@hansa/kernel';
import { type ChildReply, KillableChild } from '@hansa/sandbox';
import { inspectModel } from './inspect-model.js';
import type { ModelProblem, ModelSignature } from './model-signature.js';
import { checkInputs, type Tensors } from './tensor.js';
import { withTensorOutputs } from './tensor-outputs.js';

/** A model's file or its bytes, and the digest under which it was registered. */
export type ModelSource =
  | { readonly digest: Digest; readonly path: string }
  | { readonly digest: Digest; readonly bytes: Uint8Array };

export interface ModelHostLimits {
  /** Milliseconds for starting a process and loading a model. @default 10_000 */
  readonly loadDeadline: number;
  /** Milliseconds for one run. @default 5_000 */
  readonly runDeadline: number;
  /** Address space of a process in bytes (Linux). @default 2.5 GB */
  readonly addressSpaceBytes: number;
  /** Resident memory of a process in bytes. @default 768 MiB */
  readonly residentBytes: number;
  /** Bytes of all outputs of one run. @default 64 MiB */
  readonly maxOutputBytes: number;
  /** Models that are warm at a time; each is a process of about 80 MB. @default 2 */
  readonly processes: number;
  /** Runs that wait for the same model before more are refused. @default 64 */
  readonly queue: number;
}

export const defaultModelHostLimits: ModelHostLimits = {
  loadDeadline: 10_000,
  runDeadline: 5_000,
  addressSpaceBytes: 2.5e9,
  residentBytes: 768 * 2 ** 20,
  maxOutputBytes: 64 * 2 ** 20,
  processes: 2,
  queue: 64,
};

/** A model that ended its process this often, with no success between, is not started again. */
const maxFailures = 2;

interface HostedModel {
  readonly source: ModelSource;
  /** Of what runs: outputs by ZipMap are tensors. */
  readonly signature: ModelSignature;
  /** What runs is not the source as it is. */
  readonly isRewritten: boolean;
  child: KillableChild | undefined;
  failures: number;
  waiting: number;
  isRunning: boolean;
  /** The end of the last run in line: runs of one model take turns. */
  turn: Promise<unknown>;
  lastUse: number;
}

const worker = new URL('./child/model-worker.mjs', import.meta.url);

/**
 * Runs ONNX models, each in a process of its own that is bounded in memory and time and killed when it oversteps. A
 * model can neither stop nor crash this process, nor reach a file. A killed model gets a fresh process on its next use;
 * after two failures in a row it is quarantined. The least recently used process makes room for another model.
 *
 * @example
 * const host = new ModelHost();
 * const signature = await host.load({ digest, path });
 * const outputs = await host.run({ digest, inputs: { X: { type: 'float32', shape: [1, 4], data } } });
 * await host.close();
 */
export class ModelHost {
  readonly #limits: ModelHostLimits;
  readonly #models = new Map<Digest, HostedModel>();
  readonly #spaceWaiters: (() => void)[] = [];
  #uses = 0;
  #running = 0;
  #closed = false;

  constructor(limits: Partial<ModelHostLimits> = {}) {
    this.#limits = { ...defaultModelHostLimits, ...limits };
  }

  /**
   * Checks a model (digest, {@link inspectModel}) and loads it once in its process, so that a model that cannot run is
   * refused now. A source given as a path must stay there: the process reads it again after a restart, and checks the
   * digest each time.
   */
  async load(source: ModelSource): Promise<Result<ModelSignature, ModelProblem>> {
    const known = this.#models.get(source.digest);
    if (known) return this.#withChild(known, async () => ok(known.signature));
    const bytes = await readModel(source);
    if (!bytes.ok) return bytes;
    const inspected = inspectModel(bytes.value);
    if (!inspected.ok) return inspected;
    const runnable = withTensorOutputs(bytes.value);
    const isRewritten = runnable !== bytes.value;
    const rewritten = isRewritten ? inspectModel(runnable) : inspected;
    if (!rewritten.ok) return rewritten;
    // ZipMap names the classes, and is gone.
    const { classes } = inspected.value;
    const signature = { ...rewritten.value, ...(classes && { classes }) };
    const meanwhile = this.#models.get(source.digest);
    if (meanwhile) return this.#withChild(meanwhile, async () => ok(meanwhile.signature));
    const model: HostedModel = {
      source,
      signature,
      isRewritten,
      child: undefined,
      failures: 0,
      waiting: 0,
      isRunning: false,
      turn: Promise.resolve(),
      lastUse: 0,
    };
    this.#models.set(source.digest, model);
    const loaded = await this.#withChild(model, async () => ok(model.signature));
    if (!loaded.ok && loaded.problem.kind === 'model.refused') this.#models.delete(source.digest);
    return loaded;
  }

  /** Runs a loaded model once. Without `outputs` all tensor outputs are returned. */
  async run(request: {
    readonly digest: Digest;
    readonly inputs: Tensors;
    readonly outputs?: readonly string[];
  }): Promise<Result<Tensors, ModelProblem>> {
    const model = this.#models.get(request.digest);
    if (!model) return refuse('model.not-loaded', `The model ${request.digest} is not loaded.`);
    const checked = checkInputs(model.signature, request.inputs);
    if (!checked.ok) return checked;
    const outputs = chooseOutputs(model.signature, request.outputs);
    if (!outputs.ok) return outputs;
    const { maxOutputBytes, runDeadline } = this.#limits;
    return this.#withChild(model, async (child) => {
      const message = { op: 'run', inputs: request.inputs, outputs: outputs.value, maxOutputBytes };
      const reply = await child.ask<Tensors>(message, runDeadline);
      if (reply.kind === 'answer') model.failures = 0;
      return explain(reply, 'run');
    });
  }

  /** Forgets a model, also one in quarantine, and ends its process. */
  async unload(digest: Digest): Promise<void> {
    const model = this.#models.get(digest);
    this.#models.delete(digest);
    await model?.child?.close();
  }

  /** The process numbers of the warm models, for logs and tests. */
  get processIds(): readonly number[] {
    return [...this.#models.values()].flatMap(({ child }) => (child?.isAlive && child.pid ? [child.pid] : []));
  }

  /** Ends all processes. What still runs ends as a crash. */
  async close(): Promise<void> {
    this.#closed = true;
    const children = [...this.#models.values()].map(({ child }) => child);
    this.#models.clear();
    await Promise.all(children.map((child) => child?.close()));
  }

  /** Waits for the model's turn and for room, and makes sure that its process lives and has the model loaded. */
  async #withChild<T>(
    model: HostedModel,
    use: (child: KillableChild) => Promise<Result<T, ModelProblem>>,
  ): Promise<Result<T, ModelProblem>> {
    if (model.waiting >= this.#limits.queue)
      return refuse('model.busy', `The model has ${model.waiting} runs waiting; try again in a moment.`);
    model.waiting++;
    const previous = model.turn;
    const { promise, resolve } = deferred();
    model.turn = promise;
    await previous;
    while (this.#running >= this.#limits.processes)
      await new Promise<void>((resolve) => this.#spaceWaiters.push(resolve));
    this.#running++;
    model.isRunning = true;
    try {
      const child = await this.#ensureChild(model);
      if (!child.ok) return child;
      const outcome = await use(child.value);
      if (!child.value.isAlive) model.failures++;
      return outcome;
    } finally {
      model.waiting--;
      model.isRunning = false;
      model.lastUse = ++this.#uses;
      this.#running--;
      this.#spaceWaiters.shift()?.();
      resolve();
    }
  }

  async #ensureChild(model: HostedModel): Promise<Result<KillableChild, ModelProblem>> {
    // Whoever still works then is interrupted, which is not the model's fault.
    if (this.#closed) throw new Error('the processes for models are closed');
    // It was unloaded while this waited: a process that began now would have nobody to end it.
    if (this.#models.get(model.source.digest) !== model)
      return refuse('model.not-loaded', `The model ${model.source.digest} is not loaded any more.`);
    if (model.failures >= maxFailures)
      return refuse(
        'model.quarantined',
        `The model ended its process ${model.failures} times and is not started again.`,
      );
    if (model.child?.isAlive) return ok(model.child);
    const source = await runnableOf(model);
    if (!source.ok) return source;
    const child = new KillableChild(worker, this.#limits);
    model.child = child;
    await this.#evict();
    const loaded = explain(await child.ask({ op: 'load', ...source.value }, this.#limits.loadDeadline), 'load');
    if (loaded.ok) return ok(child);
    if (child.isAlive) await child.close();
    else model.failures++;
    return loaded;
  }

  /** The least recently used idle processes go when there are more than allowed. Fewer run than are allowed. */
  async #evict(): Promise<void> {
    const warm = [...this.#models.values()].filter(({ child }) => child?.isAlive);
    const idle = warm.filter(({ isRunning }) => !isRunning).sort((a, b) => a.lastUse - b.lastUse);
    const surplus = idle.slice(0, Math.max(0, warm.length - this.#limits.processes));
    await Promise.all(surplus.map(({ child }) => child?.close()));
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** The bytes of a model, which are those of its digest. */
async function readModel(source: ModelSource): Promise<Result<Uint8Array, ModelProblem>> {
  let bytes: Uint8Array;
  try {
    bytes = 'bytes' in source ? source.bytes : await readFile(source.path);
  } catch {
    return refuse('model.unreadable', `The file of the model ${source.digest} is missing or cannot be read.`);
  }
  if (digestOf(bytes) === source.digest) return ok(bytes);
  return refuse('model.digest-mismatch', `The model is not the one registered as ${source.digest}.`);
}

/** What the process loads. It reads a path by itself, since only few models have to be rewritten here. */
async function runnableOf({ source, isRewritten }: HostedModel): Promise<Result<ModelSource, ModelProblem>> {
  if (!isRewritten) return ok(source);
  const read = await readModel(source);
  if (!read.ok) return read;
  const bytes = withTensorOutputs(read.value);
  return ok({ digest: digestOf(bytes), bytes });
}

function chooseOutputs(signature: ModelSignature, wanted?: readonly string[]): Result<readonly string[], ModelProblem> {
  const tensors = signature.outputs.filter(({ kind }) => kind === 'tensor').map(({ name }) => name);
  if (tensors.length === 0)
    return refuse(
      'model.no-tensor-output',
      'The model gives no tensor, only sequences of maps; export it without ZipMap (`zipmap: False` in skl2onnx).',
    );
  const unknown = wanted?.find((name) => !tensors.includes(name));
  if (unknown !== undefined)
    return refuse(
      'model.unknown-output',
      `The model has no tensor output "${unknown}"; it has ${tensors.join(', ')}.`,
      unknown,
    );
  return ok(wanted && wanted.length > 0 ? wanted : tensors);
}

function explain<T>(reply: ChildReply<T>, step: 'load' | 'run'): Result<T, ModelProblem> {
  if (reply.kind === 'answer') return ok(reply.value);
  if (reply.kind === 'refusal') {
    if (/bad_alloc|Failed to allocate|out of memory|Array buffer allocation|outputs have more/i.test(reply.reason))
      return refuse('model.out-of-memory', 'The model needs more memory than it may use.');
    const [line = ''] = reply.reason.split('\n');
    return refuse('model.refused', `ONNX Runtime could not ${step} the model: ${line.slice(0, 300)}`);
  }
  switch (reply.end) {
    case 'deadline':
      return refuse('model.deadline', `The model ${reply.reason} to ${step} and was stopped.`);
    case 'memory':
      return refuse('model.out-of-memory', `The model ${reply.reason}, and was stopped.`);
    case 'crash':
      return refuse('model.crashed', `The process of the model ${reply.reason}.`);
  }
}
