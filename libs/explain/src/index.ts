export {
  type Contribution,
  type ExplainProblem,
  type ExplainRequest,
  type Explanation,
  explainDecision,
} from './explain-decision.js';
export type { FeatureValue, Model, Row } from './model.js';
