import { type AuditPlan, columnsOfPlan } from '@hansa/fair';
import { ok, type Result, refuse } from '@hansa/kernel';

/** The name under which a plan asks for the scores of the model that decides, in place of a column of the data. */
const scoreOfModel = 'score of the model';

/** What a plan asks of a dataset, beside label and decision. */
export interface PlannedColumns {
  readonly attributes: readonly string[];
  readonly weight?: string;
  /** Absent where no scores are asked for, or those of the model. */
  readonly score?: string;
}

/** @param hasModel whether a model decides; else a column does */
export function plannedColumns(plan: AuditPlan, hasModel: boolean): PlannedColumns {
  const { weight, score } = plan;
  return {
    attributes: columnsOfPlan(plan),
    ...(weight !== undefined && { weight }),
    ...(score && !wantsModelScores(plan, hasModel) && { score: score.column }),
  };
}

/** Whether the plan asks for the scores of the model that decides. */
export function wantsModelScores({ score }: AuditPlan, hasModel: boolean): boolean {
  return hasModel && score?.column === scoreOfModel;
}

/** The columns that a plan needs, each once. */
export function namesOf({ attributes, weight, score }: PlannedColumns): readonly string[] {
  return [...new Set([...attributes, weight, score].flatMap((name) => name ?? []))];
}

/** Whether label, score and groups are columns of their own: a score that is the label would tell it perfectly. */
export function checkApart(plan: AuditPlan, label: string): Result<null> {
  const column = plan.score?.column;
  if (column === undefined || ![label, ...columnsOfPlan(plan)].includes(column)) return ok(null);
  return refuse(
    'audit.repeated-column',
    `The column "${column}" cannot be the score and something else; give each its own column.`,
    'plan.score',
  );
}

/** Whether a plan can be counted by a node, and where numbers below a minimum are withheld. */
export function checkCountable({ weight, score, cluster }: AuditPlan, minimumCell: number): Result<null> {
  if (cluster !== undefined)
    return refuse(
      'audit.not-countable',
      'A node does not count by clusters: leave "cluster" out of the plan, or audit the data as a file (hansa audit run --data).',
      'plan.cluster',
    );
  if (minimumCell < 2) return ok(null);
  if (score && score.range === undefined)
    return refuse(
      'audit.not-countable',
      `Counts below ${minimumCell} are withheld here, and scores are counted in bins that were agreed on: give the plan a range of scores.`,
      'plan.score.range',
    );
  if (weight === undefined) return ok(null);
  return refuse(
    'audit.not-countable',
    `Counts below ${minimumCell} are withheld here, and sums of weights would tell what was withheld: leave "weight" out of the plan.`,
    'plan.weight',
  );
}
