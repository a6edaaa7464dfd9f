import type { JsonObject } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { dataAddressOf, dataAddressWire, edcNamespace as edc } from './data-address.js';

const http = 'https://w3id.org/idsa/v4.1/HTTP';
const property = (name: string, value: string): JsonObject => ({ '@type': 'EndpointProperty', name, value });

describe('a data address', () => {
  test('of Eclipse EDC has its endpoint among the properties, under a name of its own', () => {
    const endpoint = 'https://provider.example/public';
    const endpointProperties = [property(`${edc}endpoint`, endpoint), property(`${edc}authorization`, 'secret')];
    const dataAddress = { '@type': 'DataAddress', endpointType: http, endpointProperties };
    expect(dataAddressOf({ dataAddress })).toEqual({
      endpointType: http,
      endpoint,
      properties: [
        { name: `${edc}endpoint`, value: endpoint },
        { name: `${edc}authorization`, value: 'secret' },
      ],
    });
  });

  test('is read back as it was written', () => {
    const endpoint = 'https://provider.example/data/1';
    const ours = { endpointType: http, endpoint, properties: [{ name: 'authorization', value: 'secret' }] };
    const dataAddress = dataAddressWire(ours);
    const endpointProperties = [property('authorization', 'secret')];
    expect(dataAddress).toEqual({ '@type': 'DataAddress', endpointType: http, endpoint, endpointProperties });
    expect(dataAddressOf({ dataAddress })).toEqual(ours);
  });

  test('keeps the endpoint that DSP names when another one stands among the properties', () => {
    const endpointProperties = [property(`${edc}endpoint`, 'https://other.example')];
    const endpoint = 'https://provider.example';
    const dataAddress = { '@type': 'DataAddress', endpointType: http, endpoint, endpointProperties };
    expect(dataAddressOf({ dataAddress })).toMatchObject({ endpoint });
  });

  test('may be missing', () => {
    expect(dataAddressOf({})).toBeNull();
  });
});
