import { z } from 'zod';
import { multiclassMetrics, type TaskPlan, taskPlanDefaults } from './task-plan.js';

const Share = z.number().min(0).max(1);
const Word = z.string().min(1).max(300);
const Reason = z.string().min(1).max(5000);

const head = {
  attributes: z.array(Word).min(1).max(20).describe('The columns whose groups are compared'),
  intersections: z.array(z.array(Word).min(2).max(5)).max(20).optional(),
  floors: z.strictObject({ group: z.int().min(0), events: z.number().min(0) }).default(taskPlanDefaults.floors),
  level: z.number().gt(0).lt(1).default(taskPlanDefaults.level),
  rule: z
    .strictObject({ kind: z.literal('interval'), unjudgedShare: Share })
    .default(taskPlanDefaults.rule)
    .describe('The interval of the largest gap decides'),
};

/** The plan of an audit of decisions among several classes, of predicted numbers, or of a ranking. */
export const TaskPlanInput = z
  .discriminatedUnion('task', [
    z.strictObject({
      task: z.literal('multiclass'),
      outcome: z.strictObject({ name: Word }),
      ...head,
      metrics: z
        .array(z.strictObject({ metric: z.enum(multiclassMetrics), margin: Share, reason: Reason }))
        .min(1)
        .max(20),
    }),
  ])
  .meta({ id: 'TaskPlan' }) satisfies z.ZodType<TaskPlan>;
