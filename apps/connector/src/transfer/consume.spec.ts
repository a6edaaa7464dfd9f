import { type ConsumerPid, edcNamespace, type ProviderPid, type Transfer } from '@hansa/dsp';
import { describe, expect, test } from '@jest/globals';
import { consumerAddress } from './consume.js';

const endpoint = 'https://provider.example/data/1';

function started(...properties: readonly { readonly name: string; readonly value: string }[]): Transfer {
  const pids = { consumerPid: 'c' as ConsumerPid, providerPid: 'p' as ProviderPid };
  const asked = { agreementId: 'a', format: 'HttpData-PULL', destination: null };
  const dataAddress = { endpointType: 'https://w3id.org/idsa/v4.1/HTTP', endpoint, properties };
  return { role: 'consumer', state: 'STARTED', ...pids, ...asked, pending: null, dataAddress };
}

describe('the address that a consumer pulls from', () => {
  test('is opened by a bearer token', () => {
    const transfer = started({ name: 'authType', value: 'bearer' }, { name: 'authorization', value: 'secret' });
    expect(consumerAddress(transfer)).toEqual({ endpoint, authorization: 'Bearer secret' });
  });

  test('is opened by the token itself where it is one of Eclipse EDC', () => {
    const transfer = started({ name: `${edcNamespace}authorization`, value: 'secret' });
    expect(consumerAddress(transfer)).toEqual({ endpoint, authorization: 'secret' });
  });

  test('is none without a token, before the start, and for the provider', () => {
    const transfer = started({ name: 'authorization', value: 'secret' });
    expect(consumerAddress(started())).toBeNull();
    expect(consumerAddress({ ...transfer, role: 'provider' } as Transfer)).toBeNull();
    expect(consumerAddress({ ...transfer, state: 'REQUESTED' } as Transfer)).toBeNull();
  });
});
