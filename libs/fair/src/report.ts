import {
  canonicalJson,
  type Digest,
  digestOf,
  type Json,
  type JsonObject,
  ok,
  type Problem,
  type Result,
  refuse,
} from '@hansa/kernel';
import { baselineFindings, type HumanBaseline } from './baseline/human-baseline.js';
import type { ClusterMoments } from './clusters/cluster-moments.js';
import { clusterFindings, clusterProblem } from './clusters/cluster-report.js';
import { compareAll } from './comparisons/compare-all.js';
import type { Comparison } from './comparisons/comparison.js';
import type { DisclosedCounts } from './counts.js';
import { type DrawnPart, drawnPart } from './draws/drawn-gaps.js';
import type { CityPopulation } from './federation/city-contrasts.js';
import { type Federation, federationFindings, federationOf } from './federation/federation.js';
import type { Finding } from './findings/finding.js';
import { groupFindings } from './findings/group-findings.js';
import { populationFindings } from './findings/population-findings.js';
import { scoreFindings } from './findings/score-findings.js';
import { type InequalityPart, inequalityPart } from './inequality/inequality-part.js';
import { judge, type Verdict } from './judge.js';
import { type CellCounts, type Partition, pooledCounts } from './partition.js';
import { type AuditPlan, comparedBy, planDigest } from './plan.js';
import { type Rate, type RateName, ratesOf } from './rates.js';
import type { ReportRequest } from './request/report-request.js';
import { type CountedScores, type ScorePart, scorePart } from './scores/score-part.js';
import { type ReportTests, reportTests } from './tests/report-tests.js';

/** The model that was audited. Further members (version, threshold, card) are carried along. */
export interface ModelReference extends JsonObject {
  readonly digest: Digest;
}

/** The data that it was audited on. Further members (dataset, agreement, period) are carried along. */
export interface DataReference extends JsonObject {
  readonly digest: Digest;
  readonly rows: number;
}

/** Who computed the report. */
export interface SoftwareReference {
  readonly name: string;
  readonly version: string;
}

