import { isDeepStrictEqual } from 'node:util';
import { type JsonObject, ok, type Result } from '@hansa/kernel';
import { lintPolicy, type Policy, parseDuration, parsePolicy, serializePolicy } from '@hansa/odrl';
import { z } from 'zod';
import type { PolicyTemplates } from '../policy/index.js';

/** Terms as people give them: a template with its parameters, or a policy of their own. */
export const TermsInput = z.union([
  z.strictObject({
    template: z.strictObject({ name: z.string().min(1), parameters: z.record(z.string(), z.json()).default({}) }),
  }),
  z.strictObject({ policy: z.record(z.string(), z.json()) }),
]);
export type TermsInput = z.infer<typeof TermsInput>;

/** By which rules a node answers in negotiations about one offer, or as the consumer in one negotiation. */
export const RulesInput = z
  .strictObject({
    repeated: z
      .enum(['agree', 'hold'])
      .default('agree')
      .describe('Terms that repeat ours, or keep the bounds: agreed to at once, or held for a person'),
    otherTerms: z
      .enum(['refuse', 'hold', 'counter'])
      .default('refuse')
      .describe(
        'Other terms in a first request: refused, held for a person, or answered once with our own. Later ones are held',
      ),
    bounds: TermsInput.nullable()
      .default(null)
      .describe(
        'How far terms may differ without a person: for a provider the loosest that it grants, for a consumer the strictest that it can live with',
      ),
    approvals: z
      .union([z.literal(1), z.literal(2)])
      .default(1)
      .describe('How many different people must approve what is held'),
    decideWithin: z
      .string()
      .refine((text) => parseDuration(text) !== undefined, 'must be an ISO 8601 duration such as P3D or PT12H')
      .nullable()
      .default(null)
      .describe('How long something is held before it is terminated'),
  })
  .meta({ id: 'NegotiationRules' });
export type RulesInput = z.infer<typeof RulesInput>;

/** The rules as they are kept: {@link RulesInput}, with the bounds as an ODRL policy. */
export type NegotiationRules = Omit<RulesInput, 'bounds'> & { readonly bounds: JsonObject | null };

/** What repeats the offer is agreed to, anything else is refused. */
export const plainRules: NegotiationRules = {
  repeated: 'agree',
  otherTerms: 'refuse',
  bounds: null,
  approvals: 1,
  decideWithin: null,
};

export const arePlain = (rules: NegotiationRules): boolean => isDeepStrictEqual(rules, plainRules);

/** Terms that this node could enforce; what it could not is refused before anybody sees it. */
export function readTerms(templates: PolicyTemplates, terms: TermsInput): Result<Policy> {
  const wire =
    'template' in terms
      ? templates.instantiate(terms.template.name, terms.template.parameters as JsonObject)
      : ok(terms.policy as JsonObject);
  if (!wire.ok) return wire;
  return enforceable(wire.value);
}

/** A policy that could be enforced here, or what in it could not. */
export function enforceable(wire: JsonObject): Result<Policy> {
  const policy = parsePolicy(wire);
  if (!policy.ok) return policy;
  const [fault] = lintPolicy(policy.value);
  return fault ? { ok: false, problem: fault } : policy;
}

export function readRules(templates: PolicyTemplates, input: RulesInput | undefined): Result<NegotiationRules> {
  if (input === undefined) return ok(plainRules);
  const bounds = input.bounds === null ? ok(null) : readTerms(templates, input.bounds);
  if (!bounds.ok) return bounds;
  return ok({ ...input, bounds: bounds.value && serializePolicy(bounds.value) });
}
