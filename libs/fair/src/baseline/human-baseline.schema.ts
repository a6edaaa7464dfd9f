import { z } from 'zod';
import { comparisonMetrics } from '../comparisons/metrics.js';
import { pairedRates } from './paired-tests.js';

/**
 * The form of a report's part on the decisions of people.
 *
 * @param forms those of the report that this part repeats
 */
export function humanBaselineDocument(forms: {
  readonly Interval: z.ZodType;
  readonly counts: z.ZodType;
  readonly rates: z.ZodType;
  readonly Comparison: z.ZodType;
}) {
  const Count = z.int().min(0);
  const P = z.number().gt(0).max(1);
  const Groups = z.record(z.string(), z.string()).describe('{} for everybody, {"sex":"Female"} for a group');
  const Side = z.strictObject({ counts: forms.counts, rates: forms.rates });
  const Undefined = { state: z.literal('undefined'), reason: z.string().min(1) };
  const testHead = { attributes: Groups, rate: z.enum(pairedRates) };
  const Test = z.discriminatedUnion('state', [
    z.strictObject({
      ...testHead,
      state: z.literal('value'),
      n: Count,
      onlyModel: Count.describe('Rows that only the model decided positive; for the accuracy, rightly'),
      onlyPeople: Count,
      difference: z.number().min(-1).max(1).describe("The model's rate less that of people"),
      interval: forms.Interval,
      test: z.discriminatedUnion('state', [
        z.strictObject({ state: z.literal('value'), p: P, adjusted: P }),
        z.strictObject(Undefined),
      ]),
    }),
    z.strictObject({ ...testHead, ...Undefined }),
  ]);
  return z
    .strictObject({
      column: z.string().min(1),
      positive: z.array(z.string()).describe('The values of the column that are a positive decision'),
      rows: Count.describe('Rows about which people decided, too: all figures of this part are of them'),
      leftOut: Count.describe('Rows of the report about which they did not'),
      slices: z.array(z.strictObject({ attributes: Groups, model: Side, people: Side })).min(1),
      gaps: z.array(
        z.strictObject({
          attribute: z.string().min(1),
          metric: z.enum(comparisonMetrics),
          model: forms.Comparison,
          people: forms.Comparison,
        }),
      ),
      tests: z.strictObject({
        method: z.literal('mcnemar'),
        adjustment: z.literal('holm'),
        size: Count,
        comparisons: z.array(Test),
      }),
    })
    .describe('What people decided about the same rows, beside the audited decisions');
}
