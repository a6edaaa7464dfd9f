import { isJsonObject, ok, type Result, refuse } from '@hansa/kernel';
import { parseConstraints } from './parse-constraint.js';
import { type ConflictStrategy, conflictStrategies, type Policy, type Rule } from './policy.js';
import { expandTerm, odrlName } from './terms.js';
import { type Budget, list, type Members, membersOf, type OdrlProblem, optionalTerm, termAt } from './wire.js';

/** How large a policy may be, so that evaluating one stays cheap whoever wrote it. */
export interface PolicyLimits {
  /** Constraints inside constraints. @default 16 */
  readonly depth: number;
  /** Constraints of any kind in the whole policy. @default 200 */
  readonly constraints: number;
  /** Permissions, prohibitions and obligations together. @default 100 */
  readonly rules: number;
  /** Right operands in the whole policy. @default 1000 */
  readonly values: number;
}

export const policyLimits: PolicyLimits = { depth: 16, constraints: 200, rules: 100, values: 1000 };

/**
 * Reads a policy in the shape of DSP 2025-1 (Offer, MessageOffer, Agreement) or an ODRL Set, as JSON: no JSON-LD
 * processing, but terms may be bare, prefixed with `odrl:` or absolute.
 *
 * Members that the reader does not know are ignored, as DSP 2025-1 allows additional properties, unless they are ODRL's
 * (`duty`, `refinement`, `inheritFrom`, …): dropping one of those would change what the policy says, so it is refused.
 * Unknown profiles, actions, operands and operators are kept, for `lintPolicy` and `evaluate` to name.
 *
 * @example
 * parsePolicy({ '@type': 'Offer', '@id': 'urn:x:1', permission: [{ action: 'use' }] });
 */
export function parsePolicy(wire: unknown, limits: PolicyLimits = policyLimits): Result<Policy, OdrlProblem> {
  const members = membersOf(wire, '', policyMembers);
  if (!members.ok) return members;
  const context = checkContext(members.value);
  if (!context.ok) return context;
  const rules = parseRules(members.value, { ...limits });
  if (!rules.ok) return rules;
  const heading = parseHeading(members.value);
  if (!heading.ok) return heading;
  const contradiction = [...rules.value.permissions, ...rules.value.prohibitions].find(
    (rule) => differ(rule.target, heading.value.target) || differ(rule.assignee, heading.value.assignee),
  );
  if (contradiction)
    return refuse('odrl.contradiction', 'A rule names another target or assignee than the policy: name it once.');
  return withKind(members.value, { ...heading.value, ...rules.value });
}

const policyMembers = [
  'profile',
  'conflict',
  'permission',
  'prohibition',
  'obligation',
  'target',
  'assigner',
  'assignee',
  'timestamp',
  'uid',
] as const;
const ruleMembers = ['action', 'constraint', 'target', 'assigner', 'assignee', 'uid'] as const;

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

/** DSP 2025-1: `@context` is an array of strings. An inline context could give any word another meaning. */
function checkContext(members: Members): Result<null, OdrlProblem> {
  const context = members.get('@context');
  return list(context).every((entry) => typeof entry === 'string')
    ? ok(null)
    : refuse('odrl.malformed', 'The policy defines terms inline; name contexts by their URL.', '/@context');
}

type Heading = Pick<Policy, 'id' | 'target' | 'assigner' | 'assignee'> & { readonly timestamp?: string };
type Rules = Pick<Policy, 'profiles' | 'conflict' | 'permissions' | 'prohibitions' | 'obligations'>;

function parseHeading(members: Members): Result<Heading, OdrlProblem> {
  const id = optionalTerm(members, members.has('@id') ? '@id' : 'uid', '');
  if (!id.ok) return id;
  let heading: Heading = id.value === undefined ? {} : { id: id.value };
  for (const name of ['target', 'assigner', 'assignee', 'timestamp'] as const) {
    const value = optionalTerm(members, name, '');
    if (!value.ok) return value;
    if (value.value !== undefined) heading = { ...heading, [name]: value.value };
  }
  return ok(heading);
}

