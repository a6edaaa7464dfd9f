import type { DataAddress } from '@hansa/dsp';
import { createGuardedClient } from '@hansa/platform';
import { afterAll, describe, expect, test } from '@jest/globals';
import { pullAddress, pushAddress, readSink, withoutSecrets } from './data-address.js';

const client = createGuardedClient();
afterAll(() => client.close());

const address = (properties: Record<string, string>, changes: Partial<DataAddress> = {}): DataAddress => ({
  endpointType: 'https://w3id.org/idsa/v4.1/HTTP',
  endpoint: 'https://sink.example/in',
  properties: Object.entries(properties).map(([name, value]) => ({ name, value })),
  ...changes,
});

describe('the address of a push', () => {
  test('without properties is a POST of CSV that nobody has to authorise', () => {
    expect(readSink(client, address({}))).toEqual({
      ok: true,
      value: { method: 'POST', url: 'https://sink.example/in', headers: {}, format: 'csv' },
    });
  });

  test.each([
    [{ authorization: 't' }, 't'],
    [{ authorization: 't', authType: 'bearer' }, 'Bearer t'],
    [{ authorization: 'Bearer t', authType: 'Bearer' }, 'Bearer t'],
    [{ authorization: 'dTpw', authType: 'basic' }, 'Basic dTpw'],
    [{ 'https://w3id.org/edc/v0.0.1/ns/authorization': 't' }, 't'],
  ])('with %p is authorised by %p', (properties, authorization) => {
    expect(readSink(client, address(properties))).toMatchObject({ value: { headers: { authorization } } });
  });

  test('may be in the words of another connector', () => {
    const other = address(
      { baseUrl: 'https://sink.example/b', method: 'put' },
      { endpointType: 'HttpData', endpoint: null },
    );
    expect(readSink(client, other)).toMatchObject({ value: { method: 'PUT', url: 'https://sink.example/b' } });
  });

  test('is read as it was written', () => {
    const wish = {
      endpoint: 'https://s.example/',
      authorization: 'a',
      authType: 'bearer',
      method: 'PUT',
      format: 'parquet',
    } as const;
    expect(readSink(client, pushAddress(wish))).toEqual({
      ok: true,
      value: { method: 'PUT', url: wish.endpoint, headers: { authorization: 'Bearer a' }, format: 'parquet' },
    });
  });
});

test('without secrets an address has neither properties nor a query', () => {
  expect(withoutSecrets(pullAddress('https://a.example/data/1?sig=x', 'token'))).toMatchObject({
    endpoint: 'https://a.example/data/1',
    properties: [],
  });
  expect(withoutSecrets(address({ a: 'b' }, { endpoint: 'no url, but sig=x' }))).toMatchObject({
    endpoint: null,
    properties: [],
  });
});
