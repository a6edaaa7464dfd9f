import { z } from 'zod';

const Reason = z.string().min(1).describe('Why there is no value, as a phrase');
const Undefined = z.strictObject({ state: z.literal('undefined'), reason: Reason });
const Suppressed = z.strictObject({ state: z.literal('suppressed'), reason: Reason });

/** Something computed, or why there is none. */
export function estimated<T extends z.ZodRawShape>(shape: T) {
  return z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('value'), ...shape }),
    Undefined,
    Suppressed,
  ]);
}

export const FigureDocument = estimated({ value: z.number() }).meta({
  id: 'Figure',
  description: 'A number; undefined where the question does not arise, suppressed where small counts were withheld',
});

/** How far groups are apart by one figure. */
const End = z.strictObject({ group: z.string(), value: z.number() });
export const SpreadDocument = estimated({
  difference: z.number().min(0),
  high: End,
  low: End,
  leftOut: z.array(z.string()).describe('Groups without the figure'),
}).meta({ id: 'Spread', description: 'The largest minus the smallest figure of groups' });

export const IntervalDocument = z
  .strictObject({ lower: z.number(), upper: z.number(), method: z.string().min(1), level: z.number().gt(0).lt(1) })
  .meta({
    id: 'Interval',
    description: 'A confidence interval: its ends, how it was computed, and its confidence',
  });
