import { assertNever } from '@hansa/kernel';
import { negotiationPaths, transferPaths } from '../paths.js';
import type { Role } from '../process/table.js';
import type { NegotiationMessage, TransferMessage } from './message.js';

/**
 * Where a message goes.
 *
 * @param receiver who gets it; the pid in the path is the receiver's.
 * @param base the provider's endpoint, or the consumer's callback address.
 * @example
 * messageUrl(completion, 'provider', 'https://a.example/dsp'); // 'https://a.example/dsp/transfers/urn:p/completion'
 */
export function messageUrl(message: NegotiationMessage | TransferMessage, receiver: Role, base: string): string {
  const pid = ownPidOf(message, receiver);
  switch (message.type) {
    case 'ContractRequestMessage':
      return pid ? negotiationPaths.counterRequest(base, pid) : negotiationPaths.request(base);
    case 'ContractOfferMessage':
      return pid ? negotiationPaths.counterOffer(base, pid) : negotiationPaths.offers(base);
    case 'ContractAgreementMessage':
      return negotiationPaths.agreement(base, pid);
    case 'ContractAgreementVerificationMessage':
      return negotiationPaths.verification(base, pid);
    case 'ContractNegotiationEventMessage':
      return negotiationPaths.events(base, pid);
    case 'ContractNegotiationTerminationMessage':
      return negotiationPaths.termination(base, pid);
    case 'TransferRequestMessage':
      return transferPaths.request(base);
    case 'TransferStartMessage':
      return transferPaths.start(base, pid);
    case 'TransferSuspensionMessage':
      return transferPaths.suspension(base, pid);
    case 'TransferCompletionMessage':
      return transferPaths.completion(base, pid);
    case 'TransferTerminationMessage':
      return transferPaths.termination(base, pid);
    default:
      return assertNever(message);
  }
}

/** Empty in an opening message: the receiver has not named the process yet. */
function ownPidOf(message: NegotiationMessage | TransferMessage, receiver: Role): string {
  if (receiver === 'consumer') return 'consumerPid' in message ? message.consumerPid : '';
  return 'providerPid' in message ? message.providerPid : '';
}
