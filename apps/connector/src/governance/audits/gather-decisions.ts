import { type ModelHost, readingOf } from '@hansa/inference';
import { ok, type Result, refuse } from '@hansa/kernel';
import type { ColumnBatch } from '@hansa/tabular';
import type { LoadedModel } from '../inference/inference-service.js';
import type { OpenRows } from '../inference/local-rows.js';
import { scoreRows } from '../inference/score-rows.js';
import { ColumnGatherer, type ColumnsToGather, type GatheredRows } from './gather-columns.js';

/**
 * Reads what an audit counts, row by row: label, decision, groups, weights and scores. The decision is that of a column,
 * or of a model that scores the rows as they go by.
 */
export async function gatherDecisions(about: {
  readonly host: ModelHost;
  /** Null when a column holds the decisions. */
  readonly loaded: LoadedModel | null;
  readonly rows: OpenRows;
  readonly wanted: ColumnsToGather;
  /** Whether the scores are those of the model. */
  readonly modelScores: boolean;
  /** Is told how many rows are read. */
  readonly note: (done: number) => Promise<void>;
  readonly signal: AbortSignal;
}): Promise<Result<GatheredRows>> {
  const { host, loaded, rows, wanted, modelScores, note, signal } = about;
  const gatherer = new ColumnGatherer(wanted);
  const { columns } = gatherer;
  const watch = (batches: AsyncIterable<Result<ColumnBatch>>) => watching(batches, gatherer, note, signal);
  if (loaded) {
    const scoring = modelScores ? givesScores(loaded) : ok(null);
    if (!scoring.ok) return scoring;
    const scored = await scoreRows({ host, loaded, rows, columns, watch });
    if (!scored.ok) return scored;
    const { decisions, scores } = scored.value;
    return ok(gatherer.finish({ decisions, ...(modelScores && { scores }) }));
  }
  for await (const batch of watch(rows.read(columns))) if (!batch.ok) return batch;
  return ok(gatherer.finish());
}

function givesScores({ model, signature }: LoadedModel): Result<null> {
  const reading = readingOf(signature, { column: model.card.positiveClass });
  if (!reading.ok) return reading;
  if (reading.value.kind === 'scores') return ok(null);
  return refuse(
    'audit.no-scores',
    'The model gives labels and no scores: leave "score" out of the plan.',
    'plan.score',
  );
}

/** Lets batches pass on to the model, after what is counted has been taken out of them. */
async function* watching(
  batches: AsyncIterable<Result<ColumnBatch>>,
  gatherer: ColumnGatherer,
  note: (done: number) => Promise<void>,
  signal: AbortSignal,
): AsyncGenerator<Result<ColumnBatch>, void, undefined> {
  for await (const batch of batches) {
    if (!batch.ok) return yield batch;
    signal.throwIfAborted();
    await note(gatherer.rows);
    const gathered = gatherer.add(batch.value);
    if (!gathered.ok) return yield gathered;
    yield batch;
  }
}
