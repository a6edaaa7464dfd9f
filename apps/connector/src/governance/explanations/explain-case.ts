import { type Explanation, explainDecision, type Row } from '@hansa/explain';
import { bindColumns, featureColumns, type ModelHost, score } from '@hansa/inference';
import { digestOfJson, ok, type Problem, type Random, type Result, refuse, seededRandom } from '@hansa/kernel';
import type { ColumnBatch } from '@hansa/tabular';
import type { LoadedModel } from '../inference/inference-service.js';
import type { LocalRows, OpenRows } from '../inference/local-rows.js';
import { batchOf, type FeatureSpace, featureSpace, rowOf } from './feature-rows.js';
import { samplePositions } from './sample-rows.js';

/** Cases to compare with: enough for stable shares, and exact enumeration of 12 features stays at 262,144 rows. */
const backgroundSize = 64;

/** Takes a problem out through code that knows no problems. */
class ModelStopped extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** Computes explanations: draws the background, and asks the model about mixtures of it and the case. */
export class ExplainCase {
  constructor(
    private readonly host: ModelHost,
    private readonly rows: LocalRows,
  ) {}

  /** @param caseOf gives the case to explain, once the features are known */
  run(
    loaded: LoadedModel,
    background: string,
    caseOf: (space: FeatureSpace) => Promise<Result<Row>>,
  ): Promise<Result<Explanation>> {
    const { model, signature } = loaded;
    return this.rows.use({ datasetId: background, where: [] }, async (rows): Promise<Result<Explanation>> => {
      const columns = featureColumns(rows.columns);
      const bound = bindColumns(signature, columns, model.card.features);
      if (!bound.ok) return bound;
      const space = featureSpace(bound.value, columns);
      const instance = await caseOf(space);
      if (!instance.ok) return instance;
      // The same model and data always give the same background, so the same case has the same explanation.
      const random = seededRandom(seedOf({ model: model.digest, background: rows.digest }));
      const sample = await drawSample(rows, space, random);
      if (!sample.ok) return sample;
      try {
        return await explainDecision({
          features: space.names,
          instance: instance.value,
          background: sample.value,
          model: (asked) => this.#score(loaded, space, asked),
          random,
        });
      } catch (error) {
        if (error instanceof ModelStopped) return { ok: false, problem: error.problem };
        throw error;
      }
    });
  }

  /** The case of a dataset in whose column the value stands. */
  caseFrom(
    datasetId: string,
    key: { readonly column: string; readonly value: string | number | boolean },
    space: FeatureSpace,
  ): Promise<Result<Row>> {
    const { column, value } = key;
    const where = [{ column, operator: 'eq', value }] as const;
    return this.rows.use({ datasetId, where }, async (rows) => {
      if (rows.rows > 1)
        return refuse(
          'explanation.ambiguous',
          `${rows.rows} rows have ${value} in "${column}"; choose a column that tells the case from all others.`,
          'key',
        );
      for await (const batch of rows.read(space.names)) {
        if (!batch.ok) return batch;
        const row = rowOf(space, batch.value, 0);
        return 'lacks' in row
          ? refuse('explanation.case', `The case has no number in "${row.lacks}"; it cannot be explained.`, row.lacks)
          : ok(row);
      }
      throw new Error('a row that was counted cannot be read');
    });
  }

  async #score(loaded: LoadedModel, space: FeatureSpace, rows: readonly Row[]): Promise<Float64Array> {
    const { model, signature } = loaded;
    const { threshold, positiveClass } = model.card;
    const scored = await score({
      host: this.host,
      digest: model.digest,
      signature,
      binding: space.binding,
      batches: only(batchOf(space, rows)),
      threshold,
      positiveClass,
    });
    if (!scored.ok) throw new ModelStopped(scored.problem);
    return scored.value.scores;
  }
}

async function* only<T>(value: T): AsyncGenerator<Result<T>, void, undefined> {
  yield ok(value);
}

/** Reads the sampled rows as they stream past. Rows in which a number is missing cannot be compared with. */
async function drawSample(rows: OpenRows, space: FeatureSpace, random: Random): Promise<Result<readonly Row[]>> {
  const positions = samplePositions(rows.rows, backgroundSize, random);
  const sample: Row[] = [];
  let next = 0;
  let before = 0;
  for await (const batch of rows.read(space.names)) {
    if (!batch.ok) return batch;
    next = takeFrom(batch.value, before, positions, next, space, sample);
    before += batch.value.rows;
    if (next === positions.length) break;
  }
  if (sample.length > 0) return ok(sample);
  return refuse(
    'explanation.background',
    'No row of the background has a number in every column that the model needs.',
  );
}

function takeFrom(
  batch: ColumnBatch,
  before: number,
  positions: readonly number[],
  from: number,
  space: FeatureSpace,
  sample: Row[],
): number {
  let next = from;
  for (let at = positions[next]; at !== undefined && at < before + batch.rows; at = positions[++next]) {
    const row = rowOf(space, batch, at - before);
    if (!('lacks' in row)) sample.push(row);
  }
  return next;
}

function seedOf(of: object): number {
  return Number.parseInt(digestOfJson(of).slice('sha-256:'.length, 'sha-256:'.length + 8), 16);
}
