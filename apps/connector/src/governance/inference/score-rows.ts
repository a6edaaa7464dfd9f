import { bindColumns, boundColumns, featureColumns, type ModelHost, type Scores, score } from '@hansa/inference';
import type { Result } from '@hansa/kernel';
import type { ColumnBatch, TableProblem } from '@hansa/tabular';
import type { LoadedModel } from './inference-service.js';
import type { OpenRows } from './local-rows.js';

type Batches = AsyncIterable<Result<ColumnBatch, TableProblem>>;

/** Runs a model over rows. Further columns are read in the same pass, for `watch` to see as they go by. */
export async function scoreRows(request: {
  readonly host: ModelHost;
  readonly loaded: LoadedModel;
  readonly rows: OpenRows;
  readonly columns?: readonly string[];
  readonly watch?: (batches: Batches) => AsyncIterable<Result<ColumnBatch>>;
}): Promise<Result<Scores>> {
  const { host, loaded, rows, columns = [], watch } = request;
  const { model, signature } = loaded;
  const { features, threshold, positiveClass } = model.card;
  const bound = bindColumns(signature, featureColumns(rows.columns), features);
  if (!bound.ok) return bound;
  const binding = bound.value;
  const read = rows.read([...new Set([...boundColumns(binding), ...columns])]);
  const batches: AsyncIterable<Result<ColumnBatch>> = watch ? watch(read) : read;
  return score({ host, digest: model.digest, signature, binding, batches, threshold, positiveClass });
}
