import type { JsonObject } from '@hansa/kernel';
import type { Offer } from '../message/policy.js';
import { dspContext } from '../vocabulary.js';

/** A dataset as we describe it to others. */
export interface DatasetDescription {
  readonly id: string;
  readonly title?: string;
  readonly description?: string;
  /** At least one; a target is taken away, since inside a dataset the dataset is the target. */
  readonly offers: readonly Offer[];
  /** Distribution formats, at least one, for instance `HttpData-PULL`. */
  readonly formats: readonly string[];
  /** The base URL of the negotiation and transfer endpoints. */
  readonly endpoint: string;
  /** Further metadata; terms must have a prefix of the DSP context (`dct:`, `dcat:`) or be absolute IRIs. */
  readonly properties?: JsonObject;
}

export interface CatalogDescription {
  readonly id: string;
  /** The provider's identifier, a DID. */
  readonly participantId: string;
  readonly endpoint: string;
  readonly datasets: readonly Omit<DatasetDescription, 'endpoint'>[];
}

/**
 * A DCAT catalogue, schema-valid by construction: arrays that would be empty are left out.
 *
 * @example
 * catalog({ id: 'urn:uuid:…', participantId: 'did:web:a.example', endpoint: 'https://a.example/dsp', datasets: [] });
 */
export function catalog({ id, participantId, endpoint, datasets }: CatalogDescription): JsonObject {
  const listed = datasets.map((described) => datasetPart({ ...described, endpoint }));
  return {
    '@context': [dspContext],
    '@id': id,
    '@type': 'Catalog',
    participantId,
    service: [dataService(endpoint)],
    ...(listed.length === 0 ? {} : { dataset: listed }),
  };
}

/**
 * A single dataset, as the answer to a dataset request.
 *
 * @throws RangeError without an offer or a format: such a dataset cannot be shown to anybody.
 */
export function dataset(description: DatasetDescription): JsonObject {
  return { '@context': [dspContext], ...datasetPart(description) };
}

function datasetPart(described: DatasetDescription): JsonObject {
  const { id, title, description, offers, formats, endpoint, properties } = described;
  if (offers.length === 0 || formats.length === 0)
    throw new RangeError(`dataset ${id} needs at least one offer and one format`);
  return {
    ...properties,
    '@id': id,
    '@type': 'Dataset',
    ...(title === undefined ? {} : { 'dct:title': title }),
    ...(description === undefined ? {} : { 'dct:description': description }),
    hasPolicy: offers.map(({ target: _, ...offer }) => ({ ...offer, '@type': 'Offer' })),
    distribution: formats.map((format) => ({
      '@type': 'Distribution',
      format,
      accessService: dataService(endpoint),
    })),
  };
}

/** The endpoint's URL is also the service's identifier: it is unique and it is an IRI. */
function dataService(endpoint: string): JsonObject {
  return { '@id': endpoint, '@type': 'DataService', endpointURL: endpoint };
}
