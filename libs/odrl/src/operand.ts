import type { Situation } from './facts.js';
import { type Comparison, compareValues, type Datatype, readLiteral, type Value } from './literals.js';
import type { Literal, Operator } from './policy.js';
import type { State } from './truth.js';
import { shown } from './words.js';

/** What an operand found. */
export interface Finding {
  readonly state: State;
  /** What was seen, in plain words. It may name values of the other party, so it stays in this node's trace. */
  readonly actual: string;
  /** When it is not satisfied: which requirement, for the other side, such as `credential.missing`. */
  readonly code: string;
}

/** A left operand that can be evaluated: a fact, and the operators that compare it. */
export interface Operand {
  /** Absolute IRI. */
  readonly iri: string;
  readonly operators: readonly Operator[];
  /** What is wrong with one right operand, as the end of "… is"; undefined when it can be compared. */
  readonly complaint: (value: Literal, operator: Operator) => string | undefined;
  /** The requirement in words, as a clause: "the declared purpose is dpv:Marketing". Names nothing but the policy. */
  readonly phrase: (operator: Operator, values: readonly Literal[]) => string;
  /** Compares the fact with right operands without complaint, by one of the operators above. */
  readonly examine: (operator: Operator, values: readonly Literal[], situation: Situation) => Finding;
  /**
   * Whether every fact that satisfies `given` satisfies `wanted`, both without complaint. False is always right; absent:
   * it is never known.
   */
  readonly implies?: (given: Comparand, wanted: Comparand) => boolean;
}

/** The right half of a constraint. */
export interface Comparand {
  readonly operator: Operator;
  readonly values: readonly Literal[];
}

/** The left operands that an evaluation knows, by absolute IRI. */
export type Operands = ReadonlyMap<string, Operand>;

/**
 * A registry of left operands; a later one replaces an earlier one with the same IRI.
 *
 * @example
 * const operands = operandRegistry([...standardOperands.values(), levelOfAssurance]);
 * evaluate(request, operands);
 */
export function operandRegistry(operands: readonly Operand[]): Operands {
  return new Map(operands.map((operand) => [operand.iri, operand]));
}

/** The operators whose right operand is a set; the others compare with exactly one value. */
export const setOperators: ReadonlySet<string> = new Set<Operator>(['isAnyOf', 'isAllOf', 'isNoneOf']);

const accepted = {
  eq: ['equal'],
  neq: ['less', 'greater'],
  lt: ['less'],
  lteq: ['less', 'equal'],
  gt: ['greater'],
  gteq: ['greater', 'equal'],
} as const satisfies Partial<Record<Operator, readonly Comparison[]>>;

/** An operator that compares two values by their order. */
export type ComparisonOperator = keyof typeof accepted;

function isComparisonOperator(operator: string): operator is ComparisonOperator {
  return Object.hasOwn(accepted, operator);
}

/** Whether the outcome of a comparison fulfils an operator; incomparable values leave it unknown. */
export function holds(comparison: Comparison, operator: Operator): State {
  if (comparison === 'incomparable' || !isComparisonOperator(operator)) return 'unknown';
  const wanted: readonly Comparison[] = accepted[operator];
  return wanted.includes(comparison) ? 'satisfied' : 'unsatisfied';
}

/** What an operand made by `literalOperand` consists of. */
export interface LiteralOperandOptions {
  readonly iri: string;
  /** The fact as the subject of a clause: "the number of rows". */
  readonly subject: string;
  /** How each allowed operator continues the clause: `{ lteq: 'is at most' }`. */
  readonly verbs: Partial<Readonly<Record<ComparisonOperator, string>>>;
  /** The datatype of right operands that name none. */
  readonly datatype: Datatype;
  /** The fact and how to show it, or why there is none. */
  readonly read: (
    situation: Situation,
  ) => { readonly value: Value; readonly actual: string } | { readonly value?: undefined; readonly actual: string };
  /** The code of a requirement that is not met. */
  readonly code: string;
}

/**
 * An operand whose fact is one value with an order: a moment, a number, a duration, a text.
 *
 * @example
 * const hour = literalOperand({
 *   iri: 'https://city.example/terms#hour', subject: 'the hour of the day', verbs: { lt: 'is before', gteq: 'is from' },
 *   datatype: 'integer', code: 'hour.outside',
 *   read: ({ now }) => ({ value: numberValue(now.getUTCHours()), actual: `it is ${now.getUTCHours()} h in UTC` }),
 * });
 */
export function literalOperand({ iri, subject, verbs, datatype, read, code }: LiteralOperandOptions): Operand {
  return {
    iri,
    operators: Object.keys(verbs).filter(isComparisonOperator),
    complaint: (literal) =>
      readLiteral(literal, datatype) === undefined ? `not a valid ${typeName(literal, datatype)}` : undefined,
    phrase: (operator, values) =>
      `${subject} ${isComparisonOperator(operator) ? verbs[operator] : operator} ${shown(values[0]?.value ?? '')}`,
    examine: (operator, [literal], situation) => {
      const { value, actual } = read(situation);
      const right = literal === undefined ? undefined : readLiteral(literal, datatype);
      const known = value !== undefined && right !== undefined;
      return { state: known ? holds(compareValues(value, right), operator) : 'unknown', actual, code };
    },
    implies: (given, wanted) => isNarrowerRange(given, wanted, datatype),
  };
}

/** One end of the moments or numbers that a comparison lets through. */
interface End {
  readonly at: number;
  readonly included: boolean;
}

/** The ends of what a comparison with a moment lets through; a date ends before the next one begins. */
function rangeOf({ operator, values: [literal] }: Comparand, datatype: Datatype): { from?: End; to?: End } | undefined {
  const value = literal === undefined ? undefined : readLiteral(literal, datatype);
  if (value?.kind !== 'instant') return undefined;
  const { start, end } = value;
  const isMoment = start === end;
  const [from, to] = [
    { at: start, included: true },
    { at: end, included: isMoment },
  ];
  switch (operator) {
    case 'eq':
      return { from, to };
    case 'lt':
      return { to: { at: start, included: false } };
    case 'lteq':
      return { to };
    case 'gt':
      return { from: { at: end, included: !isMoment } };
    case 'gteq':
      return { from };
    default:
      return undefined;
  }
}

function isNarrowerRange(given: Comparand, wanted: Comparand, datatype: Datatype): boolean {
  const [narrow, wide] = [rangeOf(given, datatype), rangeOf(wanted, datatype)];
  if (narrow === undefined || wide === undefined) return false;
  const within = (inner: End | undefined, outer: End | undefined, side: 1 | -1): boolean => {
    if (outer === undefined) return true;
    if (inner === undefined) return false;
    const distance = (outer.at - inner.at) * side;
    return distance > 0 || (distance === 0 && (outer.included || !inner.included));
  };
  return within(narrow.to, wide.to, 1) && within(narrow.from, wide.from, -1);
}

function typeName(literal: Literal, datatype: Datatype): string {
  const type = literal.type ?? datatype;
  return shown(type.slice(type.lastIndexOf('#') + 1));
}

/** A moment for people; a broken `Date` must not break the trace. */
export function momentText(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'an invalid date' : date.toISOString();
}
