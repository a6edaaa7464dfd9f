import { type AuditPlan, planDefaults } from '@hansa/fair';
import { z } from 'zod';

const Share = z.number().min(0).max(1);
const Word = z.string().min(1).max(300);

/** An audit plan as a person gives it. What is left out is filled in before the plan is hashed. */
export const AuditPlanInput = z
  .strictObject({
    outcome: z.strictObject({
      name: Word,
      positive: Word,
      polarity: z.enum(['benefit', 'burden']).describe('What a positive decision means to the person it is about'),
      words: z
        .strictObject({ cases: Word.optional(), positives: Word.optional(), negatives: Word.optional() })
        .optional(),
    }),
    attributes: z.array(Word).min(1).max(20).describe('The columns whose groups are compared'),
    metrics: z
      .array(
        z.strictObject({
          metric: z.enum([
            'demographicParityDifference',
            'demographicParityRatio',
            'equalizedOddsDifference',
            'equalizedOddsRatio',
            'equalOpportunityDifference',
          ]),
          margin: Share.describe('The largest difference, or the smallest ratio, that is still accepted'),
          reason: z.string().min(1).max(5000),
        }),
      )
      .min(1)
      .max(20),
    floors: z.strictObject({ group: z.int().min(0), events: z.number().min(0) }).default(planDefaults.floors),
    level: z.number().gt(0).lt(1).default(planDefaults.level),
    rule: z.strictObject({ kind: z.literal('point-estimate'), unjudgedShare: Share }).default(planDefaults.rule),
  })
  .meta({ id: 'AuditPlan' }) satisfies z.ZodType<AuditPlan>;
