import { expect, test } from '@jest/globals';
import { catalogPaths, negotiationPaths, transferPaths } from '../paths.js';
import { messageUrl } from './address.js';
import type { Message, NegotiationMessage, TransferMessage } from './message.js';

// The endpoint tables of the specification's HTTPS bindings.
const rows: readonly (readonly [type: Message['type'], receiver: 'consumer' | 'provider', path: string])[] = [
  ['ContractRequestMessage', 'provider', 'negotiations/urn:p/request'],
  ['ContractOfferMessage', 'consumer', 'negotiations/urn:c/offers'],
  ['ContractAgreementMessage', 'consumer', 'negotiations/urn:c/agreement'],
  ['ContractAgreementVerificationMessage', 'provider', 'negotiations/urn:p/agreement/verification'],
  ['ContractNegotiationEventMessage', 'provider', 'negotiations/urn:p/events'],
  ['ContractNegotiationEventMessage', 'consumer', 'negotiations/urn:c/events'],
  ['ContractNegotiationTerminationMessage', 'consumer', 'negotiations/urn:c/termination'],
  ['TransferStartMessage', 'consumer', 'transfers/urn:c/start'],
  ['TransferSuspensionMessage', 'provider', 'transfers/urn:p/suspension'],
  ['TransferCompletionMessage', 'consumer', 'transfers/urn:c/completion'],
  ['TransferTerminationMessage', 'provider', 'transfers/urn:p/termination'],
];

test.each(rows)('a %s for the %s goes to %s', (type, receiver, path) => {
  const message = { type, consumerPid: 'urn:c', providerPid: 'urn:p' } as unknown as NegotiationMessage;
  expect(messageUrl(message, receiver, 'https://x.example/dsp/')).toBe(`https://x.example/dsp/${path}`);
});

test('opening messages go where nobody knows the process yet', () => {
  const url = (message: object, receiver: 'consumer' | 'provider'): string =>
    messageUrl(message as TransferMessage, receiver, 'https://x.example');
  const consumer = { consumerPid: 'urn:c' };
  expect(url({ type: 'ContractRequestMessage', ...consumer }, 'provider')).toBe(
    'https://x.example/negotiations/request',
  );
  expect(url({ type: 'TransferRequestMessage', ...consumer }, 'provider')).toBe('https://x.example/transfers/request');
  expect(url({ type: 'ContractOfferMessage', providerPid: 'urn:p' }, 'consumer')).toBe(
    'https://x.example/negotiations/offers',
  );
});

test('identifiers cannot leave their path segment', () => {
  expect(catalogPaths.dataset('https://x.example/', '../a?b#c')).toBe(
    'https://x.example/catalog/datasets/..%2Fa%3Fb%23c',
  );
  expect(negotiationPaths.negotiation('https://x.example', 'urn:uuid:1')).toBe(
    'https://x.example/negotiations/urn:uuid:1',
  );
  expect(transferPaths.transfer('https://x.example', 'a/b')).toBe('https://x.example/transfers/a%2Fb');
  expect(catalogPaths.request('https://x.example//')).toBe('https://x.example/catalog/request');
});
