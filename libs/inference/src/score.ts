import { type Digest, ok, type Problem, type Result } from '@hansa/kernel';
import type { ColumnBinding, FeatureBatch } from './bind-columns.js';
import type { ModelHost } from './model-host.js';
import type { ModelProblem, ModelSignature } from './model-signature.js';
import { RowScorer } from './row-scorer.js';
import { readingOf } from './score-reading.js';

/** Scores of rows in their order. */
export interface Scores {
  /** The probability (or raw score) of the positive class. */
  readonly scores: Float64Array;
  /** 1 where the score reaches the threshold. */
  readonly decisions: Uint8Array;
}

/**
 * Scores all rows of a stream. The score is column `positiveClass` of a float output [N, K] (`probabilities` by
 * preference), a float output of one column, or 1 where an output of labels is that class.
 *
 * @param request.batches rows as typed columns; a failed batch ends the scoring with its problem
 * @param request.threshold a score at or above it is a positive decision
 * @param request.positiveClass the place of its column, from 0. @default 1
 * @param request.progress called with the number of rows done after each run
 * @example
 * await score({ host, digest, signature, binding, batches, threshold: 0.5 });
 */
export async function score<P extends Problem>(request: {
  readonly host: ModelHost;
  readonly digest: Digest;
  readonly signature: ModelSignature;
  readonly binding: ColumnBinding;
  readonly batches: AsyncIterable<Result<FeatureBatch, P>>;
  readonly threshold: number;
  readonly positiveClass?: number;
  readonly progress?: (rows: number) => void;
}): Promise<Result<Scores, P | ModelProblem>> {
  const { host, digest, signature, binding, threshold, positiveClass = 1, progress } = request;
  const reading = readingOf(signature, { column: positiveClass });
  if (!reading.ok) return reading;
  const scorer = new RowScorer({ host, digest, signature, binding, reading: reading.value });
  const pieces: Float64Array[] = [];
  let rows = 0;
  for await (const batch of request.batches) {
    if (!batch.ok) return batch;
    const before = rows;
    const piece = await scorer.score(batch.value, before + 1, (done) => progress?.(before + done));
    if (!piece.ok) return piece;
    pieces.push(piece.value);
    rows += piece.value.length;
  }
  const scores = new Float64Array(rows);
  let at = 0;
  for (const piece of pieces) {
    scores.set(piece, at);
    at += piece.length;
  }
  return ok({ scores, decisions: Uint8Array.from(scores, (value) => (value >= threshold ? 1 : 0)) });
}
