import { readLiteral } from './literals.js';
import type { AtomicConstraint, Constraint, Policy } from './policy.js';
import { odrlNamespace } from './terms.js';

/**
 * The first moment from which a policy can permit nothing any more, whatever else becomes true: the latest end among its
 * permissions. Null where a permission names no end, and where there is no permission.
 *
 * An end is only what follows from `odrl:dateTime` with `lt`, `lteq` or `eq`: of constraints that must all hold the
 * earliest counts, of alternatives (`or`, `xone`) the latest. Nothing is derived from prohibitions, or from facts that
 * may change, such as the age of an audit. It is exact to the millisecond, like the clock: `lteq` a moment ends one
 * millisecond after it, `lteq` a date with that day.
 *
 * @example
 * expiryOf(must(parsePolicy({ …, permission: [{ action: 'use', constraint: [
 *   { leftOperand: 'dateTime', operator: 'lteq', rightOperand: { '@value': '2027-06-30', '@type': 'xsd:date' } },
 * ] }] }))); // 2027-07-01T00:00:00.000Z
 */
export function expiryOf({ permissions }: Policy): Date | null {
  if (permissions.length === 0) return null;
  const end = Math.max(...permissions.map(({ constraints }) => endOfAll(constraints)));
  return Number.isFinite(end) ? new Date(end) : null;
}

/** In milliseconds since 1970; infinite where there is no end. */
function endOfAll(constraints: readonly Constraint[]): number {
  return Math.min(...constraints.map(endOf));
}

function endOf(constraint: Constraint): number {
  switch (constraint.kind) {
    case 'atomic':
      return endOfMoments(constraint);
    case 'and':
    case 'andSequence':
      return endOfAll(constraint.constraints);
    default:
      return constraint.constraints.length === 0
        ? Number.POSITIVE_INFINITY
        : Math.max(...constraint.constraints.map(endOf));
  }
}

function endOfMoments({ leftOperand, operator, rightOperand: [literal, another] }: AtomicConstraint): number {
  if (leftOperand !== `${odrlNamespace}dateTime` || literal === undefined || another !== undefined)
    return Number.POSITIVE_INFINITY;
  const value = readLiteral(literal, 'dateTime');
  if (value?.kind !== 'instant') return Number.POSITIVE_INFINITY;
  if (operator === 'lt') return value.start;
  if (operator !== 'lteq' && operator !== 'eq') return Number.POSITIVE_INFINITY;
  return value.end > value.start ? value.end : value.end + 1;
}
