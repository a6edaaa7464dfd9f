import type { VerifiedCredential } from '@hansa/dcp';
import type { Clock, Did, JsonObject, Problem, Result } from '@hansa/kernel';
import { ok } from '@hansa/kernel';
import {
  type CredentialFact,
  type Decision,
  type EvaluationRequest,
  evaluate,
  type NodeAction,
  nodeActions,
  parsePolicy,
} from '@hansa/odrl';
import type { AuditFacts } from './audit-facts.js';

export interface DecisionRequest {
  /** The ODRL policy as it stands in our own store, never as a peer repeats it. */
  readonly policy: JsonObject;
  /** The action asked for; without it any that this node does for others: what is agreed on may be less than use. */
  readonly action?: NodeAction;
  /** The dataset. */
  readonly target: string;
  readonly assignee: Did;
  readonly credentials: readonly VerifiedCredential[];
  /** The purpose that the assignee has declared. */
  readonly purpose: string | undefined;
}

/** Gathers the facts of a request and lets the evaluator decide on them. */
export class Decisions {
  constructor(
    private readonly audits: AuditFacts,
    private readonly clock: Clock,
    /** Is told of each decision. */
    private readonly decided: (outcome: Decision['outcome']) => void,
  ) {}

  async decide(request: DecisionRequest): Promise<Result<Decision, Problem>> {
    const policy = parsePolicy(request.policy);
    if (!policy.ok) return policy;
    const audit = await this.audits.newestFor(request.target);
    const credentials = request.credentials.flatMap(credentialFacts);
    const countries = credentials.flatMap(({ claims }) => (typeof claims.country === 'string' ? [claims.country] : []));
    const facts = {
      credentials,
      countries,
      ...(request.purpose === undefined ? {} : { purpose: request.purpose }),
      ...(audit === undefined ? {} : { audit }),
    };
    const { target, assignee } = request;
    const question = { policy: policy.value, target, assignee, facts, now: this.clock.now() };
    const decision = decideAny(question, request.action === undefined ? nodeActions : [request.action]);
    this.decided(decision.outcome);
    return ok(decision);
  }
}

/** The first action that is permitted; where none is, the one whose permissions were not met, or else the widest. */
function decideAny(question: Omit<EvaluationRequest, 'action'>, actions: readonly NodeAction[]): Decision {
  const decisions = actions.map((action) => evaluate({ ...question, action }));
  const concerns = ({ unmet }: Decision) => unmet.every(({ code }) => code !== 'policy.not-permitted');
  const decision = decisions.find(({ outcome }) => outcome === 'permit') ?? decisions.find(concerns) ?? decisions[0];
  if (!decision) throw new Error('no action is asked for');
  return decision;
}

/** One fact for each specific type of a credential. */
function credentialFacts(credential: VerifiedCredential): readonly CredentialFact[] {
  const { issuer, validFrom, validUntil, credentialSubject } = credential;
  const claims = credentialSubject[0] ?? {};
  return credential.type
    .filter((type) => type !== 'VerifiableCredential')
    .map((type) => ({
      type,
      issuer,
      claims,
      ...(validFrom === undefined ? {} : { validFrom }),
      ...(validUntil === undefined ? {} : { validUntil }),
    }));
}
