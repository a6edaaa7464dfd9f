import type { AuditPlan } from '@hansa/fair';
import { ok, type Result, refuse } from '@hansa/kernel';

/** Whether counts of rows are all that a plan needs: nodes count neither weights nor scores. */
export function checkCountable(plan: AuditPlan): Result<null> {
  const member = (['weight', 'score'] as const).find((name) => plan[name] !== undefined);
  if (member === undefined) return ok(null);
  return refuse(
    'audit.not-countable',
    `A node counts rows, and no ${member}s: leave "${member}" out of the plan, or audit the data as a file (hansa audit run --data).`,
    `plan.${member}`,
  );
}
