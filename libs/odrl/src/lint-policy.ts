import type { Problem } from '@hansa/kernel';
import { isKnownAction } from './actions.js';
import { bind } from './examine-constraint.js';
import type { Operands } from './operand.js';
import { standardOperands } from './operands/standard-operands.js';
import type { Constraint, Policy, Rule } from './policy.js';
import { shapingOf } from './shaping.js';
import { knownProfiles, readableTerm } from './terms.js';
import { shown } from './words.js';

/**
 * Everything in a policy that no node with these operands could decide, with JSON pointers. Such a policy denies
 * whatever is asked of it, so it is refused before publication instead. Empty is good.
 *
 * @example
 * lintPolicy(policy); // [{ kind: 'policy.unknown-operand', detail: '…', at: '/permission/0/constraint/1' }]
 */
export function lintPolicy(policy: Policy, operands: Operands = standardOperands): readonly Problem[] {
  const rules = (name: 'permission' | 'prohibition', list: readonly Rule[]) =>
    list.flatMap((rule, i) => lintRule(rule, `/${name}/${i}`, operands));
  const shaping = shapingOf(policy);
  return [
    ...policy.profiles.flatMap((profile, i) =>
      knownProfiles.has(profile)
        ? []
        : [problem('policy.unknown-profile', `The profile ${shown(profile)} is not known here.`, `/profile/${i}`)],
    ),
    ...(policy.permissions.length === 0
      ? [problem('policy.no-permission', 'The policy permits nothing; add a permission.', '')]
      : []),
    ...rules('permission', policy.permissions),
    ...rules('prohibition', policy.prohibitions),
    ...(shaping.ok ? [] : [shaping.problem]),
  ];
}

function problem(kind: string, detail: string, at: string): Problem {
  return { kind, detail, at };
}

function lintRule(rule: Rule, at: string, operands: Operands): readonly Problem[] {
  const action = shown(readableTerm(rule.action));
  return [
    ...(isKnownAction(rule.action)
      ? []
      : [problem('policy.unknown-action', `${action} is not an action of ODRL.`, `${at}/action`)]),
    ...rule.constraints.flatMap((constraint, i) => lintConstraint(constraint, `${at}/constraint/${i}`, operands)),
  ];
}

function lintConstraint(constraint: Constraint, at: string, operands: Operands): readonly Problem[] {
  if (constraint.kind === 'atomic') {
    const bound = bind(constraint, operands);
    return bound.ok ? [] : [problem(bound.code, `It can never be decided: ${bound.reason}.`, at)];
  }
  const { kind, constraints } = constraint;
  if (constraints.length === 0)
    return [problem('policy.empty-constraint', `"${kind}" has no constraints; remove it or fill it.`, at)];
  return constraints.flatMap((inner, i) => lintConstraint(inner, `${at}/${kind}/${i}`, operands));
}
