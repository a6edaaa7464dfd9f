import { isJsonObject, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { odrlName } from './terms.js';

/** Why a policy could not be read. */
export type OdrlProblem = Problem<
  'odrl.malformed' | 'odrl.unsupported' | 'odrl.too-large' | 'odrl.too-deep' | 'odrl.contradiction'
>;

/** The members of one object under ODRL's short names, whichever way they were written. */
export type Members = ReadonlyMap<string, unknown>;

/** What is left of the limits while one policy is read. */
export interface Budget {
  readonly depth: number;
  rules: number;
  constraints: number;
  values: number;
}

/**
 * Words of ODRL that change what a policy means. Where one stands and is not understood, the policy is refused: to
 * ignore a `duty`, or a `constraint` at the level of the policy, would permit more than was meant.
 */
const meaningful: ReadonlySet<string> = new Set([
  'action',
  'and',
  'andSequence',
  'assignee',
  'conflict',
  'consequence',
  'constraint',
  'dataType',
  'duty',
  'failure',
  'function',
  'inheritAllowed',
  'inheritFrom',
  'inheritRelation',
  'leftOperand',
  'obligation',
  'operator',
  'or',
  'output',
  'permission',
  'profile',
  'prohibition',
  'refinement',
  'relation',
  'remedy',
  'rightOperand',
  'rightOperandReference',
  'status',
  'target',
  'unit',
  'xone',
]);

/** The members of a JSON object, refused when one of them belongs to ODRL and is not among the `known` ones. */
export function membersOf(wire: unknown, at: string, known: readonly string[]): Result<Members, OdrlProblem> {
  if (!isJsonObject(wire)) return refuse('odrl.malformed', 'A JSON object is expected here.', at);
  const members = new Map<string, unknown>();
  for (const [key, value] of Object.entries(wire)) {
    const name = odrlName(key);
    if (members.has(name)) return refuse('odrl.malformed', `"${name}" stands twice in one object.`, at);
    if (!known.includes(name) && (name !== key || meaningful.has(name)))
      return refuse('odrl.unsupported', `"${name}" is not supported here; the policy would lose its meaning.`, at);
    members.set(name, value);
  }
  return ok(members);
}

/** A member that may be one thing or several, or absent, as a list. */
export function list(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/**
 * An identifier or term: a non-empty string in Unicode form NFC, so that two that look alike through composition are
 * never two different ones.
 */
export function termAt(value: unknown, at: string): Result<string, OdrlProblem> {
  if (typeof value !== 'string' || value === '')
    return refuse('odrl.malformed', 'A string that is not empty is expected here.', at);
  if (!value.isWellFormed() || value.normalize('NFC') !== value)
    return refuse('odrl.malformed', 'The string is not in Unicode form NFC.', at);
  return ok(value);
}

/** A term in a member that may be absent. */
export function optionalTerm(members: Members, name: string, at: string): Result<string | undefined, OdrlProblem> {
  const value = members.get(name);
  return value === undefined ? ok(undefined) : termAt(value, `${at}/${name}`);
}
