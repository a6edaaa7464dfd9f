import {
  type AuditCounts,
  auditCountsInSteps,
  countJoint,
  groupsOf,
  type JointCounts,
  type ModelReference,
  marginal,
  type SoftwareReference,
  tabulateScores,
} from '@hansa/fair';
import type { ModelHost } from '@hansa/inference';
import { type Clock, type JsonObject, must, ok, type Result, refuse } from '@hansa/kernel';
import { parsePolicy, shapingOf } from '@hansa/odrl';
import { namesOf, plannedColumns, wantsModelScores } from '../audits/countable-plan.js';
import type { GatheredRows } from '../audits/gather-columns.js';
import { gatherDecisions } from '../audits/gather-decisions.js';
import type { InferenceService, LoadedModel } from '../inference/inference-service.js';
import { type LocalRows, type OpenRows, requireColumns } from '../inference/local-rows.js';
import type { Models } from '../models/models.js';
import { type CountsRequest, definitionsOf } from './counts-request.js';
import { inTurns } from './in-turns.js';

/** What is counted, and for whom. */
export interface Counting {
  readonly request: CountsRequest;
  readonly datasetId: string;
  readonly agreementId: string;
  /** The policy of the agreement: rows that it holds back are not counted, nor are columns that it drops. */
  readonly policy: JsonObject;
  /** The smallest count that may be handed out. */
  readonly minimumCell: number;
}

export interface CountingProgress {
  readonly done: number;
  readonly total: number;
}

/** What was read, and from where. */
interface Gathered {
  readonly rows: OpenRows;
  readonly gathered: GatheredRows;
  readonly loaded: LoadedModel | null;
}

/** Counts a dataset of this node under somebody's plan. No row leaves, and no count that is too small. */
export class CountRows {
  constructor(
    private readonly models: Models,
    private readonly inference: InferenceService,
    private readonly host: ModelHost,
    private readonly rows: LocalRows,
    /** The DID of this node. */
    private readonly countedBy: string,
    private readonly clock: Clock,
    private readonly software: SoftwareReference,
  ) {}

  async run(
    counting: Counting,
    { note, signal }: { readonly note: (progress: CountingProgress) => void; readonly signal: AbortSignal },
  ): Promise<Result<AuditCounts>> {
    const { request, datasetId, policy } = counting;
    const shaping = shapingOf(must(parsePolicy(policy)));
    if (!shaping.ok) return shaping;
    const loaded = await this.#loaded(request);
    if (!loaded.ok) return loaded;
    const { where } = request;
    const counted = await this.rows.use({ datasetId, where, shaping: shaping.value, frozen: true }, async (rows) => {
      const fits = checkColumns(request, rows);
      if (!fits.ok) return fits;
      if (rows.rows < counting.minimumCell) return tooFew(counting.minimumCell);
      const { rows: total } = rows;
      const gathered = await gatherDecisions({
        host: this.host,
        loaded: loaded.value,
        rows,
        wanted: wantedOf(request),
        modelScores: wantsModelScores(request.plan, loaded.value !== null),
        note: async (done) => note({ done, total }),
        signal,
      });
      if (!gathered.ok) return gathered;
      return this.#document(counting, { rows, gathered: gathered.value, loaded: loaded.value }, signal);
    });
    // Whether there is nobody or somebody would say something about that somebody.
    const nobody = !counted.ok && counted.problem.kind === 'dataset.no-rows';
    return nobody ? tooFew(counting.minimumCell) : counted;
  }

  async #loaded({ decision }: CountsRequest): Promise<Result<LoadedModel | null>> {
    if (!('model' in decision)) return ok(null);
    const model = await this.models.findDigest(decision.model);
    if (model) return this.inference.load(model.id);
    return refuse('counts.no-model', `This node hosts no model ${decision.model}.`, 'decision.model');
  }

  async #document(
    counting: Counting,
    { rows, gathered, loaded }: Gathered,
    signal: AbortSignal,
  ): Promise<Result<AuditCounts>> {
    const { request, datasetId, agreementId, minimumCell } = counting;
    const joint = countJoint(gathered);
    if (!joint.ok) return joint;
    const fine = tooFine(joint.value, minimumCell);
    if (fine) return fine;
    const { dataset, digest } = rows;
    const { where, plan } = request;
    const scores = plan.score ? tabulateScores(gathered, gathered.scores ?? new Float64Array(0), plan) : ok(null);
    if (!scores.ok) return scores;
    const steps = auditCountsInSteps({
      at: this.clock.now().toISOString(),
      countedBy: this.countedBy,
      plan,
      ...(loaded && { model: modelReference(loaded) }),
      data: {
        digest,
        rows: gathered.label.length,
        dataset: datasetId,
        title: dataset.title,
        agreement: agreementId,
        where: JSON.parse(JSON.stringify(where)),
      },
      definitions: definitionsOf(request, plan),
      joint: joint.value,
      ...(scores.value && { scores: scores.value }),
      ...(minimumCell > 1 && { minimumCell }),
      software: this.software,
    });
    return inTurns(steps, signal);
  }
}

function wantedOf({ plan, label, decision }: CountsRequest) {
  const { column, positive = null } = label;
  return {
    label: column,
    positiveLabels: positive,
    ...plannedColumns(plan, 'model' in decision),
    ...('model' in decision ? {} : { decision: { column: decision.column, positive: decision.positive ?? null } }),
  };
}

/** The columns that are there; the conditions have found theirs already. */
function checkColumns({ plan, label, decision }: CountsRequest, { columns }: OpenRows): Result<null> {
  const decided = 'model' in decision ? [] : [decision.column];
  const planned = namesOf(plannedColumns(plan, 'model' in decision));
  return requireColumns(columns, [label.column, ...decided, ...planned]);
}

function tooFew(minimumCell: number): Result<never> {
  return refuse('counts.too-few', `Fewer than ${minimumCell} rows meet the conditions; they are not counted.`, 'where');
}

/** A column of names gives people away by its levels alone, whatever numbers are withheld. */
function tooFine(joint: JointCounts, minimumCell: number): Result<never> | null {
  for (const { attribute, levels } of joint.attributes) {
    const groups = groupsOf(must(marginal(joint, [attribute])));
    const rare = groups.filter(({ counts }) => counts.n < minimumCell).length;
    if (rare * 2 > levels.length)
      return refuse(
        'counts.too-fine',
        `Most values of "${attribute}" have fewer than ${minimumCell} rows; compare by a column of categories.`,
        attribute,
      );
  }
  return null;
}

function modelReference({ model }: LoadedModel): ModelReference {
  const { name, version, intendedUse, threshold, positiveClass } = model.card;
  return { digest: model.digest, name, version, intendedUse, threshold, positiveClass };
}
