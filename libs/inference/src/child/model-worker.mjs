// @ts-check
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import ort from 'onnxruntime-node';

/** @typedef {{ type: string, shape: readonly number[], data: any }} Tensor */

/** @type {ort.InferenceSession | undefined} */
let session;

/** One thread, no spinning: the machine has other work, and a run gives the same bits each time. */
const options = /** @type {const} */ ({
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 4,
});

/** @param {Tensor} tensor @returns {number} */
const byteLength = ({ data }) =>
  data.byteLength ?? data.reduce((/** @type {number} */ sum, /** @type {string} */ text) => sum + text.length * 2, 0);

export const operations = {
  /**
   * Loads from bytes only: a path would let a model name files beside it.
   * @param {{ bytes?: Uint8Array, path?: string, digest: string }} request
   */
  async load({ bytes, path, digest }) {
    const model = bytes ?? (await readFile(path ?? ''));
    const found = `sha-256:${createHash('sha256').update(model).digest('hex')}`;
    if (found !== digest) throw new Error('the model is not the one that was registered');
    session = await ort.InferenceSession.create(model, options);
  },

  /**
   * The answer is bounded here, since the parent would have to hold it.
   * @param {{ inputs: Record<string, Tensor>, outputs: string[], maxOutputBytes: number }} request
   */
  async run({ inputs, outputs, maxOutputBytes }) {
    if (!session) throw new Error('no model is loaded');
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, { type, data, shape }]) => [
        name,
        new ort.Tensor(/** @type {any} */ (type), data, shape),
      ]),
    );
    const results = await session.run(feeds, outputs);
    let bytes = 0;
    /** @type {Record<string, Tensor>} */
    const answer = {};
    for (const name of outputs) {
      const result = results[name];
      if (!result) throw new Error(`the model gave no output "${name}"`);
      const tensor = { type: result.type, shape: [...result.dims], data: result.data };
      bytes += byteLength(tensor);
      if (bytes > maxOutputBytes) throw new Error(`the outputs have more than ${maxOutputBytes} bytes`);
      answer[name] = tensor;
    }
    return answer;
  },
};
