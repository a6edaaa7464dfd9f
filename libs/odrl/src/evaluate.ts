import { actionCovers, isKnownAction } from './actions.js';
import type { Decision, Examined, Premise, RuleTrace, Unmet } from './decision.js';
import { examineConstraint } from './examine-constraint.js';
import type { Facts } from './facts.js';
import { momentText, type Operands } from './operand.js';
import { standardOperands } from './operands/standard-operands.js';
import type { Policy, Rule } from './policy.js';
import { dutiesOf } from './shaping.js';
import { expandTerm, knownProfiles, readableTerm } from './terms.js';
import { all, type State } from './truth.js';
import { unmetOf } from './unmet.js';
import { shown } from './words.js';

/** The question: may this assignee do this to that target, as far as the policy goes? */
export interface EvaluationRequest {
  readonly policy: Policy;
  /** `use`, `odrl:read` or an absolute IRI. */
  readonly action: string;
  readonly target: string;
  readonly assignee: string;
  readonly facts: Facts;
  readonly now: Date;
}

/**
 * Decides a request under a policy, closed-world: nothing is permitted unless a permission applies, and whatever cannot
 * be decided denies. Pure and total: the same request gives the same decision, and no policy makes it throw.
 *
 * - A rule applies when its action is the requested one or includes it, its target and assignee (its own or the
 *   policy's) are the requested ones, and all its constraints hold (ODRL Information Model 2.2 §2.6).
 * - A prohibition that applies wins over permissions, unless the policy says `conflict: perm` (§2.10). One that cannot
 *   be decided denies whatever the policy says.
 * - An unknown profile, or an obligation that the node cannot fulfil, makes the whole policy unenforceable: deny.
 *
 * An offer is a proposition and is not binding; evaluating it tells whether an agreement on its terms would permit.
 *
 * @example
 * const { outcome, unmet } = evaluate({ policy, action: 'use', target, assignee, facts: { credentials: [] }, now });
 * // 'deny', [{ code: 'credential.missing', text: 'Required: a valid credential of type MembershipCredential …' }]
 */
export function evaluate(request: EvaluationRequest, operands: Operands = standardOperands): Decision {
  const { policy } = request;
  const conflict = policy.conflict ?? 'prohibit';
  const action = expandTerm(request.action);
  const examine = (rule: RuleTrace['rule']) => (entry: Rule, i: number) =>
    examineRule(rule, entry, `/${rule}/${i}`, { ...request, action }, operands);
  const permissions = policy.permissions.map(examine('permission'));
  const prohibitions = policy.prohibitions.map(examine('prohibition'));
  const duties = dutiesOf(policy);
  const concerns = [...profileConcerns(policy), ...(duties.ok ? [] : [duties.problem])].map(
    ({ kind, detail }): Unmet => ({ code: kind, text: detail }),
  );
  const verdict = conclude({ conflict, permissions, prohibitions, concerns });
  const trace = {
    ...(policy.id === undefined ? {} : { policy: policy.id }),
    kind: policy.kind,
    action,
    at: momentText(request.now),
    conflict,
    rules: [...permissions, ...prohibitions],
    concerns,
    conclusion: verdict.conclusion,
  };
  return verdict.permit
    ? { outcome: 'permit', trace, unmet: [], duties: duties.ok ? duties.value : [] }
    : { outcome: 'deny', trace, unmet: unmetOf({ permissions, prohibitions, concerns, conflict }), duties: [] };
}

function profileConcerns(policy: Policy) {
  return policy.profiles
    .filter((profile) => !knownProfiles.has(profile))
    .map((profile) => ({
      kind: 'policy.unknown-profile',
      detail: `The policy declares the profile ${shown(profile)}, which this node does not know.`,
    }));
}

function examineRule(
  rule: RuleTrace['rule'],
  entry: Rule,
  at: string,
  request: EvaluationRequest,
  operands: Operands,
): RuleTrace {
  const target = entry.target ?? request.policy.target;
  const assignee = entry.assignee ?? request.policy.assignee;
  const premises = [
    examineAction(entry.action, at, request.action),
    ...(target === undefined ? [] : [examineName('target', target, at, request.target)]),
    ...(assignee === undefined ? [] : [examineName('assignee', assignee, at, request.assignee)]),
    ...entry.constraints.map((constraint, i) =>
      examineConstraint(constraint, `${at}/constraint/${i}`, request, operands),
    ),
  ];
  return {
    rule,
    at,
    ...(entry.id === undefined ? {} : { id: entry.id }),
    state: all(premises.map((premise) => premise.state)),
    premises,
  };
}

function examineAction(ruleAction: string, at: string, requested: string): Premise {
  const [wanted, asked] = [shown(readableTerm(ruleAction)), shown(readableTerm(requested))];
  const state = actionCovers(ruleAction, requested);
  const stranger = isKnownAction(ruleAction) ? asked : wanted;
  return {
    kind: 'action',
    at: `${at}/action`,
    state,
    expected: `the action is ${wanted} or included in it`,
    actual: state === 'unknown' ? `${stranger} is not an action of ODRL` : `the action is ${asked}`,
    code: state === 'unknown' ? 'policy.unknown-action' : 'policy.not-permitted',
  };
}

function examineName(kind: 'target' | 'assignee', wanted: string, at: string, requested: string): Premise {
  return {
    kind,
    at: `${at}/${kind}`,
    state: wanted === requested ? 'satisfied' : 'unsatisfied',
    expected: `the ${kind} is ${shown(wanted)}`,
    actual: `the ${kind} is ${shown(requested)}`,
    code: `policy.other-${kind}`,
  };
}

function conclude({ conflict, permissions, prohibitions, concerns }: Examined): {
  readonly permit: boolean;
  readonly conclusion: string;
} {
  const first = (rules: readonly RuleTrace[], state: State) => rules.find((rule) => rule.state === state);
  const deny = (reason: string) => ({ permit: false, conclusion: `Denied: ${reason}.` });
  if (concerns.length > 0) return deny('the policy as a whole cannot be enforced');
  const undecided = first(prohibitions, 'unknown');
  if (undecided) return deny(`it cannot be decided whether the prohibition ${undecided.at} applies`);
  const permission = first(permissions, 'satisfied');
  const prohibition = first(prohibitions, 'satisfied');
  if (prohibition && permission && conflict === 'invalid')
    return deny(`the policy is void, because ${permission.at} and ${prohibition.at} contradict each other`);
  if (prohibition && !(permission && conflict === 'perm')) return deny(`the prohibition ${prohibition.at} applies`);
  return permission ? { permit: true, conclusion: `Permitted by ${permission.at}.` } : deny('no permission applies');
}
