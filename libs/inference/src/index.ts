export {
  bindColumns,
  boundColumns,
  type ColumnBinding,
  type FeatureBatch,
  type FeatureColumn,
  type FeatureVector,
  featureColumns,
} from './bind-columns.js';
export { inspectModel, maxModelBytes } from './inspect-model.js';
export { type ModelCard, ModelCardInput, modelCard } from './model-card.js';
export { defaultModelHostLimits, ModelHost, type ModelHostLimits, type ModelSource } from './model-host.js';
export type {
  Dimension,
  ElementType,
  ModelProblem,
  ModelProblemKind,
  ModelSignature,
  ModelValue,
} from './model-signature.js';
export { type InferRequest, inferResponse, modelMetadata, parseInferRequest } from './open-inference.js';
export { readModelFile } from './read-model-file.js';
export { RowScorer } from './row-scorer.js';
export { type Scores, score } from './score.js';
export { type PositiveClass, readingOf, type ScoreReading } from './score-reading.js';
export type { Tensor, Tensors } from './tensor.js';
