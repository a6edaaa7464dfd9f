import type { Did, JsonObject, Problem, Result } from '@hansa/kernel';
import type { Decision, NodeAction } from '@hansa/odrl';
import type { Trust } from '../identity/index.js';
import type { Decisions } from './decisions.js';

/** An agreement as far as its use is concerned. */
export interface AgreementInUse {
  readonly policy: JsonObject;
  readonly datasetId: string;
  readonly counterparty: Did;
  readonly purpose: string | null;
  /** The consumer's credentials in JWT form. */
  readonly credentials: readonly string[];
}

/** Judges a use under an agreement that is in force: the credentials are still good, and the policy permits now. */
export class UseCheck {
  constructor(
    private readonly trust: Trust,
    private readonly decisions: Decisions,
  ) {}

  /** @param action what is asked for; without it anything that the agreement may be about. */
  async decide(agreement: AgreementInUse, action?: NodeAction): Promise<Result<Decision, Problem>> {
    const { policy, datasetId: target, counterparty: assignee, purpose } = agreement;
    const credentials = await this.trust.verifyStored(assignee, agreement.credentials);
    // What is no longer valid is as if it had not been presented: the policy then says what is missing.
    const valid = credentials.ok ? credentials.value : [];
    const asked = { policy, target, assignee, credentials: valid, purpose: purpose ?? undefined };
    return this.decisions.decide(action === undefined ? asked : { ...asked, action });
  }
}
