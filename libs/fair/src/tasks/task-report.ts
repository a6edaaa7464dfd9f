import { canonicalJson, type Digest, digestOfJson, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { Finding } from '../findings/finding.js';
import type { DataReference, ModelReference, SoftwareReference } from '../report.js';
import { type ClassPart, classPart } from './class-part.js';
import { type CountedClasses, classTables } from './class-tables.js';
import { taskFindings } from './task-findings.js';
import type { TaskGap } from './task-gap.js';
import type { MulticlassPlan, TaskPlan } from './task-plan.js';
import { judgeTask, type TaskVerdict } from './task-verdict.js';

/** An audit of something else than yes-or-no decisions as a JSON document. It has the one part that its task asks for. */
export interface TaskReport {
  readonly type: 'TaskAuditReport';
  /** When the audit was planned: ISO 8601 in UTC. */
  readonly at?: string;
  readonly model: ModelReference;
  readonly data: DataReference;
  readonly plan: TaskPlan;
  readonly planDigest: Digest;
  readonly verdict: TaskVerdict;
  readonly findings: readonly Finding[];
  readonly classes?: ClassPart;
  readonly software: SoftwareReference;
}

/** What is counted for a task, with its plan. */
export type TaskMaterial = { readonly plan: MulticlassPlan; readonly classes: CountedClasses };

export type TaskReportInput = Pick<TaskReport, 'at' | 'model' | 'data' | 'software'> & {
  /** What was noticed about the data as it was read. */
  readonly dataFindings?: readonly Finding[];
  readonly material: TaskMaterial;
};

export type TaskReportProblem = Problem<'task.rows-differ' | 'task.one-class'>;

/**
 * Builds the report of a task from counts and sums. Pure: the same input gives the same report, byte for byte in canonical
 * JSON, on any machine.
 *
 * @example
 * const report = buildTaskReport({ model, data, software, material: { plan, classes: counted } });
 */
export function buildTaskReport(input: TaskReportInput): Result<TaskReport, TaskReportProblem> {
  const { at, model, data, software, dataFindings = [], material } = input;
  const { plan } = material;
  const part = partOf(material, data.rows);
  if (!part.ok) return part;
  const { gaps, ...own } = part.value;
  const verdict = judgeTask(plan, gaps);
  const findings = [...taskFindings(plan, gaps, verdict), ...dataFindings];
  return ok({
    type: 'TaskAuditReport',
    ...(at !== undefined && { at }),
    model,
    data,
    plan,
    planDigest: taskPlanDigest(plan),
    verdict,
    findings: (['high', 'medium', 'low'] as const).flatMap((severity) =>
      findings.filter((finding) => finding.severity === severity),
    ),
    ...own,
    software,
  });
}

interface Part extends Pick<TaskReport, 'classes'> {
  readonly gaps: readonly TaskGap[];
}

function partOf({ plan, classes: counted }: TaskMaterial, rows: number): Result<Part, TaskReportProblem> {
  if (counted.classes.length < 2)
    return refuse(
      'task.one-class',
      `There is one class only, ${JSON.stringify(counted.classes[0])}: nothing to tell apart.`,
    );
  const classes = classPart(classTables(counted, plan), plan);
  if (classes.everybody.n !== rows)
    return refuse('task.rows-differ', `The counts are of ${classes.everybody.n} rows, the data has ${rows}.`);
  return ok({ classes, gaps: classes.attributes.flatMap(({ gaps }) => gaps) });
}

/** The digest of a task's plan, to be put on record before the audit runs. */
export function taskPlanDigest(plan: TaskPlan): Digest {
  return digestOfJson(plan);
}

/** The bytes of a report that are digested: canonical JSON in UTF-8. */
export function taskReportBytes(report: TaskReport): Uint8Array {
  return new TextEncoder().encode(canonicalJson(report));
}
