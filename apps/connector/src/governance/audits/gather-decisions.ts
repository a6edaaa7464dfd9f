import type { JointRows } from '@hansa/fair';
import type { ModelHost } from '@hansa/inference';
import { ok, type Result } from '@hansa/kernel';
import type { ColumnBatch } from '@hansa/tabular';
import type { LoadedModel } from '../inference/inference-service.js';
import type { OpenRows } from '../inference/local-rows.js';
import { scoreRows } from '../inference/score-rows.js';
import { ColumnGatherer, type ColumnsToGather } from './gather-columns.js';

/**
 * Reads what an audit counts, row by row: label, decision and groups. The decision is that of a column, or of a model
 * that scores the rows as they go by.
 */
export async function gatherDecisions(about: {
  readonly host: ModelHost;
  /** Null when a column holds the decisions. */
  readonly loaded: LoadedModel | null;
  readonly rows: OpenRows;
  readonly wanted: ColumnsToGather;
  /** Is told how many rows are read. */
  readonly note: (done: number) => Promise<void>;
  readonly signal: AbortSignal;
}): Promise<Result<JointRows>> {
  const { host, loaded, rows, wanted, note, signal } = about;
  const gatherer = new ColumnGatherer(wanted);
  const { columns } = gatherer;
  const watch = (batches: AsyncIterable<Result<ColumnBatch>>) => watching(batches, gatherer, note, signal);
  if (loaded) {
    const scored = await scoreRows({ host, loaded, rows, columns, watch });
    return scored.ok ? ok(gatherer.finish(scored.value.decisions)) : scored;
  }
  for await (const batch of watch(rows.read(columns))) if (!batch.ok) return batch;
  return ok(gatherer.finish());
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
