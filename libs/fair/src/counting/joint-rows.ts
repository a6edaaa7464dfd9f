import type { CodedAttribute } from './coded-attribute.js';

/** Rows as typed arrays, all of the same length. */
export interface JointRows {
  /** What turned out to be true: 1 positive, 0 negative. */
  readonly label: Uint8Array;
  /** What was decided: 1 positive, 0 negative. */
  readonly decision: Uint8Array;
  readonly attributes: readonly CodedAttribute[];
  /** From 0 to 2^30. */
  readonly weights?: Float64Array;
}
