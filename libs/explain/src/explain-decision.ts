import { type Digest, digestOfJson, ok, type Problem, type Random, type Result, refuse } from '@hansa/kernel';
import { exactShapley } from './exact.js';
import type { FeatureValue, Model, Row } from './model.js';
import { sampledShapley } from './sampled.js';

/** The share of one feature in a decision. */
export interface Contribution {
  readonly feature: string;
  /** What the feature was for this case. */
  readonly value: FeatureValue;
  /** In units of the model's output: by how much this value moved it, compared with the background. */
  readonly contribution: number;
  /** Of the sampling; absent when the value is exact. */
  readonly standardError?: number;
}

/** Why a model decided as it did in one case: base value + contributions = prediction. JSON as it is. */
export interface Explanation {
  readonly method: 'exact' | 'sampled';
  /** What an absent feature means: it is drawn from the background, whatever the others are. */
  readonly valueFunction: 'interventional';
  /** The mean output over the background. */
  readonly baseValue: number;
  /** The output for this case. */
  readonly prediction: number;
  /** In the order of the features. */
  readonly contributions: readonly Contribution[];
  /** |base value + Σ contributions − prediction|: rounding only, or the model answers differently from call to call. */
  readonly additivityError: number;
  /** Rows that the model was asked about. */
  readonly evaluations: number;
  readonly backgroundRows: number;
  /** The digest of features and background rows: with another background the same case has other contributions. */
  readonly backgroundDigest: Digest;
}

export interface ExplainRequest {
  readonly features: readonly string[];
  /** The case to explain. */
  readonly instance: Row;
  /** Cases to compare with: a sample of the population, at least 1. */
  readonly background: readonly Row[];
  readonly model: Model;
  /** `auto`: exact up to 12 features, sampled beyond. `exact` is refused beyond 16. @default 'auto' */
  readonly method?: 'auto' | 'exact' | 'sampled';
  /** Draws the orders when sampling; the same seed gives the same explanation. */
  readonly random: Random;
  /** Antithetic pairs of orders for each background row when sampling, at least 2. @default 8 */
  readonly samples?: number;
  /** The most rows in one call of the model. @default 8192 */
  readonly batchSize?: number;
}

export type ExplainProblem = Problem<
  'explain.no-features' | 'explain.no-background' | 'explain.row' | 'explain.option' | 'explain.model-output'
>;

const mostFeaturesAuto = 12;
const mostFeaturesExact = 16;

/**
 * Explains one decision by the Shapley values of its features (interventional: an absent feature is drawn from the
 * background). Exact enumeration costs at most background · 2^features rows, sampling about background · samples · 2 ·
 * features rows; features in which the case agrees with a background row cost nothing.
 *
 * @example
 * const explained = await explainDecision({ features: ['kind', 'platforms'], instance: ['halt', 2], background, model, random });
 * if (explained.ok) explained.value.contributions[0]; // { feature: 'kind', value: 'halt', contribution: 0.21 }
 */
export async function explainDecision(request: ExplainRequest): Promise<Result<Explanation, ExplainProblem>> {
  const { features, instance, background, model, random, samples = 8, batchSize = 8192 } = request;
  const problem = problemOf(request);
  if (problem) return { ok: false, problem };
  const wished = request.method ?? 'auto';
  const method = wished === 'auto' ? (features.length <= mostFeaturesAuto ? 'exact' : 'sampled') : wished;
  const predicted = await model([instance]);
  const [prediction] = predicted;
  if (prediction === undefined || predicted.length !== 1 || !Number.isFinite(prediction))
    return refuse('explain.model-output', 'The model gave no finite output for the case to explain.');
  const attributed =
    method === 'exact'
      ? await exactShapley(instance, background, model, batchSize)
      : await sampledShapley(instance, background, model, { prediction, random, samples, batchSize });
  if (!attributed.ok) return attributed;
  const { baseValue, contributions, standardErrors, evaluations } = attributed.value;
  const explained = contributions.reduce((sum, contribution) => sum + contribution, baseValue);
  return ok({
    method,
    valueFunction: 'interventional',
    baseValue,
    prediction,
    contributions: features.map((feature, j) => ({
      feature,
      value: instance[j] ?? '',
      contribution: contributions[j] ?? 0,
      ...(standardErrors && { standardError: standardErrors[j] ?? 0 }),
    })),
    additivityError: Math.abs(explained - prediction),
    evaluations: evaluations + 1,
    backgroundRows: background.length,
    backgroundDigest: digestOfJson({ features, rows: background }),
  });
}

function problemOf(request: ExplainRequest): ExplainProblem | undefined {
  const { features, instance, background, method, samples = 8, batchSize = 8192 } = request;
  const because = (kind: ExplainProblem['kind'], detail: string, at?: string) => refuse(kind, detail, at).problem;
  if (features.length === 0) return because('explain.no-features', 'There is no feature to explain by.');
  if (background.length === 0)
    return because('explain.no-background', 'The background has no rows; give a sample of cases to compare with.');
  if (method === 'exact' && features.length > mostFeaturesExact)
    return because(
      'explain.option',
      `Exact enumeration takes at most ${mostFeaturesExact} features, not ${features.length}; use "sampled".`,
      'method',
    );
  if (!Number.isSafeInteger(samples) || samples < 2)
    return because('explain.option', 'Samples must be a whole number of at least 2.', 'samples');
  if (!Number.isSafeInteger(batchSize) || batchSize < 1)
    return because('explain.option', 'The batch size must be a whole number of at least 1.', 'batchSize');
  const wrong = [instance, ...background].findIndex((row) => !isRow(row, features.length));
  if (wrong < 0) return undefined;
  const which = wrong === 0 ? 'The case to explain' : `Background row ${wrong - 1}`;
  return because('explain.row', `${which} must have ${features.length} finite numbers or strings.`);
}

function isRow(row: Row, width: number): boolean {
  return row.length === width && row.every((value) => typeof value === 'string' || Number.isFinite(value));
}
