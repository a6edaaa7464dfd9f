import type { Negotiation, NegotiationEvent, NegotiationStep } from '@hansa/dsp';
import { ok, type Result } from '@hansa/kernel';
import { parsePolicy, sameTerms } from '@hansa/odrl';

/**
 * A provider that agrees once more, under another identifier, to the same terms while our verification is on its way:
 * the newer agreement holds. Eclipse EDC (0.15) does so when our verification reaches it before it has noted that its
 * agreement was acknowledged; refused, it would terminate.
 *
 * @returns the events to go on by, or null when the message is something else.
 */
export function agreementAgain(
  negotiation: Negotiation,
  message: NegotiationStep,
): Result<readonly NegotiationEvent[], never> | null {
  const { role, state, pending } = negotiation;
  if (role !== 'consumer' || state !== 'AGREED' || message.type !== 'ContractAgreementMessage') return null;
  if (message.providerPid !== negotiation.providerPid || message.consumerPid !== negotiation.consumerPid) return null;
  if (pending?.message.type !== 'ContractAgreementVerificationMessage') return null;
  const [before, now] = [negotiation.agreement, message.agreement];
  const same = (['assigner', 'assignee', 'target'] as const).every((name) => before[name] === now[name]);
  const [agreed, again] = [parsePolicy(before), parsePolicy(now)];
  if (!same || !agreed.ok || !again.ok || !sameTerms(agreed.value, again.value)) return null;
  return ok([{ kind: 'received', message, to: 'AGREED' }]);
}
