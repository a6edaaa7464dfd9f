export { type NodeAction, nodeActions } from './actions.js';
export type { Decision, Duty, Premise, RuleTrace, Trace, Unmet } from './decision.js';
export { type EvaluationRequest, evaluate } from './evaluate.js';
export { expiryOf } from './expiry.js';
export { explainPolicy } from './explain-policy.js';
export type { AuditFact, AuditVerdict, CredentialFact, Facts, Situation } from './facts.js';
export { lintPolicy } from './lint-policy.js';
export {
  addDuration,
  type Datatype,
  type Duration,
  instantValue,
  numberValue,
  parseDuration,
  type Value,
} from './literals.js';
export {
  type AgreementParts,
  agreementOf,
  declaredPurpose,
  declarePurpose,
  matchesOffer,
  offerOf,
  sameTerms,
} from './offers.js';
export {
  type Comparand,
  type ComparisonOperator,
  type Finding,
  type LiteralOperandOptions,
  literalOperand,
  type Operand,
  type Operands,
  operandRegistry,
} from './operand.js';
export { dpvTerm, isNarrowerPurpose, parsePurpose } from './operands/purpose.js';
export { standardOperands } from './operands/standard-operands.js';
export { type PolicyLimits, parsePolicy, policyLimits } from './parse-policy.js';
export type {
  Agreement,
  AtomicConstraint,
  ConflictStrategy,
  Connective,
  Constraint,
  Literal,
  LogicalConstraint,
  Offer,
  Operator,
  Policy,
  PolicySet,
  Rule,
} from './policy.js';
export { renderTrace } from './render-trace.js';
export { serializePolicy } from './serialize-policy.js';
export {
  type Coarsening,
  columnOperand,
  type RowCondition,
  type RowValue,
  type Shaping,
  type ShapingProblem,
  shapingOf,
} from './shaping.js';
export { keepsBounds } from './strictness.js';
export { instantiateTemplate, type TemplateParameters, type TemplateProblem, templateParameters } from './templates.js';
export { expandTerm, hansaNamespace, hansaProfile, purposeIri } from './terms.js';
export type { State } from './truth.js';
export type { OdrlProblem } from './wire.js';
