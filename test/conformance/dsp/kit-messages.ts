import { randomUUID } from 'node:crypto';

/** What a process is about, as its scenario says. */
export interface Subject {
  readonly datasetId: string;
  readonly offerId: string;
  readonly agreementId: string;
  readonly format: string;
  /** The participant that is tested. */
  readonly tested: string;
  /** Where the kit is. */
  readonly address: string;
}

/** The pids as far as they are known. */
export interface KnownPids {
  readonly consumerPid?: string;
  readonly providerPid?: string;
}

const kit = 'TCK_PARTICIPANT';
const permission = [{ action: 'use' }];
/** The kit counters with this offer, whatever the dataset. */
const counterOfferId = 'CD123:ACN0102:456';

/** A message as the kit writes it: without our codec, so that a slip in the codec cannot hide. */
export function kitMessage(what: string, subject: Subject, pids: KnownPids): object {
  const { datasetId: target, offerId, agreementId, format, tested, address: callbackAddress } = subject;
  const [type = what, detail] = what.split(' ');
  const frame = { '@context': ['https://w3id.org/dspace/2025/1/context.jsonld'], '@id': randomUUID(), '@type': type };
  const message = { ...frame, ...pids };
  const parties = { target, assigner: kit, assignee: tested };
  switch (type) {
    case 'ContractRequestMessage':
      return detail === 'counter'
        ? { ...message, offer: { '@type': 'Offer', '@id': counterOfferId, ...parties, permission } }
        : { ...message, callbackAddress, offer: { '@type': 'Offer', '@id': offerId, target, permission } };
    case 'ContractOfferMessage':
      return { ...message, offer: { '@type': 'Offer', '@id': offerId, ...parties, permission } };
    case 'ContractAgreementMessage': {
      const timestamp = new Date().toISOString();
      const agreement = { '@type': 'Agreement', '@id': randomUUID(), timestamp, ...parties, permission };
      return { ...message, callbackAddress, agreement };
    }
    case 'ContractNegotiationEventMessage':
      return { ...message, eventType: detail };
    case 'TransferRequestMessage':
      return { ...message, agreementId, format, callbackAddress };
    case 'TransferStartMessage': {
      const endpointType = 'https://w3id.org/idsa/v4.1/HTTP';
      return { ...message, dataAddress: { '@type': 'DataAddress', endpoint: 'http://example.com', endpointType } };
    }
    case 'ContractNegotiationTerminationMessage':
    case 'TransferTerminationMessage':
    case 'TransferSuspensionMessage':
      return { ...message, code: '1' };
    default:
      return message;
  }
}
