import { type AuditPlan, AuditPlanInput, type OutcomeDefinitions, planDigest } from '@hansa/fair';
import { type Digest, digestOfJson, isDigest, ok, type Result, refuse } from '@hansa/kernel';
import { z } from 'zod';
import { checkApart, checkCountable } from '../audits/countable-plan.js';
import { Where } from '../inference/where.schema.js';

const Column = z.string().min(1).max(1000);
const Positive = z
  .array(z.union([z.string(), z.number(), z.boolean()]))
  .min(1)
  .max(100)
  .optional()
  .describe('The values that are positive; without them the column is 0 or 1, or true or false');
const DigestText = z.templateLiteral(['sha-256:', z.string()]).refine(isDigest, 'must be a digest, sha-256:…');

/** Where a city finds what was true and what was decided; the names of its columns are its own. */
export const CountingInput = z.strictObject({
  label: z.strictObject({ column: Column, positive: Positive }).describe('The column that says what was true'),
  decision: z.union([
    z.strictObject({ column: Column, positive: Positive }).describe('The column that says what was decided'),
    z.strictObject({ model: DigestText }).describe('A model that the city hosts, by its digest'),
  ]),
  where: Where,
});
export type CountingInput = z.infer<typeof CountingInput>;

/** What an auditor asks a city to count. */
export const CountsRequest = CountingInput.extend({
  plan: AuditPlanInput,
  planDigest: DigestText.describe('The digest of the plan, as it was put on record'),
  minimumCell: z.int().min(1).optional().describe('Counts below this are withheld; the city may ask for more'),
}).meta({ id: 'CountsRequest' });
export type CountsRequest = z.infer<typeof CountsRequest>;

/** The request, if its plan is the one whose digest it names, and one that can be counted under this minimum. */
export function checkRequest(request: CountsRequest, minimumCell: number): Result<CountsRequest> {
  const countable = checkCountable(request.plan, minimumCell);
  if (!countable.ok) return countable;
  const apart = checkApart(request.plan, request.label.column);
  if (!apart.ok) return apart;
  const digest = planDigest(request.plan);
  if (digest === request.planDigest) return ok(request);
  return refuse('counts.other-plan', `The plan has the digest ${digest}, not ${request.planDigest}.`, 'planDigest');
}

export function requestDigest(request: CountsRequest): Digest {
  return digestOfJson(request);
}

/** The values that are positive where none are named, as texts. */
const yes = ['1', 'true'];

/** What a request asks for, in the words of the document that answers it. */
export function definitionsOf({ label, decision }: CountingInput, { weight, score }: AuditPlan): OutcomeDefinitions {
  const read = ({ column, positive }: CountingInput['label']) => ({ column, positive: positive?.map(String) ?? yes });
  return {
    label: read(label),
    decision: 'model' in decision ? { kind: 'model' } : { kind: 'prediction', ...read(decision) },
    ...(weight !== undefined && { weight: { column: weight } }),
    ...(score && { score: { column: score.column } }),
  };
}
