import { z } from 'zod';
import { rateNames } from '../rates.js';

const Name = z.string().min(1);
const Count = z.int().min(0);
const P = z.number().min(0).max(1);
const Rows = z.number().min(0);
const Share = z
  .strictObject({ k: Rows, n: Rows })
  .describe('Rows; where rows have weights, as many of equal weight as tell as much');
const Undefined = z.strictObject({ state: z.literal('undefined'), reason: Name });
const Tested = { p: P, statistic: z.number().min(0) };

const Heterogeneity = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('value'),
    test: z.literal('cochran-q'),
    contrast: z.literal('difference'),
    ...Tested,
    df: Count,
    inconsistency: P.describe('I²: the share of the variation between cities that is more than chance'),
    pooled: z.number(),
    leftOut: z.array(z.strictObject({ name: Name, reason: Name })),
  }),
  Undefined,
]);

const BreslowDay = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('value'),
    test: z.literal('breslow-day'),
    ...Tested,
    uncorrected: z.strictObject(Tested),
    df: Count,
  }),
  Undefined,
]);

/**
 * The form of a report's part about cities.
 *
 * @param forms those of the report that this part uses
 */
export function federationDocument(forms: {
  readonly Interval: z.ZodType;
  readonly Rate: z.ZodType;
  readonly Counts: z.ZodType;
}) {
  const { Interval, Rate, Counts } = forms;
  const MantelHaenszel = z.discriminatedUnion('state', [
    z.strictObject({
      state: z.literal('value'),
      test: z.literal('mantel-haenszel'),
      ...Tested,
      corrected: z.strictObject(Tested),
      oddsRatio: z.discriminatedUnion('state', [
        z.strictObject({ state: z.literal('value'), value: z.number(), interval: Interval }),
        Undefined,
      ]),
      strata: Count,
    }),
    Undefined,
  ]);
  const Gap = z.discriminatedUnion('state', [
    z.strictObject({
      city: Name,
      state: z.literal('value'),
      high: Share,
      low: Share,
      difference: z.number(),
      interval: Interval,
      judged: z.boolean().describe('Whether both groups reach the floors of the plan in this city'),
    }),
    z.strictObject({ city: Name, state: z.enum(['undefined', 'suppressed']), reason: Name }),
  ]);
  const Contrast = z.strictObject({
    attribute: Name,
    rate: z.enum(rateNames),
    high: z.string().describe('The group with the higher rate over all cities'),
    low: z.string(),
    pooled: z.strictObject({ high: Share, low: Share, difference: z.number() }),
    cities: z.array(Gap),
    heterogeneity: Heterogeneity,
    breslowDay: BreslowDay,
    mantelHaenszel: MantelHaenszel,
    reversed: z.boolean().describe('Every city that can be judged has the groups the other way round'),
    outlying: z.array(z.strictObject({ city: Name, p: P, others: z.number() })),
  });
  const Slice = z.strictObject({
    attributes: z.record(z.string(), z.string()),
    counts: Counts,
    rates: z.partialRecord(z.enum(rateNames), Rate),
  });
  return z
    .strictObject({
      cities: z.array(z.strictObject({ city: Name, slices: z.array(Slice) })).min(1),
      contrasts: z.array(Contrast),
    })
    .describe('An audit of several cities: what each shows by itself, and whether they show the same');
}
