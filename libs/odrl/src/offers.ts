import { canonicalJson, type JsonObject, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { normalForm, normalRule } from './normal-form.js';
import { parsePurpose } from './operands/purpose.js';
import { parsePolicy } from './parse-policy.js';
import {
  type AtomicConstraint,
  atomicConstraints,
  type Constraint,
  type Offer,
  type Policy,
  type Rule,
} from './policy.js';
import { serializePolicy } from './serialize-policy.js';
import { purposeTerm } from './terms.js';
import type { OdrlProblem } from './wire.js';

/**
 * A policy as an offer of one provider about one asset. In a catalogue the target is left out: there the dataset that
 * the offer stands in is the target (DSP 2025-1, Catalog Protocol).
 */
export function offerOf(
  policy: Policy,
  parts: { readonly id: string; readonly target?: string; readonly assigner?: string },
): Offer {
  const { profiles, conflict, permissions, prohibitions, obligations } = policy;
  return {
    kind: 'Offer',
    ...parts,
    profiles,
    ...(conflict === undefined ? {} : { conflict }),
    permissions,
    prohibitions,
    obligations,
  };
}

function isPurposeEq(constraint: Constraint): constraint is AtomicConstraint {
  return constraint.kind === 'atomic' && constraint.leftOperand === purposeTerm && constraint.operator === 'eq';
}

function mentionsPurpose(policy: Policy): boolean {
  return [...policy.permissions, ...policy.prohibitions].some((rule) =>
    atomicConstraints(rule.constraints).some(({ leftOperand }) => leftOperand === purposeTerm),
  );
}

/** Narrows every permission to one purpose. What stands in the offer stays: the result never permits more than it. */
function narrowed(offer: Offer, purpose: string): Offer {
  const declared: Constraint = {
    kind: 'atomic',
    leftOperand: purposeTerm,
    operator: 'eq',
    rightOperand: [{ value: purpose }],
  };
  const narrow = (rule: Rule): Rule => {
    const says = rule.constraints.some((c) => normalForm(c) === normalForm(declared));
    return says ? rule : { ...rule, constraints: [...rule.constraints, declared] };
  };
  return mentionsPurpose(offer) ? { ...offer, permissions: offer.permissions.map(narrow) } : offer;
}

/**
 * The consumer's answer to an offer: the same offer, with `purpose eq <declared>` added to each permission. An offer
 * that nowhere asks for a purpose stays as it is.
 *
 * Adding instead of replacing keeps the offer's own words in the agreement, so that a purpose inside an `or` or in a
 * prohibition means afterwards what it meant before.
 *
 * @example
 * declarePurpose(offer, 'dpv:AcademicResearch'); // the offer to put into a ContractRequestMessage
 */
export function declarePurpose(
  offer: JsonObject,
  purpose: string,
): Result<JsonObject, OdrlProblem | Problem<'purpose.unknown' | 'policy.not-an-offer'>> {
  const policy = parsePolicy(offer);
  if (!policy.ok) return policy;
  if (policy.value.kind !== 'Offer') return refuse('policy.not-an-offer', 'A purpose is declared on an offer.');
  const declared = parsePurpose(purpose);
  return declared.ok ? ok(serializePolicy(narrowed(policy.value, declared.value))) : declared;
}

/** The purposes that one rule demands by `purpose eq` at its top level. */
function demandedPurposes(rule: Rule): readonly string[] {
  return rule.constraints.filter(isPurposeEq).flatMap(({ rightOperand }) => rightOperand.map(({ value }) => value));
}

/**
 * The purpose that a request or an agreement is bound to: the one that every permission demands by `purpose eq` at its
 * top level. Undefined when a permission demands none, or when they demand different ones.
 *
 * @example
 * evaluate({ policy: agreement, facts: { credentials, purpose: declaredPurpose(agreement) }, … });
 */
export function declaredPurpose(policy: Policy): string | undefined {
  const [purpose, ...others] = new Set(policy.permissions.flatMap(demandedPurposes));
  const always = policy.permissions.every((rule) => demandedPurposes(rule).length > 0);
  return always && others.length === 0 ? purpose : undefined;
}

/**
 * Checks that a consumer's request repeats the provider's offer, with nothing changed but a declared purpose. Compared
 * is the parsed form: the order of rules, constraints and values and the identifiers of rules carry no meaning. Target,
 * assigner and assignee may be left out of the request; where they stand they are those of the offer.
 *
 * @example
 * matchesOffer(offerOf(policy, { id, target, assigner }), requested); // { ok: true, value: { purpose: 'https://…' } }
 */
export function matchesOffer(
  offered: Offer,
  requested: Policy,
): Result<{ readonly purpose?: string }, Problem<'policy.offer-changed'>> {
  const changed = (what: string) => refuse('policy.offer-changed', `The request does not repeat the offer: ${what}.`);
  if (requested.kind !== 'Offer') return changed('it is not an offer');
  if (requested.id !== offered.id) return changed('it names another "@id"');
  for (const name of ['target', 'assigner', 'assignee'] as const)
    if (requested[name] !== undefined && requested[name] !== offered[name])
      return changed(`its ${name} is another one`);
  const form = termsOf(requested);
  const candidates = new Set(requested.permissions.flatMap(demandedPurposes));
  const own = new Set(offered.permissions.flatMap(demandedPurposes));
  if (candidates.size > own.size + 1) return changed('it declares more than one purpose');
  const purpose = [...candidates].find((candidate) => termsOf(narrowed(offered, candidate)) === form);
  if (purpose !== undefined) return ok({ purpose });
  return termsOf(offered) === form
    ? ok({})
    : changed('only a purpose (purpose eq …) may be added to its permissions; fetch the offer again');
}

/**
 * True when two policies say the same: rules, profiles and conflict strategy, whoever the parties are and however it is
 * written. By this a consumer checks that an agreement is the one it asked for.
 *
 * @example
 * sameTerms(requested, agreement);
 */
export function sameTerms(a: Policy, b: Policy): boolean {
  return termsOf(a) === termsOf(b);
}

/** Canonical text of what a policy says; the parties and the target are compared apart. */
function termsOf({ profiles, conflict, permissions, prohibitions, obligations }: Policy): string {
  return canonicalJson({
    profiles: [...profiles].sort(),
    conflict: conflict ?? 'prohibit',
    permissions: permissions.map(normalRule).sort(),
    prohibitions: prohibitions.map(normalRule).sort(),
    obligations: obligations.map(normalRule).sort(),
  });
}

/** What turns an offer into an agreement. */
export interface AgreementParts {
  readonly id: string;
  readonly target: string;
  readonly assigner: string;
  readonly assignee: string;
  readonly timestamp: Date;
}

/**
 * The agreement on the terms of a requested offer, declared purpose included, as the `agreement` of a
 * ContractAgreementMessage (DSP 2025-1, Contract Negotiation Protocol).
 *
 * @example
 * agreementOf(requested, { id: ids.next(), target: dataset, assigner: us, assignee: them, timestamp: now });
 */
export function agreementOf(requested: Offer, parts: AgreementParts): JsonObject {
  const { profiles, conflict, permissions, prohibitions, obligations } = requested;
  return serializePolicy({
    kind: 'Agreement',
    ...parts,
    timestamp: parts.timestamp.toISOString(),
    profiles,
    ...(conflict === undefined ? {} : { conflict }),
    permissions,
    prohibitions,
    obligations,
  });
}
