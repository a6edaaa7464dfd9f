import { inferResponse, type ModelHost, type ModelSignature, parseInferRequest } from '@hansa/inference';
import { type JsonObject, ok, type Result, refuse } from '@hansa/kernel';
import type { Blobs } from '../models/blobs.port.js';
import type { HostedModel } from '../models/hosted-model.js';
import type { Models } from '../models/models.js';
import type { InferenceLimits } from './inference-limits.js';

/** A model whose process has accepted it. */
export interface LoadedModel {
  readonly model: HostedModel;
  readonly signature: ModelSignature;
}

export interface InferenceAnswer {
  /** A response of the Open Inference Protocol v2. */
  readonly response: JsonObject;
  readonly rows: number;
}

/** Answers single requests to hosted models. */
export class InferenceService {
  constructor(
    private readonly models: Models,
    private readonly blobs: Blobs,
    private readonly host: ModelHost,
    private readonly limits: InferenceLimits,
    /** Is told how long each request took, in seconds. */
    private readonly measured: (outcome: 'answered' | 'refused', seconds: number) => void,
  ) {}

  /**
   * Answers a request of the Open Inference Protocol v2.
   *
   * @example
   * await inference.infer(id, { inputs: [{ name: 'X', shape: [1, 2], datatype: 'FP32', data: [1, 2] }] });
   */
  async infer(modelId: string, request: JsonObject): Promise<Result<InferenceAnswer>> {
    const begun = performance.now();
    const answer = await this.#answer(modelId, request);
    this.measured(answer.ok ? 'answered' : 'refused', (performance.now() - begun) / 1000);
    return answer;
  }

  async #answer(modelId: string, request: JsonObject): Promise<Result<InferenceAnswer>> {
    const loaded = await this.load(modelId);
    if (!loaded.ok) return loaded;
    const { model, signature } = loaded.value;
    const parsed = parseInferRequest(request, signature);
    if (!parsed.ok) return parsed;
    const { id, inputs, outputs: wanted } = parsed.value;
    const rows = Math.max(0, ...Object.values(inputs).map(({ shape }) => shape[0] ?? 1));
    if (rows > this.limits.rows)
      return refuse(
        'inference.too-large',
        `The request has ${rows} rows; send at most ${this.limits.rows} at a time.`,
        '/inputs',
      );
    const outputs = await this.host.run({ digest: model.digest, inputs, ...(wanted ? { outputs: wanted } : {}) });
    if (!outputs.ok) return outputs;
    const { name: modelName, version: modelVersion } = model.card;
    const response = inferResponse({
      modelName,
      modelVersion,
      ...(id === undefined ? {} : { id }),
      outputs: outputs.value,
    });
    return response.ok ? ok({ response: response.value, rows }) : response;
  }

  /** Makes sure that the model's process has it, which checks the digest of the stored bytes. */
  async load(modelId: string): Promise<Result<LoadedModel>> {
    const found = await this.models.find(modelId);
    if (!found.ok) return found;
    const model = found.value;
    const signature = await this.host.load({ digest: model.digest, path: this.blobs.pathOf(model.digest) });
    return signature.ok ? ok({ model, signature: signature.value }) : signature;
  }
}
