import { z } from 'zod';
import { IntervalDocument } from '../figure.schema.js';
import { rateNames } from '../rates.js';

const Count = z.int().min(0);
const Compared = z.strictObject({ group: z.string(), value: z.number(), k: Count.optional(), n: Count.optional() });
const head = {
  metric: z.string().min(1),
  attribute: z.string().min(1),
  class: z.string().optional().describe('The class that is held against all others'),
  leftOut: z.array(z.strictObject({ group: z.string(), n: Count, why: z.enum(['undefined', 'below-floor']) })),
  leftOutShare: z.number().min(0).max(1),
};

export const TaskGapDocument = z
  .discriminatedUnion('state', [
    z.strictObject({
      ...head,
      state: z.literal('value'),
      value: z.number().min(0),
      interval: IntervalDocument,
      simultaneous: IntervalDocument.optional().describe(
        'Allows for having picked the extremes, and for all planned gaps together; it decides',
      ),
      high: Compared,
      low: Compared,
      rate: z.enum(rateNames).optional().describe('The rate that decided, where figures are shares of rows'),
    }),
    z.strictObject({ ...head, state: z.literal('undefined'), reason: z.string().min(1) }),
  ])
  .meta({ id: 'TaskGap', description: 'The largest difference between judged groups by one metric' });
