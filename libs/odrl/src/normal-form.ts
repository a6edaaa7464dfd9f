import { canonicalJson } from '@hansa/kernel';
import type { Constraint, Rule } from './policy.js';

/** What a rule says, as one text: the order of its parts and its identifier carry no meaning. */
export function normalRule({ action, target, assignee, constraints }: Rule): string {
  return canonicalJson({ action, target, assignee, constraints: constraints.map(normalForm).sort() });
}

/** What a constraint says, as one text; see {@link normalRule}. */
export function normalForm(constraint: Constraint): string {
  const { id, ...rest } = constraint;
  if (rest.kind === 'atomic')
    return canonicalJson({ ...rest, rightOperand: rest.rightOperand.map((value) => canonicalJson(value)).sort() });
  const inner = rest.constraints.map(normalForm);
  return canonicalJson({ kind: rest.kind, constraints: rest.kind === 'andSequence' ? inner : inner.sort() });
}
