import { z } from 'zod';
import { IntervalDocument } from '../figure.schema.js';
import { averageNames } from './class-averages.js';
import { TaskGapDocument } from './task-gap.schema.js';

/** The form of the part of a report on decisions among several classes. */
export function classPartDocument(Rate: z.ZodType) {
  const leftOut = z.array(z.string()).describe('Classes without the figure');
  const Average = z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('value'), value: z.number(), interval: IntervalDocument, leftOut }),
    z.strictObject({ state: z.literal('undefined'), reason: z.string().min(1), leftOut }),
  ]);
  const Group = z.strictObject({
    group: z.string(),
    n: z.int().min(0),
    table: z.array(z.array(z.int().min(0))).describe('Rows by label, then by decision, in the order of the classes'),
    accuracy: Rate,
    averages: z.strictObject(Object.fromEntries(averageNames.map((name) => [name, Average]))),
    rates: z.array(
      z.strictObject({
        class: z.string(),
        recall: Rate,
        precision: Rate,
        selectionRate: Rate,
        falsePositiveRate: Rate,
        baseRate: Rate,
      }),
    ),
  });
  return z
    .strictObject({
      classes: z.array(z.string()).min(2),
      everybody: Group,
      attributes: z.array(
        z.strictObject({ attribute: z.string().min(1), groups: z.array(Group), gaps: z.array(TaskGapDocument) }),
      ),
    })
    .describe('Decisions among several classes: tables, rates of every class against the others, averages and gaps');
}
