import { assertNever } from '@hansa/kernel';
import type { Premise } from './decision.js';
import type { Situation } from './facts.js';
import { type Operand, type Operands, setOperators } from './operand.js';
import { type AtomicConstraint, type Constraint, isOperator, type LogicalConstraint, type Operator } from './policy.js';
import { readableTerm } from './terms.js';
import { combine, type State } from './truth.js';
import { listOf, shown, textsOf } from './words.js';

/** An atomic constraint that can be evaluated, or why it cannot. */
export type Bound =
  | { readonly ok: true; readonly operand: Operand; readonly operator: Operator }
  | { readonly ok: false; readonly code: string; readonly reason: string };

/** Finds the operand of a constraint and checks that it understands the operator and every right operand. */
export function bind({ leftOperand, operator, rightOperand }: AtomicConstraint, operands: Operands): Bound {
  const no = (code: string, reason: string): Bound => ({ ok: false, code, reason });
  const operand = operands.get(leftOperand);
  const name = shown(readableTerm(leftOperand));
  if (operand === undefined) return no('policy.unknown-operand', `the left operand ${name} is not known here`);
  if (!isOperator(operator) || !operand.operators.includes(operator))
    return no('policy.unknown-operator', `${name} cannot be compared with ${shown(operator)}`);
  if (setOperators.has(operator) ? rightOperand.length === 0 : rightOperand.length !== 1)
    return no('policy.unknown-value', `${operator} has ${rightOperand.length} right operands`);
  for (const value of rightOperand) {
    const complaint = operand.complaint(value, operator);
    if (complaint !== undefined) return no('policy.unknown-value', `"${shown(value.value)}" is ${complaint}`);
  }
  return { ok: true, operand, operator };
}

/** A constraint in words, as a clause: "the declared purpose is dpv:Marketing or narrower". */
export function phraseOf(constraint: Constraint, operands: Operands): string {
  if (constraint.kind !== 'atomic')
    return logicalPhrase(
      constraint,
      constraint.constraints.map((inner) => phraseOf(inner, operands)),
    );
  const bound = bind(constraint, operands);
  if (bound.ok) return bound.operand.phrase(bound.operator, constraint.rightOperand);
  const right = listOf(textsOf(constraint.rightOperand), 'and');
  return `${shown(readableTerm(constraint.leftOperand))} ${shown(constraint.operator)} ${right}`;
}

function logicalPhrase({ kind }: LogicalConstraint, clauses: readonly string[]): string {
  if (clauses.length === 0) return `${kind} of nothing`;
  switch (kind) {
    case 'and':
    case 'andSequence':
      return `(${clauses.join(' and ')})`;
    case 'or':
      return `(${clauses.join(' or ')})`;
    case 'xone':
      return `exactly one of (${clauses.join('; ')})`;
    default:
      return assertNever(kind);
  }
}

/** Evaluates one constraint, however deep, into a premise of its rule. */
export function examineConstraint(
  constraint: Constraint,
  at: string,
  situation: Situation,
  operands: Operands,
): Premise {
  const id = constraint.id === undefined ? {} : { id: constraint.id };
  if (constraint.kind === 'atomic') return { ...id, ...examineAtomic(constraint, at, situation, operands) };
  const { kind } = constraint;
  const premises = constraint.constraints.map((inner, i) =>
    examineConstraint(inner, `${at}/${kind}/${i}`, situation, operands),
  );
  const states = premises.map((premise) => premise.state);
  return {
    kind,
    at,
    ...id,
    state: combine(kind, states),
    expected: logicalPhrase(
      constraint,
      premises.map((premise) => premise.expected),
    ),
    actual: countText(states),
    code: premises.length === 0 ? 'policy.empty-constraint' : 'policy.alternatives',
    premises,
  };
}

function examineAtomic(constraint: AtomicConstraint, at: string, situation: Situation, operands: Operands): Premise {
  const { leftOperand, rightOperand } = constraint;
  const base = { kind: 'constraint', at, leftOperand, expected: phraseOf(constraint, operands) } as const;
  const bound = bind(constraint, operands);
  if (!bound.ok) return { ...base, state: 'unknown', actual: bound.reason, code: bound.code };
  return { ...base, ...bound.operand.examine(bound.operator, rightOperand, situation) };
}

function countText(states: readonly State[]): string {
  const count = (wanted: State) => states.filter((state) => state === wanted).length;
  return `${count('satisfied')} satisfied, ${count('unsatisfied')} unsatisfied, ${count('unknown')} unknown`;
}