/** Part of the population, with everything counted in it. */
export interface Slice {
  /** `{}` for everybody, `{"sex":"Female"}` for a group. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly counts: DisclosedCounts;
  readonly rates: Readonly<Record<RateName, Rate>>;
}

/** An audit as a JSON document. Its canonical form (RFC 8785) is what gets signed. */
export interface AuditReport {
  readonly type: 'AuditReport';
  /** When the audit was planned: ISO 8601 in UTC. Absent where nobody put that on record, as for a file. */
  readonly at?: string;
  readonly model: ModelReference;
  readonly data: DataReference;
  readonly plan: AuditPlan;
  readonly planDigest: Digest;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** Every metric for every attribute, over all groups and over judged groups. */
  readonly comparisons: readonly Comparison[];
  /** Everybody first, then the groups of each attribute by name. */
  readonly slices: readonly Slice[];
  /** Statistical tests, where the plan asks for them. */
  readonly tests?: ReportTests;
  /** Where several cities were audited together: what each shows by itself. */
  readonly federation?: Federation;
  /** What people decided about the same rows, where that is known. */
  readonly humanBaseline?: HumanBaseline;
  readonly method: typeof method & { readonly weights?: 'effective-rows'; readonly clusters?: 'linearised' };
  readonly software: SoftwareReference;
  /** Where the plan asks for it. */
  readonly scores?: ScorePart;
  /** Where the plan asks for it. */
  readonly inequality?: InequalityPart;
  /** Where the plan asks for it. */
  readonly drawn?: DrawnPart;
  /** How it was asked for, where files were audited: with the plan and the files enough to run it again. */
  readonly request?: ReportRequest;
  /** The contributions behind one decision, where they were asked for. */
  readonly explanation?: Json;
}

export interface ReportInput {
  readonly at?: string;
  readonly model: ModelReference;
  readonly data: DataReference;
  readonly plan: AuditPlan;
  readonly counts: CellCounts;
  readonly software: SoftwareReference;
  /** What was noticed about the data as it was read: duplicates, drift, codes for missing values. */
  readonly dataFindings?: readonly Finding[];
  /** What the plan's `score` asks for. */
  readonly scores?: CountedScores;
  /** The parts that the counts are the sum of, where they are those of several cities. */
  readonly cities?: readonly CityPopulation[];
  readonly humanBaseline?: HumanBaseline;
  readonly request?: ReportRequest;
  readonly explanation?: Json;
}

export type ReportProblem = Problem<
  | 'audit.invalid-plan'
  | 'audit.unknown-attribute'
  | 'audit.rows-differ'
  | 'audit.no-rows'
  | 'audit.weights-differ'
  | 'audit.scores-differ'
  | 'audit.no-weight'
  | 'audit.clusters-differ'
>;

const method = {
  rates: 'wilson',
  differences: 'newcombe',
  ratios: 'koopman',
  convention: 'fairlearn',
} as const;

/**
 * Builds the report of an audit from counts. Pure: the same input gives the same report, byte for byte in canonical
 * JSON, on any machine.
 *
 * @example
 * const report = buildReport({ at, model, data, plan, counts, software });
 * if (report.ok) reportBytes(report.value);
 */
export function buildReport(input: ReportInput): Result<AuditReport, ReportProblem> {
  const {
    at,
    model,
    data,
    plan,
    counts,
    software,
    scores,
    dataFindings = [],
    humanBaseline,
    cities,
    request,
    explanation,
  } = input;
  const problem = planProblem(plan) ?? countsProblem(input);
  if (problem) return { ok: false, problem };
  const partitions = comparedBy(plan).flatMap((name) =>
    counts.partitions.filter(({ attribute }) => attribute === name),
  );
  const comparisons = partitions.flatMap((partition) => compareAll(partition, plan));
  const slices = slicesOf(counts.total, partitions, plan.level);
  const verdict = judge(plan, comparisons);
  const drawn = drawnPart(counts, plan, comparisons);
  const scoresOf = scores && plan.score ? { scores, column: plan.score.column } : undefined;
  const scorePartOf = scoresOf && scorePart(scoresOf.scores, scoresOf.column, plan);
  const federation = cities && federationOf(cities, comparisons, plan);
  const report: AuditReport = {
    type: 'AuditReport',
    ...(at !== undefined && { at }),
    model,
    data,
    plan,
    planDigest: planDigest(plan),
    verdict,
    findings: bySeverity([
      ...groupFindings(plan, comparisons, verdict),
      ...(humanBaseline ? baselineFindings(humanBaseline, plan) : []),
      ...dataFindings,
      ...populationFindings(counts, plan),
      ...clusterFindings(comparisons, counts, plan),
      ...(scoresOf ? scoreFindings(scoresOf.scores, scoresOf.column, counts, plan) : []),
      ...(federation ? federationFindings(federation, plan) : []),
    ]),
    comparisons,
    slices,
    ...(plan.tests && { tests: reportTests(counts, plan) }),
    ...(scorePartOf && { scores: scorePartOf }),
    ...(plan.inequality && { inequality: inequalityPart(counts, plan) }),
    ...(drawn && { drawn }),
    ...(federation && { federation }),
    ...(humanBaseline && { humanBaseline }),
    method: {
      ...method,
      ...(plan.weight !== undefined && { weights: 'effective-rows' }),
      ...(plan.cluster !== undefined && { clusters: 'linearised' }),
    },
    software,
    ...(request && { request }),
  };
  return ok(explanation === undefined ? report : { ...report, explanation });
}

/** The bytes of a report that are digested and signed: canonical JSON in UTF-8. */
export function reportBytes(report: AuditReport): Uint8Array {
  return new TextEncoder().encode(canonicalJson(report));
}

/** What a credential about a report is signed over: the digest of {@link reportBytes}. */
export function reportDigest(report: AuditReport): Digest {
  return digestOf(reportBytes(report));
}

/** Everybody, then each group once: an intersection and a stratum may hold the same people. */
function slicesOf(total: DisclosedCounts, partitions: readonly Partition[], level: number): readonly Slice[] {
  const slices = new Map([['', sliceOf({}, total, level)]]);
  for (const { stratum, groups } of partitions) {
    for (const { attributes, counts } of groups) {
      const all = { ...stratum, ...attributes };
      const key = canonicalJson(all);
      const known = slices.get(key);
      if (!known) slices.set(key, sliceOf(all, counts, level));
      else if (counts.clusters?.shared) slices.set(key, withShared(known, counts.clusters.shared));
    }
  }
  return [...slices.values()];
}

/** The same people once more, held against other groups: the clusters that they share with those, too. */
function withShared(slice: Slice, shared: NonNullable<ClusterMoments['shared']>): Slice {
  const { clusters } = slice.counts;
  if (!clusters) return slice;
  return {
    ...slice,
    counts: { ...slice.counts, clusters: { ...clusters, shared: { ...clusters.shared, ...shared } } },
  };
}

function sliceOf(attributes: Slice['attributes'], counts: DisclosedCounts, level: number): Slice {
  return { attributes, counts, rates: ratesOf(counts, level) };
}

/** What makes a plan impossible, whatever the data. */
export function planProblem(plan: AuditPlan): ReportProblem | undefined {
  const invalid = (detail: string, at: string) => refuse('audit.invalid-plan', detail, at).problem;
  const isShare = (x: number) => x >= 0 && x <= 1;
  if (plan.attributes.length === 0) return invalid('The plan names no attribute to compare groups by.', '/attributes');
  if (plan.metrics.length === 0) return invalid('The plan names no metric, so nothing could fail.', '/metrics');
  if (!plan.metrics.every(({ margin }) => isShare(margin)))
    return invalid('Every margin must lie between 0 and 1.', '/metrics');
  if (!(plan.level > 0 && plan.level < 1)) return invalid('The level must lie between 0 and 1, as 0.95.', '/level');
  if (!(plan.floors.group >= 0 && plan.floors.events >= 0)) return invalid('Floors cannot be negative.', '/floors');
  if (plan.weight !== undefined && plan.draws)
    return invalid(
      'Nothing is drawn in a weighted audit, because sums of weights do not say how rows would fall another time. Leave out the seed.',
      '/draws',
    );
  if (plan.weight !== undefined && plan.tests)
    return invalid(
      'There are no tests in a weighted audit: they are about rows, and would take unequal ones for equal. Leave them out; intervals allow for weights.',
      '/tests',
    );
  const ofClusters = clusterProblem(plan);
  if (ofClusters !== undefined) return invalid(ofClusters, '/cluster');
  if (!isShare(plan.rule.unjudgedShare)) return invalid('The unjudged share must lie between 0 and 1.', '/rule');
  return undefined;
}

function countsProblem(input: ReportInput): ReportProblem | undefined {
  const { plan, counts, data } = input;
  const { n } = counts.total;
  if (n === 0) return refuse('audit.no-rows', 'The data has no rows; there is nothing to audit.').problem;
  if (n !== null && n !== data.rows)
    return refuse('audit.rows-differ', `The counts are of ${n} rows, the data has ${data.rows}.`).problem;
  const asked = askedProblem(input);
  if (asked) return asked;
  for (const name of comparedBy(plan)) {
    const found = counts.partitions.filter(({ attribute, stratum }) => attribute === name && !stratum);
    const [partition] = found;
    if (found.length !== 1 || partition === undefined)
      return refuse(
        'audit.unknown-attribute',
        `The plan compares by "${name}", which is counted ${found.length} times.`,
        name,
      ).problem;
    const { n: rows } = pooledCounts(partition);
    if (!counts.apart && rows !== null && n !== null && rows !== n)
      return refuse(
        'audit.rows-differ',
        `The groups of "${name}" hold ${rows} rows of ${n}; count a missing value too.`,
        name,
      ).problem;
  }
  return undefined;
}

/** What a plan asks for must have been counted, and nothing else. */
function askedProblem({
  plan: { weight, score, cluster },
  counts: { total },
  scores,
}: ReportInput): ReportProblem | undefined {
  if ((score !== undefined) !== (scores !== undefined))
    return refuse(
      'audit.scores-differ',
      score
        ? `The plan asks for the scores "${score.column}", and they were not counted.`
        : 'The plan asks for no scores.',
      score?.column,
    ).problem;
  if ((weight !== undefined) !== (total.weights !== undefined))
    return refuse(
      'audit.weights-differ',
      weight === undefined
        ? 'The counts have weights, and the plan names no column of weights.'
        : `The plan weighs rows by "${weight}", and the counts have no weights.`,
      weight,
    ).problem;
  if ((cluster !== undefined) !== (total.clusters !== undefined))
    return refuse(
      'audit.clusters-differ',
      cluster === undefined
        ? 'The counts have clusters, and the plan names no column of them.'
        : `The rows belong together by "${cluster}", and the counts have no clusters.`,
      cluster,
    ).problem;
  if (total.weights?.sums.n === 0)
    return refuse('audit.no-weight', `The weight "${weight}" is 0 in every row that is counted.`, weight).problem;
  return undefined;
}

const severities = ['high', 'medium', 'low'] as const;

/** The gravest first; among equals in the order in which they were found. */
function bySeverity(findings: readonly Finding[]): readonly Finding[] {
  return severities.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}
