import { z } from 'zod';
import { comparisonMetrics } from './comparisons/metrics.js';
import { type AuditPlan, planDefaults } from './plan.js';
import { PlannedResponsesInput } from './planned-responses.js';
import { TestSettingsInput } from './tests/settings.js';

const maxSeed = 2 ** 32 - 1;
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
    intersections: z
      .array(z.array(Word).min(2).max(5))
      .max(20)
      .optional()
      .describe('Columns that are crossed; the groups of each crossing are compared, too'),
    controls: z
      .array(Word)
      .max(5)
      .optional()
      .describe('Columns within whose values all groups are compared once more, for information'),
    conventions: z
      .array(z.enum(['fairlearn', 'aif360']))
      .min(1)
      .max(2)
      .optional()
      .describe('Whose definitions are reported; only those of fairlearn can decide'),
    privileged: z
      .record(Word, Word)
      .optional()
      .describe('By column, the group that the comparisons of AIF360 call privileged'),
    weight: Word.optional().describe('The column whose values weigh the rows; all rates are then those of weights'),
    cluster: Word.optional().describe(
      'The column that says which rows belong together, as all decisions on one person; intervals and tests allow for that',
    ),
    score: z
      .strictObject({ column: Word, range: z.tuple([z.number(), z.number()]).optional() })
      .optional()
      .describe('Asks for the part on scores: those of a column, within a range where they have many values'),
    inequality: z
      .strictObject({ concentration: z.number().gt(0).max(1000) })
      .optional()
      .describe('Asks for the part on inequality; so many rows smooth differential fairness in every group'),
    draws: z
      .strictObject({ seed: z.int().min(0).max(maxSeed), replicates: z.int().min(100).max(20_000) })
      .optional()
      .describe('Asks for how the planned comparisons vary, by so many draws from this seed'),
    metrics: z
      .array(
        z.strictObject({
          metric: z.enum(comparisonMetrics),
          margin: Share.describe('The largest difference, or the smallest ratio, that is still accepted'),
          reason: z.string().min(1).max(5000),
        }),
      )
      .min(1)
      .max(20),
    floors: z.strictObject({ group: z.int().min(0), events: z.number().min(0) }).default(planDefaults.floors),
    level: z.number().gt(0).lt(1).default(planDefaults.level),
    rule: z
      .strictObject({ kind: z.enum(['point-estimate', 'interval']), unjudgedShare: Share })
      .default(planDefaults.rule),
    tests: TestSettingsInput.optional(),
    responses: PlannedResponsesInput.optional(),
  })
  .meta({ id: 'AuditPlan' }) satisfies z.ZodType<AuditPlan>;
