import { canonicalJson, type Digest, digestOfJson, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { marginal } from '../counting/joint-algebra.js';
import { type JointAttribute, type JointCounts, totalOf } from '../counting/joint-counts.js';
import { type AuditPlan, columnsOfPlan, planDigest } from '../plan.js';
import type { DataReference, ModelReference, SoftwareReference } from '../report.js';
import type { ScoreTable } from '../scores/score-table.js';
import type { WithheldTables } from './handed-tables.js';
import { type OpenCombinations, openCombinations } from './open-cells.js';
import { type JointScoreTable, scoreTableOf } from './score-tables.js';
import { runSteps, type Steps } from './steps.js';
import { withholdInSteps } from './withhold.js';

/** How a city told what was true and what was decided. Columns may have other names elsewhere; the rest may not differ. */
export interface OutcomeDefinitions {
  /** The column that says what was true, and its values that are positive. */
  readonly label: { readonly column: string; readonly positive: readonly string[] };
  readonly decision:
    | { readonly kind: 'prediction'; readonly column: string; readonly positive: readonly string[] }
    /** Scores, positive from the threshold on. */
    | { readonly kind: 'threshold'; readonly column: string; readonly threshold: number }
    /** Decided by the model that the document names, at its own threshold unless one is given. */
    | { readonly kind: 'model'; readonly threshold?: number };
  /** The column of weights, of weighted counts. */
  readonly weight?: { readonly column: string };
  /** The column of scores, where the plan asks for them. */
  readonly score?: { readonly column: string };
}

/** Every combination that occurs. Exact, and so personal where it is small: for those who may see it. */
export interface JointTable extends OpenCombinations {
  readonly kind: 'joint';
  /** Weighted counts: for each combination four sums in units of 2^-90, as decimal digits. */
  readonly weights?: {
    readonly sums: readonly (readonly string[])[];
    readonly squares: readonly (readonly string[])[];
  };
  /** Where the plan asks for scores. */
  readonly scores?: JointScoreTable;
}

/**
 * What a city hands out for an audit of several: counts of its own rows under the shared plan, and what a reader needs to
 * add them to those of other cities. Its canonical JSON (RFC 8785) is what is hashed and signed.
 */
export interface AuditCounts {
  readonly type: 'AuditCounts';
  /** When it was counted: ISO 8601 in UTC. Absent unless it was given, so that the same rows give the same bytes. */
  readonly at?: string;
  /** Whose rows these are: a DID, or a name. */
  readonly countedBy: string;
  /** The plan in full, defaults filled in; shared before anybody counts. */
  readonly plan: AuditPlan;
  readonly planDigest: Digest;
  /** The model whose decisions these are, where it is at hand; the same one in every city. */
  readonly model?: ModelReference;
  /** The rows that were counted: the digest of their source, and their number. */
  readonly data: DataReference;
  readonly definitions: OutcomeDefinitions;
  /** The plan's columns in its order, with the levels that occur, sorted. */
  readonly columns: readonly JointAttribute[];
  readonly counts: JointTable | WithheldTables;
  readonly software: SoftwareReference;
}

export type AuditCountsProblem = Problem<
  | 'audit-counts.malformed'
  | 'audit-counts.other-plan'
  | 'audit-counts.other-columns'
  | 'audit-counts.wrong-codes'
  | 'audit-counts.not-canonical'
  | 'audit-counts.rows-differ'
  | 'audit-counts.no-rows'
  | 'audit-counts.no-model'
  | 'audit-counts.mixed-weights'
  | 'audit-counts.mixed-scores'
  | `joint.${string}`
  | `withhold.${string}`
  | `withheld.${string}`
  | `scores.${string}`
  | `merge.${string}`
>;

/** All but what follows from the counts themselves. */
export type CountsInput = Omit<AuditCounts, 'type' | 'planDigest' | 'columns' | 'counts'> & {
  /** By the columns of the plan at least; further ones are summed over. */
  readonly joint: JointCounts;
  /** Where the plan asks for scores. */
  readonly scores?: ScoreTable;
  /** Withhold numbers below this, and further ones that protect them; without it everything is handed out. */
  readonly minimumCell?: number;
};

/**
 * The document that hands out counts: all joint counts as they are, or, with `minimumCell`, the tables of the plan with
 * small numbers withheld (see {@link withhold}).
 *
 * @example
 * auditCounts({ countedBy: 'did:web:ghent.example', plan, data: { digest, rows }, definitions, joint, software });
 */
export function auditCounts(input: CountsInput): Result<AuditCounts, AuditCountsProblem> {
  return runSteps(auditCountsInSteps(input));
}

/** {@link auditCounts} in steps, for whoever has other work to do: to withhold numbers may take long. */
export function* auditCountsInSteps({
  joint,
  scores,
  minimumCell,
  ...input
}: CountsInput): Steps<Result<AuditCounts, AuditCountsProblem>> {
  const { plan, data, definitions, model } = input;
  const table = marginal(joint, columnsOfPlan(plan));
  if (!table.ok) return table;
  const { n } = totalOf(table.value);
  if (n === 0) return refuse('audit-counts.no-rows', 'There are no rows; nothing can be handed out.');
  if (n !== data.rows)
    return refuse('audit-counts.rows-differ', `The counts are of ${n} rows, the data has ${data.rows}.`, '/data/rows');
  if (definitions.decision.kind === 'model' && model === undefined)
    return refuse('audit-counts.no-model', 'The decisions are those of a model, so the model must be named.', '/model');
  if ((definitions.weight === undefined) !== (table.value.weighted === undefined))
    return refuse(
      'audit-counts.mixed-weights',
      'Weighted counts, and only those, name the column of weights.',
      '/definitions/weight',
    );
  const mixed = mixedScores(plan, definitions, scores);
  if (mixed) return mixed;
  const counts =
    minimumCell === undefined
      ? openTable(table.value, plan, scores)
      : yield* withholdInSteps(table.value, plan, minimumCell, scores);
  if (!counts.ok) return counts;
  const columns = table.value.attributes;
  return ok({ type: 'AuditCounts', ...input, planDigest: planDigest(plan), columns, counts: counts.value });
}

/** Scores are counted, and their column is named, exactly where the plan asks for them. */
export function mixedScores(
  { score }: AuditPlan,
  definitions: OutcomeDefinitions,
  scores: object | undefined,
): Result<never, AuditCountsProblem> | undefined {
  const asked = score !== undefined;
  if ((scores !== undefined) === asked && (definitions.score !== undefined) === asked) return undefined;
  return refuse(
    'audit-counts.mixed-scores',
    asked
      ? `The plan asks for the scores "${score.column}": count them, and name their column.`
      : 'The plan asks for no scores.',
    '/definitions/score',
  );
}

function openTable(
  joint: JointCounts,
  plan: AuditPlan,
  scores: ScoreTable | undefined,
): Result<JointTable, AuditCountsProblem> {
  if (!scores) return ok(jointTable(joint));
  const table = scoreTableOf(scores, plan);
  return table.ok ? ok({ ...jointTable(joint), scores: table.value }) : table;
}

/** The digest of a document, by its canonical form. */
export function auditCountsDigest(document: AuditCounts): Digest {
  return digestOfJson(document);
}

/** The bytes of a document that are digested and signed: canonical JSON in UTF-8. */
export function auditCountsBytes(document: AuditCounts): Uint8Array {
  return new TextEncoder().encode(canonicalJson(document));
}

/** Joint counts in the form of a document. */
export function jointTable(joint: JointCounts): JointTable {
  const { weighted } = joint;
  const open = openCombinations(joint);
  const four = (of: (at: number) => string, i: number) => [of(i * 4), of(i * 4 + 1), of(i * 4 + 2), of(i * 4 + 3)];
  const digits = (sums: readonly bigint[]) => open.codes.map((_, i) => four((at) => String(sums[at] ?? 0n), i));
  return {
    kind: 'joint',
    ...open,
    ...(weighted && { weights: { sums: digits(weighted.exact.sums), squares: digits(weighted.exact.squares) } }),
  };
}
