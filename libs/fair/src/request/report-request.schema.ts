import { z } from 'zod';
import type { ReportRequest } from './report-request.js';

/** The part of a report that says how it was asked for. */
export const RequestDocument = z
  .strictObject({
    of: z.enum(['people', 'counts']),
    options: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .describe(
        'Options of `hansa audit run` by their names, as they were given; what stands in the plan is not repeated',
      ),
    model: z
      .strictObject({
        threshold: z.number(),
        features: z.array(z.string()),
        positiveClass: z.union([z.string(), z.number()]).optional(),
        card: z.record(z.string(), z.json()).optional(),
      })
      .optional()
      .describe('How the model was used, where one decided'),
  })
  .describe(
    'What was asked for beside the plan, so that anybody with the same files can run the audit again',
  ) satisfies z.ZodType<ReportRequest>;
