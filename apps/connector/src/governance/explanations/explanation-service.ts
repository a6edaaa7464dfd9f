import type { Explanation, Row } from '@hansa/explain';
import { parseInferRequest } from '@hansa/inference';
import { type Clock, digestOfJson, type Ids, type JsonObject, ok, type Result, refuse } from '@hansa/kernel';
import type { UnitOfWork } from '@hansa/platform';
import type { Ledger } from '../../ledger/index.js';
import type { InferenceService, LoadedModel } from '../inference/inference-service.js';
import type { ExplainCase } from './explain-case.js';
import type { Explanations } from './explanations.js';
import { caseOf, type FeatureSpace } from './feature-rows.js';
import { explanationSentences } from './sentences.js';
import type { StoredExplanation } from './stored-explanation.js';

export interface LocalCase {
  readonly modelId: string;
  readonly datasetId: string;
  /** Which row of the dataset is the case. */
  readonly key: { readonly column: string; readonly value: string | number | boolean };
  /** The dataset to compare with; else the one of the model's card; else the dataset itself. */
  readonly background?: string | undefined;
  /** Shown on the model's public page. */
  readonly publish: boolean;
}

/** Explains single decisions of hosted models, keeps the explanations and puts them on record. */
export class ExplanationService {
  constructor(
    private readonly inference: InferenceService,
    private readonly explainCase: ExplainCase,
    private readonly explanations: Explanations,
    private readonly unitOfWork: UnitOfWork,
    private readonly ledger: Ledger,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Explains the one case of a request of the Open Inference Protocol v2, as consumers send it. */
  async explain(modelId: string, request: JsonObject): Promise<Result<JsonObject>> {
    const loaded = await this.inference.load(modelId);
    if (!loaded.ok) return loaded;
    const parsed = parseInferRequest(request, loaded.value.signature);
    if (!parsed.ok) return parsed;
    const { background } = loaded.value.model.card;
    if (background === null)
      return refuse(
        'explanation.no-background',
        'The provider names no dataset that decisions of this model could be compared with ("background" of its card).',
      );
    const given = async (space: FeatureSpace): Promise<Result<Row>> => caseOf(space, parsed.value);
    const stored = await this.#explain(loaded.value, background, given, false);
    return stored.ok ? ok(shownExplanation(stored.value)) : stored;
  }

  /** Explains a case that stands in a local dataset. */
  async explainLocal(local: LocalCase): Promise<Result<JsonObject>> {
    const { modelId, datasetId, key, publish } = local;
    const loaded = await this.inference.load(modelId);
    if (!loaded.ok) return loaded;
    const background = local.background ?? loaded.value.model.card.background ?? datasetId;
    const found = (space: FeatureSpace): Promise<Result<Row>> => this.explainCase.caseFrom(datasetId, key, space);
    const stored = await this.#explain(loaded.value, background, found, publish);
    return stored.ok ? ok(shownExplanation(stored.value)) : stored;
  }

  async #explain(
    loaded: LoadedModel,
    background: string,
    given: (space: FeatureSpace) => Promise<Result<Row>>,
    isPublic: boolean,
  ): Promise<Result<StoredExplanation>> {
    const explained = await this.explainCase.run(loaded, background, given);
    if (!explained.ok) return explained;
    const stored = this.#toStored(loaded, background, explained.value, isPublic);
    const { id, modelId, digest, explanation } = stored;
    const { method, backgroundDigest } = explanation;
    const data = { modelDigest: loaded.model.digest, explanationDigest: digest, method, backgroundDigest };
    await this.unitOfWork.run(async (tx) => {
      await this.explanations.add(tx, stored);
      await this.ledger.append(tx, { kind: 'decision.explained', subjects: [id, modelId], data });
    });
    return ok(stored);
  }

  #toStored({ model }: LoadedModel, background: string, explanation: Explanation, isPublic: boolean) {
    return {
      id: this.ids.next(),
      modelId: model.id,
      background,
      explanation,
      sentences: explanationSentences(explanation, model.card.threshold),
      digest: digestOfJson(explanation),
      isPublic,
      createdAt: this.clock.now(),
    };
  }
}

function shownExplanation({ id, modelId, explanation, sentences, digest, createdAt }: StoredExplanation): JsonObject {
  return JSON.parse(JSON.stringify({ id, modelId, ...explanation, sentences, digest, createdAt }));
}
