import { z } from 'zod';
import type { Finding } from './findings/finding.js';

/** Who answers for findings, and how soon, unless somebody says otherwise for one of them. */
export interface PlannedResponses {
  readonly owner: string;
  /** Days from the date of the report, by severity; a severity without days has no term. */
  readonly days: Readonly<Partial<Record<Finding['severity'], number>>>;
}

const Days = z.int().min(0).max(3650).optional();

/** The part of an audit plan that says who answers for findings. */
export const PlannedResponsesInput = z
  .strictObject({
    owner: z.string().min(1).max(300),
    days: z.strictObject({ high: Days, medium: Days, low: Days }),
  })
  .describe('Who answers for findings, and within how many days, by severity') satisfies z.ZodType<PlannedResponses>;
