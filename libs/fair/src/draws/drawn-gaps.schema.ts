import { z } from 'zod';
import { comparisonMetrics } from '../comparisons/metrics.js';
import { estimated } from '../figure.schema.js';
import { rateNames } from '../rates.js';

const drawn = { replicates: z.int().min(1), seed: z.int().min(0), generator: z.string().min(1) };
const Share = z.number().min(0).max(1);

/** The form of the part of a report that was drawn. */
export const DrawnDocument = z
  .strictObject({
    ...drawn,
    gaps: z.array(
      z.strictObject({
        attribute: z.string().min(1),
        metric: z.enum(comparisonMetrics),
        bootstrap: estimated({
          lower: z.number(),
          upper: z.number(),
          method: z.literal('percentile-bootstrap'),
          level: z.number().gt(0).lt(1),
          undefinedReplicates: z.int().min(0),
          ...drawn,
        }),
        permutations: z.array(
          z.strictObject({
            rate: z.enum(rateNames),
            test: estimated({
              test: z.literal('permutation of the largest gap'),
              p: Share,
              statistic: Share,
              expected: Share,
              ...drawn,
            }),
          }),
        ),
      }),
    ),
  })
  .describe('What chance makes of the planned comparisons, by drawing; for information, it does not decide');
