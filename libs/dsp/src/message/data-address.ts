import { isJsonObject, type JsonObject } from '@hansa/kernel';
import type { DataAddress } from './message.js';
import { jsonList, optionalObject, optionalText, text } from './wire.js';

/** Eclipse EDC names endpoint properties by IRIs of its own; the endpoint itself it reads and writes as one of them. */
export const edcNamespace = 'https://w3id.org/edc/v0.0.1/ns/';
const edcEndpoint = `${edcNamespace}endpoint`;

/** The data address of a schema-valid message; an endpoint that stands among the properties, as EDC has it, is found. */
export function dataAddressOf(wire: JsonObject): DataAddress | null {
  const address = optionalObject(wire, 'dataAddress');
  if (address === null) return null;
  const properties = jsonList(address, 'endpointProperties')
    .filter(isJsonObject)
    .map((property) => ({ name: text(property, 'name'), value: text(property, 'value') }));
  const endpoint = optionalText(address, 'endpoint') ?? properties.find(({ name }) => name === edcEndpoint)?.value;
  return { endpointType: text(address, 'endpointType'), endpoint: endpoint ?? null, properties };
}

/** The wire form, without what would be empty. */
export function dataAddressWire({ endpointType, endpoint, properties }: DataAddress): JsonObject {
  const endpointProperties = properties.map((property) => ({ '@type': 'EndpointProperty', ...property }));
  return {
    '@type': 'DataAddress',
    endpointType,
    ...(endpoint === null ? {} : { endpoint }),
    ...(endpointProperties.length === 0 ? {} : { endpointProperties }),
  };
}
