export {
  type ComparedGroup,
  type Comparison,
  compare,
  comparisonMetrics,
  type LeftOutGroup,
} from './comparisons.js';
export {
  type AttributeCounts,
  addCounts,
  type CellCounts,
  type CodedAttribute,
  type ConfusionCounts,
  type CountInput,
  type CountProblem,
  countCells,
  type GroupCounts,
} from './counts.js';
export type { Finding } from './findings.js';
export { type Interval, newcombe, ratioInterval, type Share, wilson } from './interval.js';
export { judge, type Verdict, type VerdictReason } from './judge.js';
export { normalQuantile } from './normal.js';
export {
  type AuditPlan,
  type ComparisonMetric,
  type Floors,
  type JudgementRule,
  type Outcome,
  type PlannedMetric,
  type Polarity,
  planDefaults,
  planDigest,
} from './plan.js';
export { type Rate, type RateName, rateNames, rateOf, ratesOf } from './rates.js';
export {
  type AuditReport,
  buildReport,
  type DataReference,
  type ModelReference,
  type ReportInput,
  type ReportProblem,
  reportBytes,
  type Slice,
  type SoftwareReference,
} from './report.js';
