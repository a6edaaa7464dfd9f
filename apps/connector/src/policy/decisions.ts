import type { VerifiedCredential } from '@hansa/dcp';
import type { Clock, Did, JsonObject, Problem, Result } from '@hansa/kernel';
import { ok } from '@hansa/kernel';
import { type CredentialFact, type Decision, evaluate, parsePolicy } from '@hansa/odrl';
import type { AuditFacts } from './audit-facts.js';

export interface DecisionRequest {
  /** The ODRL policy as it stands in our own store, never as a peer repeats it. */
  readonly policy: JsonObject;
  /** The action asked for. @default 'use' */
  readonly action?: string;
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
    const decision = evaluate({
      policy: policy.value,
      action: request.action ?? 'use',
      target: request.target,
      assignee: request.assignee,
      facts: {
        credentials,
        countries,
        ...(request.purpose === undefined ? {} : { purpose: request.purpose }),
        ...(audit === undefined ? {} : { audit }),
      },
      now: this.clock.now(),
    });
    this.decided(decision.outcome);
    return ok(decision);
  }
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
