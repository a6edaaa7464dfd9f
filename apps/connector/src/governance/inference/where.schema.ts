import { z } from 'zod';

const Scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Conditions that rows of a local dataset must all meet. */
export const Where = z
  .array(
    z.union([
      z.strictObject({
        column: z.string().min(1),
        operator: z.enum(['eq', 'neq', 'lt', 'lteq', 'gt', 'gteq']),
        value: Scalar,
      }),
      z.strictObject({
        column: z.string().min(1),
        operator: z.literal('isAnyOf'),
        values: z.array(Scalar).min(1).max(1000),
      }),
    ]),
  )
  .max(50)
  .default([])
  .describe('Conditions that the rows must meet: {column, operator, value}, or isAnyOf with values');
