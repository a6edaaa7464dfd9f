import {
  type ConsumerPid,
  evolveTransfer,
  type ProviderPid,
  type StartedTransfer,
  type TransferStep,
} from '@hansa/dsp';
import { describe, expect, test } from '@jest/globals';
import { startAgain } from './start-again.js';

const pids = { consumerPid: 'c' as ConsumerPid, providerPid: 'p' as ProviderPid };
const addressAt = (endpoint: string) => ({ endpointType: 'https://w3id.org/idsa/v4.1/HTTP', endpoint, properties: [] });
const transfer: StartedTransfer = {
  role: 'consumer',
  state: 'STARTED',
  ...pids,
  agreementId: 'a',
  format: 'HttpData-PULL',
  destination: null,
  pending: null,
  dataAddress: addressAt('https://provider.example/old'),
};
const start = {
  type: 'TransferStartMessage',
  ...pids,
  dataAddress: addressAt('https://provider.example/new'),
} as const;

describe('a provider that starts a started transfer once more', () => {
  test('gives another data address, which holds from then on', () => {
    const events = startAgain(transfer, start);
    const after = events?.ok
      ? events.value.reduce(evolveTransfer, transfer as Parameters<typeof evolveTransfer>[0])
      : null;
    expect(after).toEqual({ ...transfer, dataAddress: start.dataAddress });
  });

  test.each<[string, object, object]>([
    ['without an address', {}, { dataAddress: null }],
    ['in another process', {}, { providerPid: 'q' }],
    ['to its own side', { role: 'provider' }, {}],
    ['in another state', { state: 'SUSPENDED' }, {}],
    ['with another message', {}, { type: 'TransferCompletionMessage' }],
    ['while a message of ours is on its way', { pending: { id: 'i', message: start } }, {}],
  ])('does not %s', (_, of, said) => {
    expect(startAgain({ ...transfer, ...of } as StartedTransfer, { ...start, ...said } as TransferStep)).toBeNull();
  });
});
