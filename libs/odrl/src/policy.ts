/** The operators of ODRL (Vocabulary & Expression 2.2), by their short names; DSP 2025-1 wants them unprefixed on the wire. */
const operators = [
  'eq',
  'neq',
  'lt',
  'lteq',
  'gt',
  'gteq',
  'isA',
  'hasPart',
  'isPartOf',
  'isAllOf',
  'isAnyOf',
  'isNoneOf',
] as const;
export type Operator = (typeof operators)[number];

export function isOperator(name: string): name is Operator {
  return (operators as readonly string[]).includes(name);
}

/** The logical constraints of ODRL (Information Model 2.2 §2.5.2). */
export const connectives = ['and', 'or', 'xone', 'andSequence'] as const;
export type Connective = (typeof connectives)[number];

/** One right operand: the lexical form, and the absolute IRI of its datatype unless it is a plain string. */
export interface Literal {
  readonly value: string;
  readonly type?: string;
}

/** `leftOperand operator rightOperand`, for instance "the purpose is a scientific research". */
export interface AtomicConstraint {
  readonly kind: 'atomic';
  readonly id?: string;
  /** Absolute IRI. */
  readonly leftOperand: string;
  /** An {@link Operator}, or what the policy says instead; the evaluator answers `unknown` to that. */
  readonly operator: string;
  /** A set: order carries no meaning. One value on the wire is a set of one. */
  readonly rightOperand: readonly Literal[];
}

export interface LogicalConstraint {
  readonly kind: Connective;
  readonly id?: string;
  readonly constraints: readonly Constraint[];
}

export type Constraint = AtomicConstraint | LogicalConstraint;

/** A permission, prohibition or obligation. All its constraints must hold (ODRL Information Model 2.2 §2.6). */
export interface Rule {
  readonly id?: string;
  /** Absolute IRI. */
  readonly action: string;
  readonly target?: string;
  readonly assignee?: string;
  readonly constraints: readonly Constraint[];
}

export const conflictStrategies = ['perm', 'prohibit', 'invalid'] as const;
/** Which rule wins when a permission and a prohibition both apply (ODRL Information Model 2.2 §2.10). */
export type ConflictStrategy = (typeof conflictStrategies)[number];

interface Rules {
  /** Absolute IRIs of the profiles that the policy declares. */
  readonly profiles: readonly string[];
  /** Absent: `prohibit`. */
  readonly conflict?: ConflictStrategy;
  readonly permissions: readonly Rule[];
  readonly prohibitions: readonly Rule[];
  readonly obligations: readonly Rule[];
}

/** What a provider proposes. In a catalogue it has no target, in a message it has (DSP 2025-1, MessageOffer). */
export interface Offer extends Rules {
  readonly kind: 'Offer';
  readonly id: string;
  readonly target?: string;
  readonly assigner?: string;
  readonly assignee?: string;
}

/** What two parties have agreed about one asset. */
export interface Agreement extends Rules {
  readonly kind: 'Agreement';
  readonly id: string;
  readonly target: string;
  readonly assigner: string;
  readonly assignee: string;
  /** xsd:dateTime, as it came. */
  readonly timestamp?: string;
}

/** A policy definition, not yet an offer to anybody. */
export interface PolicySet extends Rules {
  readonly kind: 'Set';
  readonly id?: string;
  readonly target?: string;
  readonly assigner?: string;
  readonly assignee?: string;
}

/** A parsed policy: made only by `parsePolicy`, immutable, every term an absolute IRI or a name of ours. */
export type Policy = Offer | Agreement | PolicySet;

/** Every atomic constraint in a list, however deep. */
export function atomicConstraints(constraints: readonly Constraint[]): readonly AtomicConstraint[] {
  return constraints.flatMap((c) => (c.kind === 'atomic' ? [c] : atomicConstraints(c.constraints)));
}
