import type { Problem, Result } from '@hansa/kernel';
import type { ColumnBatch } from './column-vectors.js';

/** A column of numbers that is computed from others as rows stream past, such as the score of a model. */
export interface DerivedColumn<P extends Problem> {
  /** No column of the file may have this name. */
  readonly name: string;
  /** The columns that it is computed from. */
  readonly from: readonly string[];
  /**
   * A number for each row of a batch; NaN where there is none.
   *
   * @param firstRow the number of the batch's first row, from 1
   */
  compute(batch: ColumnBatch, firstRow: number): Promise<Result<Float64Array, P>>;
}
