import { z } from 'zod';
import { comparisonMetrics } from '../comparisons/metrics.js';
import { estimated } from '../figure.schema.js';

const drawn = { replicates: z.int().min(1), seed: z.int().min(0), generator: z.string().min(1) };

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
      }),
    ),
  })
  .describe('How the planned comparisons vary in tables drawn anew; for information, it does not decide');
