import type { Json, JsonObject } from '@hansa/kernel';
import type { Constraint, Literal, Policy, Rule } from './policy.js';
import { odrlNamespace, wireTerm } from './terms.js';

/**
 * The policy in the shape of DSP 2025-1: actions and operands with the prefixes of the DSP context or as IRIs,
 * operators bare, absent instead of empty arrays. `parsePolicy` gives the same policy back.
 *
 * @example
 * serializePolicy(policy); // { '@type': 'Offer', '@id': 'urn:x:1', permission: [{ action: 'use' }] }
 */
export function serializePolicy(policy: Policy): JsonObject {
  const [profile, ...more] = policy.profiles;
  return {
    '@type': policy.kind,
    ...some('@id', policy.id),
    ...some('profile', more.length > 0 ? policy.profiles : profile),
    ...some('conflict', policy.conflict),
    ...some('target', policy.target),
    ...some('assigner', policy.assigner),
    ...some('assignee', policy.assignee),
    ...some('timestamp', policy.kind === 'Agreement' ? policy.timestamp : undefined),
    ...someOf('permission', policy.permissions.map(wireRule)),
    ...someOf('prohibition', policy.prohibitions.map(wireRule)),
    ...someOf('obligation', policy.obligations.map(wireRule)),
  };
}

function some(name: string, value: Json | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value };
}

function someOf(name: string, values: readonly Json[]): JsonObject {
  return values.length === 0 ? {} : { [name]: values };
}

function wireRule(rule: Rule): JsonObject {
  return {
    ...some('@id', rule.id),
    // The ODRL profile of DSP 2025-1 defines the bare word `use` and no other action.
    action: rule.action === `${odrlNamespace}use` ? 'use' : wireTerm(rule.action),
    ...some('target', rule.target),
    ...some('assignee', rule.assignee),
    ...someOf('constraint', rule.constraints.map(wireConstraint)),
  };
}

function wireConstraint(constraint: Constraint): JsonObject {
  if (constraint.kind !== 'atomic')
    return { ...some('@id', constraint.id), [constraint.kind]: constraint.constraints.map(wireConstraint) };
  const [first, ...more] = constraint.rightOperand.map(wireLiteral);
  return {
    ...some('@id', constraint.id),
    leftOperand: wireTerm(constraint.leftOperand),
    operator: constraint.operator,
    rightOperand: first === undefined || more.length > 0 ? constraint.rightOperand.map(wireLiteral) : first,
  };
}

function wireLiteral(literal: Literal): Json {
  return literal.type === undefined ? literal.value : { '@value': literal.value, '@type': wireTerm(literal.type) };
}
