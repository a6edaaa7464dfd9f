import { z } from 'zod';
import { comparisonMetrics } from '../comparisons/metrics.js';
import { rateNames } from '../rates.js';

const Name = z.string().min(1);
const Share = z.number().min(0).max(1);
const P = z.number().gt(0).max(1);
const Undefined = z.strictObject({ state: z.literal('undefined'), reason: z.string().min(1) });
const Figure = z.discriminatedUnion('state', [z.strictObject({ state: z.literal('value'), value: Share }), Undefined]);
const Pair = z.tuple([z.string(), z.string()]);
const Family = z.strictObject({
  method: z.enum(['holm', 'benjamini-hochberg']),
  controls: z.enum(['family-wise error rate', 'false discovery rate']),
  size: z.int().min(0).describe('How many p-values were adjusted together'),
});

const Test = z.strictObject({
  question: z
    .enum(['same-in-groups', 'same-within-levels', 'same-gap-in-levels'])
    .describe('What is asked: the same rate in all groups; so within levels of a control; the same gap in all levels'),
  rate: z.enum(rateNames),
  attribute: Name,
  stratum: z.record(z.string(), z.string()).optional(),
  control: Name.optional(),
  between: Pair.optional(),
  groups: z.int().min(0),
  result: z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('value'), test: Name, p: P, adjusted: P }),
    Undefined,
  ]),
  family: z.enum(['planned', 'exploratory']),
  text: Name,
});

const Equivalence = z.strictObject({
  metric: z.enum(comparisonMetrics),
  attribute: Name,
  margin: Share,
  groups: z.int().min(0),
  result: z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('value'), test: Name, p: P, hardest: Pair, adjusted: P }),
    Undefined,
  ]),
  text: Name,
});

/** @param Interval the form of an interval, which the report has already */
function Gap(Interval: z.ZodType) {
  const SmallGroup = z.strictObject({
    group: z.string(),
    k: z.int().min(0),
    n: z.int().min(1),
    value: Share,
    shrunken: z.strictObject({ value: Share, interval: Interval, weight: Share }),
  });
  return z.strictObject({
    rate: z.enum(rateNames),
    attribute: Name,
    groups: z.int().min(0),
    found: Figure.describe('The largest minus the smallest rate'),
    underNoDifference: Figure.describe('What that is on average when all groups have the same rate'),
    detectable: Figure.describe('The smallest true gap that would have been found with the power of the plan'),
    smallGroups: z.array(SmallGroup),
    text: Name,
  });
}

/** The form of a report's tests. */
export function reportTestsDocument(Interval: z.ZodType) {
  return z
    .strictObject({
      alpha: z.number().gt(0).lt(1),
      power: z.number().gt(0).lt(1),
      replicates: z.int(),
      seed: z.int(),
      families: z.strictObject({ planned: Family, equivalence: Family, exploratory: Family }),
      tests: z.array(Test),
      equivalences: z.array(Equivalence),
      gaps: z.array(Gap(Interval)),
    })
    .describe('Statistical tests, which inform and do not decide');
}
