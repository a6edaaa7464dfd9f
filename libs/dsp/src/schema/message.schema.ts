import { negotiationStates, transferStates } from '../vocabulary.js';
import { constant, exactlyOne, limits, listOf, messageOf, objectOf, oneOfTexts, type Schema, text } from './shape.js';

/** The messages of DSP 2025-1: catalog, negotiation, transfer, and the version document. */
const pids = { providerPid: text, consumerPid: text };
const bothPids = ['providerPid', 'consumerPid'];
const reason = listOf(true, 'at-least-one', limits.reasons);

function betweenPids(
  type: string,
  properties: { readonly [name: string]: Schema } = {},
  required: readonly string[] = [],
): Schema {
  return messageOf(type, { ...pids, ...properties }, [...bothPids, ...required]);
}

function withReason(type: string): Schema {
  return betweenPids(type, { code: text, reason });
}

const dataAddress = objectOf(
  {
    '@type': constant('DataAddress'),
    endpointType: text,
    endpoint: text,
    endpointProperties: listOf(
      objectOf({ '@type': constant('EndpointProperty'), name: text, value: text }, ['@type', 'name', 'value']),
      'at-least-one',
    ),
  },
  ['@type', 'endpointType'],
);

const negotiationSchemas = {
  ContractRequestMessage: {
    allOf: [
      messageOf('ContractRequestMessage', { ...pids, offer: { $ref: '#/$defs/messageOffer' }, callbackAddress: text }, [
        'consumerPid',
        'offer',
      ]),
      exactlyOne('callbackAddress', 'providerPid'),
    ],
  },
  ContractOfferMessage: {
    allOf: [
      messageOf(
        'ContractOfferMessage',
        {
          ...pids,
          offer: { allOf: [{ $ref: '#/$defs/messageOffer' }, { required: ['target'] }] },
          callbackAddress: text,
        },
        ['providerPid', 'offer'],
      ),
      exactlyOne('callbackAddress', 'consumerPid'),
    ],
  },
  ContractAgreementMessage: betweenPids('ContractAgreementMessage', { agreement: { $ref: '#/$defs/agreement' } }, [
    'agreement',
  ]),
  ContractAgreementVerificationMessage: betweenPids('ContractAgreementVerificationMessage'),
  ContractNegotiationEventMessage: betweenPids(
    'ContractNegotiationEventMessage',
    { eventType: oneOfTexts('ACCEPTED', 'FINALIZED') },
    ['eventType'],
  ),
  ContractNegotiationTerminationMessage: withReason('ContractNegotiationTerminationMessage'),
  ContractNegotiation: betweenPids('ContractNegotiation', { state: oneOfTexts(...negotiationStates) }, ['state']),
  ContractNegotiationError: withReason('ContractNegotiationError'),
} as const;

const transferSchemas = {
  TransferRequestMessage: messageOf(
    'TransferRequestMessage',
    { consumerPid: text, agreementId: text, format: text, callbackAddress: text, dataAddress },
    ['consumerPid', 'agreementId', 'format', 'callbackAddress'],
  ),
  TransferStartMessage: betweenPids('TransferStartMessage', { dataAddress }),
  TransferSuspensionMessage: withReason('TransferSuspensionMessage'),
  TransferCompletionMessage: betweenPids('TransferCompletionMessage'),
  TransferTerminationMessage: withReason('TransferTerminationMessage'),
  TransferProcess: betweenPids('TransferProcess', { state: oneOfTexts(...transferStates) }, ['state']),
  TransferError: withReason('TransferError'),
} as const;

const version = objectOf(
  {
    version: text,
    path: text,
    binding: constant('HTTPS'),
    serviceId: text,
    identifierType: text,
    auth: objectOf({ protocol: text, version: text, profile: listOf(text, 'maybe-empty') }, ['protocol', 'version']),
  },
  ['version', 'path', 'binding'],
);

export const messageSchemas = {
  ...negotiationSchemas,
  ...transferSchemas,
  CatalogRequestMessage: messageOf('CatalogRequestMessage', { filter: listOf(true, 'maybe-empty') }),
  DatasetRequestMessage: messageOf('DatasetRequestMessage', { dataset: text }, ['dataset']),
  CatalogError: messageOf('CatalogError', { code: text, reason: listOf(true, 'maybe-empty', limits.reasons) }),
  VersionDocument: objectOf({ protocolVersions: listOf(version, 'at-least-one') }, ['protocolVersions']),
} as const;
