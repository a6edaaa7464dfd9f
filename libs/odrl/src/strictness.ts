import { canonicalJson, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { actionCovers } from './actions.js';
import { bind, phraseOf } from './examine-constraint.js';
import { normalForm, normalRule } from './normal-form.js';
import type { Operands } from './operand.js';
import { standardOperands } from './operands/standard-operands.js';
import type { AtomicConstraint, Constraint, Policy, Rule } from './policy.js';
import { readableTerm } from './terms.js';

/**
 * Checks that a policy is at least as strict as another one, the bounds: whatever it permits, to whom and whenever, the
 * bounds permit too, and the data are shaped in the same way. Sound, and not complete: a difference that is not
 * understood counts as outside. The bounds may leave out the target and the assignee.
 *
 * Every permission needs one in the bounds that it implies: the same or a wider action, and for each constraint of the
 * bounds one that is at least as narrow (an operand says so: a narrower purpose, an earlier end, fewer countries). The
 * prohibitions of the bounds must all be repeated; more of them do no harm. Obligations, profiles and conflict strategy
 * must be the same.
 *
 * @returns `policy.outside-bounds`, with the first difference in words.
 * @example
 * keepsBounds(requested, bounds); // { ok: false, problem: { detail: '… the time is not after 2027-12-31 …' } }
 */
export function keepsBounds(
  policy: Policy,
  bounds: Policy,
  operands: Operands = standardOperands,
): Result<null, Problem<'policy.outside-bounds'>> {
  const outside = (detail: string, at: string) => refuse('policy.outside-bounds', detail, at);
  if ((policy.conflict ?? 'prohibit') !== (bounds.conflict ?? 'prohibit'))
    return outside('The conflict strategy is another one.', '/conflict');
  if (!sameTexts(policy.profiles, bounds.profiles)) return outside('The profiles are others.', '/profile');
  if (!sameTexts(policy.obligations.map(normalRule), bounds.obligations.map(normalRule)))
    return outside('The obligations are others.', '/obligation');
  const repeated = new Set(policy.prohibitions.map(normalRule));
  if (bounds.prohibitions.some((rule) => !repeated.has(normalRule(rule))))
    return outside('A prohibition is missing.', '/prohibition');
  for (const [i, permission] of policy.permissions.entries()) {
    const lacking = bounds.permissions.map((wide) =>
      lackOf(placed(permission, policy), placed(wide, bounds), operands),
    );
    if (lacking.includes(null)) continue;
    const [first = 'nothing at all is permitted'] = lacking;
    return outside(`A permission is wider than the bounds: ${first}.`, `/permission/${i}`);
  }
  return ok(null);
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return canonicalJson([...a].sort()) === canonicalJson([...b].sort());
}

/** A rule with the target and the assignee that the policy around it names. */
function placed(rule: Rule, { target, assignee }: Policy): Rule {
  return { ...rule, ...(target === undefined ? {} : { target }), ...(assignee === undefined ? {} : { assignee }) };
}

/** What one permission lacks to imply another, in words; null: nothing. */
function lackOf(narrow: Rule, wide: Rule, operands: Operands): string | null {
  if (actionCovers(wide.action, narrow.action) !== 'satisfied')
    return `the action is ${readableTerm(narrow.action)}, not ${readableTerm(wide.action)}`;
  for (const name of ['target', 'assignee'] as const)
    if (wide[name] !== undefined && wide[name] !== narrow[name]) return `the ${name} is not ${wide[name]}`;
  const missing = wide.constraints.find((wanted) => !isImplied(wanted, narrow.constraints, operands));
  return missing === undefined ? null : `nothing in it makes sure that ${phraseOf(missing, operands)}`;
}

/** Whether a constraint is satisfied wherever all the given ones are. */
function isImplied(wanted: Constraint, given: readonly Constraint[], operands: Operands): boolean {
  if (given.some((one) => implies(one, wanted, operands))) return true;
  const { kind } = wanted;
  // One without operands is never satisfied, so nothing implies it.
  if (kind === 'atomic' || wanted.constraints.length === 0) return false;
  if (kind === 'and' || kind === 'andSequence')
    return wanted.constraints.every((inner) => isImplied(inner, given, operands));
  return kind === 'or' && wanted.constraints.some((inner) => isImplied(inner, given, operands));
}

function implies(given: Constraint, wanted: Constraint, operands: Operands): boolean {
  if (normalForm(given) === normalForm(wanted)) return true;
  switch (given.kind) {
    case 'atomic':
      return wanted.kind === 'atomic' && atomicImplies(given, wanted, operands);
    case 'and':
    case 'andSequence':
      return given.constraints.length > 0 && isImplied(wanted, given.constraints, operands);
    case 'or':
      return given.constraints.length > 0 && given.constraints.every((one) => isImplied(wanted, [one], operands));
    default:
      return false;
  }
}

function atomicImplies(given: AtomicConstraint, wanted: AtomicConstraint, operands: Operands): boolean {
  if (given.leftOperand !== wanted.leftOperand) return false;
  const [narrow, wide] = [bind(given, operands), bind(wanted, operands)];
  if (!narrow.ok || !wide.ok) return false;
  const { implies: decide = () => false } = wide.operand;
  return decide(
    { operator: narrow.operator, values: given.rightOperand },
    { operator: wide.operator, values: wanted.rightOperand },
  );
}