function withKind(members: Members, { timestamp, ...parts }: Heading & Rules): Result<Policy, OdrlProblem> {
  const type = members.get('@type');
  const { id, target, assigner, assignee } = parts;
  switch (typeof type === 'string' ? odrlName(type) : type) {
    case 'Offer':
      if (id === undefined) return refuse('odrl.malformed', 'An offer needs an "@id".', '/@id');
      return ok({ kind: 'Offer', ...parts, id });
    case 'Agreement':
      if (id === undefined || target === undefined || assigner === undefined || assignee === undefined)
        return refuse('odrl.malformed', 'An agreement needs "@id", "target", "assigner" and "assignee".');
      return ok({
        kind: 'Agreement',
        ...parts,
        id,
        target,
        assigner,
        assignee,
        ...(timestamp === undefined ? {} : { timestamp }),
      });
    case 'Set':
    case 'Policy':
      return ok({ kind: 'Set', ...parts });
    default:
      return refuse('odrl.malformed', 'The "@type" of a policy is "Offer", "Agreement" or "Set".', '/@type');
  }
}

function parseRules(members: Members, budget: Budget): Result<Rules, OdrlProblem> {
  const profiles: string[] = [];
  for (const [i, profile] of list(members.get('profile')).entries()) {
    const term = termAt(profile, `/profile/${i}`);
    if (!term.ok) return term;
    profiles.push(term.value);
  }
  const conflict = parseConflict(members);
  if (!conflict.ok) return conflict;
  const permissions = parseRuleList(members, 'permission', budget);
  if (!permissions.ok) return permissions;
  const prohibitions = parseRuleList(members, 'prohibition', budget);
  if (!prohibitions.ok) return prohibitions;
  const obligations = parseRuleList(members, 'obligation', budget);
  if (!obligations.ok) return obligations;
  return ok({
    profiles,
    ...(conflict.value === undefined ? {} : { conflict: conflict.value }),
    permissions: permissions.value,
    prohibitions: prohibitions.value,
    obligations: obligations.value,
  });
}

function parseConflict(members: Members): Result<ConflictStrategy | undefined, OdrlProblem> {
  const term = optionalTerm(members, 'conflict', '');
  if (!term.ok) return term;
  if (term.value === undefined) return ok(undefined);
  const name = odrlName(term.value);
  const strategy = conflictStrategies.find((known) => known === name);
  return strategy === undefined
    ? refuse('odrl.malformed', `The conflict strategy is one of ${conflictStrategies.join(', ')}.`, '/conflict')
    : ok(strategy);
}

function parseRuleList(
  members: Members,
  name: 'permission' | 'prohibition' | 'obligation',
  budget: Budget,
): Result<readonly Rule[], OdrlProblem> {
  const rules: Rule[] = [];
  for (const [i, wire] of list(members.get(name)).entries()) {
    if (--budget.rules < 0) return refuse('odrl.too-large', 'The policy has too many rules.', `/${name}/${i}`);
    const rule = parseRule(wire, `/${name}/${i}`, budget);
    if (!rule.ok) return rule;
    rules.push(rule.value);
  }
  return ok(rules);
}

function parseRule(wire: unknown, at: string, budget: Budget): Result<Rule, OdrlProblem> {
  const members = membersOf(wire, at, ruleMembers);
  if (!members.ok) return members;
  const action = members.value.get('action');
  if (isJsonObject(action) || Array.isArray(action))
    return refuse('odrl.unsupported', 'An action is a string here (DSP 2025-1): no refinements.', `${at}/action`);
  const term = termAt(action, `${at}/action`);
  if (!term.ok) return term;
  const constraints = parseConstraints(members.value.get('constraint'), `${at}/constraint`, budget, 1);
  if (!constraints.ok) return constraints;
  const id = optionalTerm(members.value, members.value.has('@id') ? '@id' : 'uid', at);
  if (!id.ok) return id;
  const target = optionalTerm(members.value, 'target', at);
  if (!target.ok) return target;
  const assignee = optionalTerm(members.value, 'assignee', at);
  if (!assignee.ok) return assignee;
  return ok({
    ...(id.value === undefined ? {} : { id: id.value }),
    action: expandTerm(term.value),
    ...(target.value === undefined ? {} : { target: target.value }),
    ...(assignee.value === undefined ? {} : { assignee: assignee.value }),
    constraints: constraints.value,
  });
}
