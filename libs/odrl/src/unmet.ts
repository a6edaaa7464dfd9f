import type { Examined, Premise, RuleTrace, Unmet } from './decision.js';

/**
 * What the other side is told after a denial. It repeats what the policy asks, which that side has read in the offer,
 * and never what was found: `expected` goes out, `actual` stays.
 */
export function unmetOf({ permissions, prohibitions, concerns, conflict }: Examined): readonly Unmet[] {
  const permitted = permissions.some((rule) => rule.state === 'satisfied');
  const unmet = [
    ...concerns,
    ...prohibitions.flatMap((rule) => unmetByProhibition(rule, permitted ? conflict : 'prohibit')),
    ...(permitted ? [] : unmetByPermissions(permissions)),
  ];
  return [...new Map(unmet.map((entry) => [`${entry.code} ${entry.text}`, entry])).values()];
}

function unmetByProhibition(rule: RuleTrace, conflict: Examined['conflict']): readonly Unmet[] {
  if (rule.state === 'unsatisfied') return [];
  const constraints = rule.premises.filter(isConstraint);
  const when = constraints.length === 0 ? '' : ` when ${constraints.map((premise) => premise.expected).join(' and ')}`;
  if (rule.state === 'unknown') {
    const text = `It could not be decided whether a prohibition applies${when}.`;
    return [...undecided(rule.premises), { code: 'policy.undecided', text }];
  }
  if (conflict === 'perm') return [];
  return conflict === 'invalid'
    ? [{ code: 'policy.conflict', text: 'The policy is void: it permits and prohibits the same action.' }]
    : [{ code: 'policy.prohibited', text: `The policy prohibits this action${when}.` }];
}

function undecided(premises: readonly Premise[]): readonly Unmet[] {
  return premises
    .filter((premise) => premise.state === 'unknown')
    .flatMap((premise) =>
      premise.premises && premise.premises.length > 0
        ? undecided(premise.premises)
        : [{ code: premise.code, text: `Must be known: whether ${premise.expected}.` }],
    );
}

/** Only the permissions that speak about the request count; when none does, why not. */
function unmetByPermissions(permissions: readonly RuleTrace[]): readonly Unmet[] {
  const relevant = permissions.filter((rule) => rule.premises.every((p) => isConstraint(p) || p.state === 'satisfied'));
  if (relevant.length > 0) return relevant.flatMap((rule) => rule.premises.flatMap((p) => unmetByPremise(p)));
  const scope = permissions.flatMap((rule) => rule.premises.filter((p) => !isConstraint(p) && p.state !== 'satisfied'));
  return scope.length === 0
    ? [{ code: 'policy.not-permitted', text: 'The policy permits nothing.' }]
    : scope.map(({ code, expected }) => ({ code, text: `A permission exists only where ${expected}.` }));
}

function isConstraint({ kind }: Premise): boolean {
  return kind !== 'action' && kind !== 'target' && kind !== 'assignee';
}

function unmetByPremise(premise: Premise, prefix = 'Required: '): readonly Unmet[] {
  if (premise.state === 'satisfied') return [];
  const { kind, code, expected, premises = [] } = premise;
  if (premises.length === 0) return [{ code, text: `${prefix}${expected}.` }];
  const tooMany = kind === 'xone' && premises.filter((inner) => inner.state === 'satisfied').length > 1;
  if (tooMany) return [{ code, text: `${prefix}${expected}.` }];
  const alternative = kind === 'or' || kind === 'xone' ? `One way of ${premises.length}: ` : prefix;
  return premises.flatMap((inner) => unmetByPremise(inner, alternative));
}
