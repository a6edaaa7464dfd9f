import { isJsonObject, ok, type Result, refuse } from '@hansa/kernel';
import { type Connective, type Constraint, connectives, isOperator, type Literal } from './policy.js';
import { expandTerm, odrlName, purposeIri, purposeTerm, xsdNamespace } from './terms.js';
import { type Budget, list, type Members, membersOf, type OdrlProblem, optionalTerm, termAt } from './wire.js';

const constraintMembers = ['leftOperand', 'operator', 'rightOperand', 'uid', ...connectives];

/** Reads the constraints of a rule or of a logical constraint. Depth and number are counted against the budget. */
export function parseConstraints(
  wire: unknown,
  at: string,
  budget: Budget,
  depth: number,
): Result<readonly Constraint[], OdrlProblem> {
  const constraints: Constraint[] = [];
  for (const [i, entry] of list(wire).entries()) {
    const constraint = parseConstraint(entry, `${at}/${i}`, budget, depth);
    if (!constraint.ok) return constraint;
    constraints.push(constraint.value);
  }
  return ok(constraints);
}

function parseConstraint(wire: unknown, at: string, budget: Budget, depth: number): Result<Constraint, OdrlProblem> {
  if (depth > budget.depth)
    return refuse('odrl.too-deep', `Constraints are nested more than ${budget.depth} deep.`, at);
  if (--budget.constraints < 0) return refuse('odrl.too-large', 'The policy has too many constraints.', at);
  const members = membersOf(wire, at, constraintMembers);
  if (!members.ok) return members;
  const id = optionalTerm(members.value, members.value.has('@id') ? '@id' : 'uid', at);
  if (!id.ok) return id;
  const identity = id.value === undefined ? {} : { id: id.value };
  const used = connectives.filter((name) => members.value.has(name));
  const [connective] = used;
  if (connective === undefined) return parseAtomic(members.value, identity, at, budget);
  if (used.length > 1 || members.value.has('leftOperand') || members.value.has('operator'))
    return refuse(
      'odrl.malformed',
      'A constraint is either atomic or has exactly one of and, or, xone, andSequence.',
      at,
    );
  return parseLogical(connective, members.value, identity, at, budget, depth);
}

type Identity = { readonly id?: string };

function parseLogical(
  kind: Connective,
  members: Members,
  identity: Identity,
  at: string,
  budget: Budget,
  depth: number,
): Result<Constraint, OdrlProblem> {
  const constraints = parseConstraints(members.get(kind), `${at}/${kind}`, budget, depth + 1);
  return constraints.ok ? ok({ kind, ...identity, constraints: constraints.value }) : constraints;
}

function parseAtomic(
  members: Members,
  identity: Identity,
  at: string,
  budget: Budget,
): Result<Constraint, OdrlProblem> {
  const leftOperand = termAt(members.get('leftOperand'), `${at}/leftOperand`);
  if (!leftOperand.ok) return leftOperand;
  const operator = termAt(members.get('operator'), `${at}/operator`);
  if (!operator.ok) return operator;
  const right = members.get('rightOperand');
  if (right === undefined)
    return refuse('odrl.malformed', 'The constraint has no right operand.', `${at}/rightOperand`);
  const values = list(right);
  budget.values -= values.length;
  if (budget.values < 0)
    return refuse('odrl.too-large', 'The policy has too many right operands.', `${at}/rightOperand`);
  const rightOperand: Literal[] = [];
  for (const value of values) {
    const literal = parseLiteral(value, `${at}/rightOperand`);
    if (!literal.ok) return literal;
    rightOperand.push(literal.value);
  }
  const term = expandTerm(leftOperand.value);
  return ok({
    kind: 'atomic',
    ...identity,
    leftOperand: term,
    operator: operatorName(operator.value),
    // The context of DSP has no prefix `dpv`, so that one purpose would otherwise have two spellings.
    rightOperand: term === purposeTerm ? rightOperand.map((l) => ({ ...l, value: purposeIri(l.value) })) : rightOperand,
  });
}

/** `term-lteq` is how the schema of DSP 2025-1 also spells `lteq`. */
function operatorName(term: string): string {
  const name = odrlName(term) === 'term-lteq' ? 'lteq' : odrlName(term);
  return isOperator(name) ? name : term;
}

/** DSP 2025-1 allows a string, `{"@value", "@type"}`, and in JSON-LD a reference `{"@id"}`; never a bare number. */
function parseLiteral(wire: unknown, at: string): Result<Literal, OdrlProblem> {
  if (typeof wire === 'string') return literal(wire, undefined, at);
  if (isJsonObject(wire)) {
    const { '@value': value, '@type': type, '@id': id, ...rest } = wire;
    if (Object.keys(rest).length === 0) {
      if (typeof id === 'string' && value === undefined && type === undefined) return literal(id, undefined, at);
      if (typeof value === 'string' && id === undefined && (type === undefined || typeof type === 'string'))
        return literal(value, type, at);
    }
  }
  return refuse('odrl.malformed', 'A right operand is a string or {"@value": string, "@type": datatype}.', at);
}

function literal(value: string, type: string | undefined, at: string): Result<Literal, OdrlProblem> {
  if (!value.isWellFormed() || type?.isWellFormed() === false)
    return refuse('odrl.malformed', 'The right operand is not well-formed Unicode.', at);
  const datatype = type === undefined ? undefined : expandTerm(type);
  return ok(datatype === undefined || datatype === `${xsdNamespace}string` ? { value } : { value, type: datatype });
}
