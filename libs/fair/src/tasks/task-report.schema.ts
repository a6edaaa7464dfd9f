import { z } from 'zod';
import { IntervalDocument } from '../figure.schema.js';
import { AuditReportDocument, RateDocument } from '../report.schema.js';
import { classPartDocument } from './class-part.schema.js';
import { TaskPlanInput } from './task-plan.schema.js';
import type { TaskReport } from './task-report.js';

const reason = {
  metric: z.string().min(1),
  attribute: z.string().min(1),
  class: z.string().optional(),
  margin: z.number().min(0),
  text: z.string(),
};
const { type: _type, at, model, data, planDigest, findings, software } = AuditReportDocument.shape;

/** A report about a task as a document: to check one that comes from elsewhere, and to publish its JSON Schema. */
export const TaskReportDocument = z
  .strictObject({
    type: z.literal('TaskAuditReport'),
    at,
    model,
    data,
    plan: TaskPlanInput,
    planDigest,
    verdict: z.strictObject({
      outcome: z.enum(['pass', 'fail', 'insufficient-data']),
      reasons: z.array(
        z.discriminatedUnion('outcome', [
          z.strictObject({
            ...reason,
            outcome: z.enum(['pass', 'fail']),
            value: z.number(),
            interval: IntervalDocument,
          }),
          z.strictObject({ ...reason, outcome: z.literal('insufficient-data') }),
        ]),
      ),
    }),
    findings,
    classes: classPartDocument(RateDocument).optional(),
    software,
  })
  .meta({ id: 'TaskAuditReport' });

/** A report on a task from elsewhere, or null: its members have the right form. Whether its figures are right only a re-run tells. */
export function taskReportFrom(document: unknown): TaskReport | null {
  return TaskReportDocument.safeParse(document).success ? (document as TaskReport) : null;
}
