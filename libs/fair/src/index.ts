export { type Association, associationOf } from './association.js';
export {
  type BaselineSide,
  type HumanBaseline,
  type HumanDecisions,
  humanBaseline,
} from './baseline/human-baseline.js';
export { peopleAgree, peopleRefuse } from './baseline/paired-counts.js';
export { type PairedRate, type PairedTest, pairedRates } from './baseline/paired-tests.js';
export { type Clustering, cellCounts } from './cell-counts.js';
export type { ClusteredShare, ClusterMoments } from './clusters/cluster-moments.js';
export { comparePair, pairsOf } from './comparisons/aif360.js';
export { type PairShares, pairShares } from './comparisons/clustered-pairs.js';
export {
  type Aggregation,
  type ComparedGroup,
  type Comparison,
  everybody,
  type HeadlineComparison,
  isHeadline,
  type LeftOutGroup,
} from './comparisons/comparison.js';
export { compare, type How, waysOf } from './comparisons/fairlearn.js';
export {
  type ComparisonMetric,
  type Contrast,
  type Convention,
  comparisonMetrics,
  contrastOf,
  type PairMetric,
  pairMetrics,
  ratesOfMetric,
} from './comparisons/metrics.js';
export type { CodedAttribute } from './counting/coded-attribute.js';
export { countJoint } from './counting/count-joint.js';
export { addJoint, type Combinations, jointCounts, marginal, stratum } from './counting/joint-algebra.js';
export {
  combinationsOf,
  compareLevels,
  type ExactSums,
  groupsOf,
  type JointAttribute,
  type JointCounts,
  type JointGroup,
  type JointProblem,
  type JointWeights,
  totalOf,
} from './counting/joint-counts.js';
export type { JointRows } from './counting/joint-rows.js';
export { maxWeight, weightUnitBits } from './counting/weights.js';
export { addCounts, type CellWeights, type ConfusionCounts, type DisclosedCounts } from './counts.js';
export { type Discrepancy, differences } from './differences.js';
export type { DrawnGap, DrawnPart } from './draws/drawn-gaps.js';
export {
  type AuditCounts,
  type AuditCountsProblem,
  auditCounts,
  auditCountsBytes,
  auditCountsDigest,
  auditCountsInSteps,
  type CountsInput,
  type JointTable,
  type OutcomeDefinitions,
} from './federation/audit-counts.js';
export { AuditCountsDocument } from './federation/audit-counts.schema.js';
export type { CityContrast, CityGap, CityPopulation } from './federation/city-contrasts.js';
export type { CityFigures, CitySlice, Federation } from './federation/federation.js';
export type { GroupTable } from './federation/group-tables.js';
export type {
  HandedCells,
  HandedScores,
  HandedTable,
  WithheldScores,
  WithheldTables,
} from './federation/handed-tables.js';
export { type MergeProblem, mergeCounts, type PooledCounts } from './federation/merge-counts.js';
export type { OpenCells, OpenCombinations } from './federation/open-cells.js';
export { pooledReport } from './federation/pooled-report.js';
export { type CityCounts, readAuditCounts } from './federation/read-audit-counts.js';
export { answerSecureSum, type CityStep, joinSecureSum, type SecureCity } from './federation/secure/secure-city.js';
export {
  type CoordinatorStep,
  closeRound,
  hearSecureSum,
  openSecureSum,
  type SecureCoordinator,
} from './federation/secure/secure-coordinator.js';
export type { SecureCrypto } from './federation/secure/secure-crypto.port.js';
export type {
  CityMessage,
  CoordinatorMessage,
  SecureMessage,
} from './federation/secure/secure-messages.js';
export { maxSecureCombinations, type SecureProblem, type SecureTerms } from './federation/secure/secure-terms.js';
export type { Steps } from './federation/steps.js';
export { tablesOfPlan } from './federation/tables-of-plan.js';
export {
  type BoundsProblem,
  maxCombinations,
  type WithheldBounds,
  withheldBounds,
} from './federation/withheld-bounds.js';
export { type WithholdProblem, withhold } from './federation/withhold.js';
export type { Estimated, Figure, Suppressed, Undefined } from './figure.js';
export { type Finding, findingTypes } from './findings/finding.js';
export {
  type DemographicDisparity,
  type DisparityStratum,
  demographicDisparityOf,
} from './inequality/demographic-disparity.js';
export {
  biasAmplificationOf,
  type DifferentialFairness,
  differentialFairnessOf,
  type Speaks,
} from './inequality/differential-fairness.js';
export {
  coefficientOfVariationOf,
  decomposeEntropy,
  type EntropyDecomposition,
  generalizedEntropyOf,
  theilOf,
} from './inequality/entropy.js';
export { type AttributeInequality, type InequalityPart, inequalityPart } from './inequality/inequality-part.js';
export type { CountedGroup } from './inequality/known-groups.js';
export { type GroupWeights, reweighingOf } from './inequality/reweighing.js';
export { type TreatmentEquality, treatmentEqualityOf } from './inequality/treatment-equality.js';
export { judge, type Verdict, type VerdictReason } from './judge.js';
export {
  addErrors,
  countErrors,
  type ErrorInput,
  type ErrorProblem,
  type ErrorSums,
  type GroupErrors,
} from './outcomes/error-sums.js';
export {
  type AttributeClasses,
  addClasses,
  addTables,
  averagesOf,
  type ClassAverage,
  type ClassAverages,
  type ClassInput,
  type ClassProblem,
  type ClassTable,
  countClasses,
  oneVersusRest,
  partitionOfClass,
} from './outcomes/multiclass.js';
export {
  type PredictionDistance,
  predictionDistancesOf,
  type RegressionFigureName,
  regressionGapsOf,
  type Selections,
  selectionsOf,
} from './outcomes/prediction-gaps.js';
export { addRanks, countRanks, type GroupRanks, type RankProblem, type RankTable } from './outcomes/ranking.js';
export {
  type Exposure,
  exposureOf,
  type InfeasibleIndex,
  infeasibleIndexOf,
  ndklOf,
  type RankTarget,
  rndOf,
  type TopShare,
  topSharesOf,
} from './outcomes/ranking-fairness.js';
export { pinballLossOf, type RegressionFigures, regressionOf } from './outcomes/regression.js';
export { type CellCounts, type Group, notStated, type Partition, pooledCounts } from './partition.js';
export {
  type AuditPlan,
  type ComparedGroups,
  columnsOfPlan,
  comparedBy,
  crossed,
  type Floors,
  type JudgementRule,
  type Outcome,
  type PlannedMetric,
  type Polarity,
  planDefaults,
  planDigest,
} from './plan.js';
export { AuditPlanInput } from './plan.schema.js';
export type { PlannedResponses } from './planned-responses.js';
export { discreteLaplace } from './privacy/discrete-laplace.js';
export type { Epsilon, PrivacyProblem } from './privacy/epsilon.js';
export { type NoisyCells, type NoisyRate, noisyRateOf } from './privacy/noisy-rate.js';
export { addNoise, type Noise, type NoisyTables } from './privacy/noisy-tables.js';
export {
  type ExactEpsilon,
  type PrivacyBudget,
  privacyBudget,
  type Release,
  spendEpsilon,
  spentEpsilon,
} from './privacy/privacy-budget.js';
export type { RandomBits } from './privacy/random-bits.js';
export {
  effectiveOf,
  type Rate,
  type RateName,
  rateNames,
  rateOf,
  ratesOf,
  shareOf,
  type WeightedShare,
} from './rates.js';
export { type Rederivation, rederive } from './rederive.js';
export { type DocumentCheck, rederiveDocument } from './rederive-document.js';
export {
  type AtsFieldName,
  type AtsRiskCategory,
  type AtsStatus,
  type AtsValues,
  atsDomains,
  atsFieldNames,
  atsFields,
  atsRiskCategories,
  atsStatuses,
} from './register/ats-fields.js';
export { type EntryChange, entryChanges } from './register/entry-changes.js';
export {
  type Exported,
  type ExportFormat,
  exportAs,
  exportFormats,
  exportNames,
  exportSchemas,
} from './register/exports.js';
export { fairnessWords } from './register/fairness-words.js';
export { filledEntry, fillFromAudits } from './register/fill-from-audits.js';
export {
  missingFields,
  type RegisterEntry,
  RegisterEntryInput,
  readEntry,
  requireComplete,
} from './register/register-entry.js';
export {
  type AuditEvidence,
  type ModelFacts,
  newestAudit,
  type Publication,
  type RegisterMaterial,
} from './register/register-material.js';
export { type OverviewInput, RegisterOverview, registerOverview } from './register/register-overview.js';
export {
  type AuditReport,
  buildReport,
  type DataReference,
  type ModelReference,
  planProblem,
  type ReportInput,
  type ReportProblem,
  reportBytes,
  reportDigest,
  type Slice,
  type SoftwareReference,
} from './report.js';
export { AuditReportDocument, reportFrom } from './report.schema.js';
export {
  type Change,
  compareReports,
  type GapChange,
  type RateChange,
  type ReportChange,
  type ReportChangeProblem,
} from './report-change.js';
export type { ReportRequest, RequestedModel } from './request/report-request.js';
export { type RerunOutcome, rerunOutcome } from './rerun-outcome.js';
export {
  type AnsweredFinding,
  answeredFindings,
  blockingFindings,
  type FindingAnswer,
  findingId,
  type ResponseState,
} from './responses.js';
export { type BrierScore, type Calibration, calibrationOf } from './scores/calibration.js';
export { type CalibrationGap, calibrationGapOf } from './scores/calibration-gap.js';
export {
  chiSquareDistance,
  type Distance,
  jensenShannon,
  type KolmogorovSmirnov,
  kolmogorovSmirnov,
  populationStability,
  wasserstein,
} from './scores/drift.js';
export { type GroupDrift, type HistogramDrift, histogramDriftOf } from './scores/histogram-drift.js';
export { type JointScores, type ScoreQuestion, scoresOfJoint } from './scores/joint-scores.js';
export { type LabelRateChange, labelRateChange, type PeriodLabels, type RateSide } from './scores/label-rate.js';
export { type Recalibration, recalibrationOf } from './scores/recalibration.js';
export { type Binning, type ReliabilityBin, reliabilityOf } from './scores/reliability.js';
export { type Auc, abroca, aucOf, crossAucOf, type RocCurve, type RocPoint, rocCurveOf } from './scores/roc.js';
export {
  type BinProblem,
  binsOf,
  edgesGrid,
  equalWidthGrid,
  type GridProblem,
  type ScoreGrid,
  sameGrid,
  thresholdsOf,
  valuesGrid,
} from './scores/score-grid.js';
export {
  addGroups,
  addHistograms,
  binCounts,
  countScores,
  type GroupScores,
  type LabelScores,
  type ScoreHistogram,
  type ScoreInput,
  type ScoreProblem,
} from './scores/score-histogram.js';
export {
  type AttributeScores,
  type CountedScores,
  type ScoreDistances,
  type ScoredGroup,
  type ScoredMonth,
  type ScoreFigures,
  type ScorePart,
  scorePart,
  type ThresholdGaps,
} from './scores/score-part.js';
export {
  countedScores,
  defaultRange,
  maxScored,
  type ScoreTable,
  type ScoreTableProblem,
  scoreBins,
  scoredBy,
  tabulateScores,
} from './scores/score-table.js';
export { atThreshold, type GroupSweep, sweepOf, type ThresholdCounts } from './scores/threshold-sweep.js';
export { type GroupFigure, type Spread, spreadOf } from './spread.js';
export {
  type BootstrapInterval,
  type BootstrapOptions,
  type CountStatistic,
  countBootstrap,
  type Drawn,
} from './statistics/bootstrap.js';
export { type ChiSquareTest, chiSquare } from './statistics/chi-square.js';
export { type ClusterBootstrap, type ClusterCounts, clusterBootstrap } from './statistics/cluster-bootstrap.js';
export { bootstrapComparisons, type ComparisonBootstrap } from './statistics/comparison-bootstrap.js';
export { miettinenNurminen } from './statistics/difference-interval.js';
export { drawBinomial, drawHypergeometric, drawMultinomial, generator } from './statistics/draws.js';
export { effectiveRows } from './statistics/effective-rows.js';
export { type Equivalence, equivalence } from './statistics/equivalence.js';
export { clopperPearson, jeffreys } from './statistics/exact-interval.js';
export { type FisherTest, fisherExact } from './statistics/fisher.js';
export { type GeneralisedMantelHaenszel, generalisedMantelHaenszel } from './statistics/generalised-mantel-haenszel.js';
export { type EffectMeasure, type Heterogeneity, heterogeneity, type Place } from './statistics/heterogeneity.js';
export {
  type Interval,
  type IntervalMethod,
  newcombe,
  ratioInterval,
  type Share,
  wilson,
} from './statistics/interval.js';
export { type GapOptions, gapInterval, type LargestGap, largestGap } from './statistics/largest-gap.js';
export { logRatioInterval } from './statistics/log-ratio.js';
export {
  type BreslowDay,
  breslowDay,
  type MantelHaenszel,
  mantelHaenszel,
  type Stratum,
} from './statistics/mantel-haenszel.js';
export { type McnemarTest, mcnemar } from './statistics/mcnemar.js';
export { type AdjustedFamily, benjaminiHochberg, type Hypothesis, holm } from './statistics/multiplicity.js';
export { normalQuantile, normalUpperTail } from './statistics/normal.js';
export { pairedDifference } from './statistics/paired-difference.js';
export { type GapTest, permutationGap } from './statistics/permutation.js';
export { type DetectableGap, detectableGap, powerOfDifference } from './statistics/power.js';
export { type Shrinkage, type ShrunkenRate, shrink } from './statistics/shrinkage.js';
export * from './tasks/index.js';
export type { AdjustedEquivalence, AdjustedTest } from './tests/adjusted.js';
export type { ReportTests, TestFamily } from './tests/report-tests.js';
export { type TestSettings, TestSettingsInput, testDefaults } from './tests/settings.js';
