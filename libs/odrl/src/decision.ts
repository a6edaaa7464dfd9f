import type { ConflictStrategy, Connective, Policy } from './policy.js';
import type { State } from './truth.js';

/** Which requirement was not met: what the other side may be told. It repeats the policy, never the facts. */
export interface Unmet {
  /** Stable and dotted: `credential.missing`, `purpose.not-allowed`, `policy.prohibited`, …. */
  readonly code: string;
  /** One sentence. */
  readonly text: string;
}

/** One condition of a rule, and how it stood. */
export interface Premise {
  readonly kind: 'action' | 'target' | 'assignee' | 'constraint' | Connective;
  /** JSON pointer into the policy, `/permission/0/constraint/1`. */
  readonly at: string;
  /** The identifier that the policy gives the constraint. */
  readonly id?: string;
  /** The left operand of an atomic constraint, an absolute IRI. */
  readonly leftOperand?: string;
  readonly state: State;
  /** What the policy wants, as a clause. */
  readonly expected: string;
  /** What was found, as a clause. */
  readonly actual: string;
  readonly code: string;
  /** The operands of a logical constraint. */
  readonly premises?: readonly Premise[];
}

/** One permission or prohibition, and whether it applies: it does when all its premises hold. */
export interface RuleTrace {
  readonly rule: 'permission' | 'prohibition';
  readonly at: string;
  readonly id?: string;
  readonly state: State;
  readonly premises: readonly Premise[];
}

/** Everything that led to a decision, for the ledger and for people. */
export interface Trace {
  readonly policy?: string;
  readonly kind: Policy['kind'];
  readonly action: string;
  /** The moment of the decision, xsd:dateTime in UTC. */
  readonly at: string;
  readonly conflict: ConflictStrategy;
  readonly rules: readonly RuleTrace[];
  /** What makes the policy as a whole impossible to enforce; empty is good. */
  readonly concerns: readonly Unmet[];
  /** The decision and its reason in one sentence. */
  readonly conclusion: string;
}

/** An obligation that the node fulfils before it releases anything. */
export interface Duty {
  readonly id?: string;
  /** Absolute IRI. */
  readonly action: string;
  /** What has to be done, as a sentence. */
  readonly text: string;
}

/** The answer of the evaluator. A permit holds only together with its duties. */
export interface Decision {
  readonly outcome: 'permit' | 'deny';
  readonly trace: Trace;
  /** Empty for a permit. */
  readonly unmet: readonly Unmet[];
  /** Empty for a denial. */
  readonly duties: readonly Duty[];
}

/** The rules of one policy after examination, before the conclusion is drawn. */
export interface Examined {
  readonly conflict: ConflictStrategy;
  readonly permissions: readonly RuleTrace[];
  readonly prohibitions: readonly RuleTrace[];
  readonly concerns: readonly Unmet[];
}
