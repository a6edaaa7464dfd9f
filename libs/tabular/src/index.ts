export type { ColumnBatch, ColumnVector } from './column-vectors.js';
export type { DerivedCounting } from './count-derived.js';
export type { DerivedColumn } from './derived-column.js';
export type { Grouping, GroupKind } from './grouping.js';
export {
  type CountedColumn,
  type Counting,
  type JointCount,
  maxWeight,
  type WeightSums,
  weightUnitBits,
} from './joint-count.js';
export {
  type Coarsening,
  type RowCondition,
  type RowValue,
  type Shaping,
  unshaped,
} from './shaping.js';
export type { SharedRows } from './shared-rows.js';
export {
  type Column,
  type ColumnProfile,
  type ColumnType,
  maxColumns,
  type Representation,
  type SourceDescription,
  type SourceProfile,
  type TableProblem,
  type TableProblemKind,
  type TableSource,
} from './table.js';
export { type Preview, TableEngine } from './table-engine.js';
export { mediaTypes, negotiateFormat, type SourceFormat, type TargetFormat } from './table-format.js';
export { type Cell, defaultTableLimits, type TableLimits } from './table-session.js';
