import { constant, context, listOf, objectOf, type Schema, text } from './shape.js';

/** The DCAT shapes of DSP 2025-1 (catalog and dataset schemas). */
const offers = listOf({ $ref: '#/$defs/offer' }, 'at-least-one');
const distributions = listOf({ $ref: '#/$defs/distribution' }, 'at-least-one');
const datasets = listOf({ $ref: '#/$defs/dataset' }, 'at-least-one');

export const catalogDefinitions = {
  dataService: objectOf({ '@id': text, '@type': constant('DataService'), endpointURL: text, servesDataset: datasets }, [
    '@id',
    '@type',
    'endpointURL',
  ]),
  distribution: objectOf(
    { hasPolicy: offers, format: text, accessService: { anyOf: [text, { $ref: '#/$defs/dataService' }] } },
    ['format', 'accessService'],
  ),
  dataset: objectOf({ '@id': text, hasPolicy: offers, distribution: distributions }, [
    '@id',
    'hasPolicy',
    'distribution',
  ]),
  catalog: {
    ...objectOf(
      {
        '@id': text,
        '@type': constant('Catalog'),
        distribution: distributions,
        dataset: datasets,
        catalog: listOf({ $ref: '#/$defs/catalog' }, 'at-least-one'),
        service: listOf({ $ref: '#/$defs/dataService' }, 'at-least-one'),
      },
      ['@id', '@type'],
    ),
    // A catalog is a dataset without offers of its own.
    not: { required: ['hasPolicy'] },
  },
} as const;

function atRoot(definition: string, properties: { readonly [name: string]: Schema }): Schema {
  const own = objectOf({ '@context': context, ...properties }, ['@context', ...Object.keys(properties)]);
  return { allOf: [{ $ref: `#/$defs/${definition}` }, own] };
}

export const catalogSchemas = {
  Catalog: atRoot('catalog', { participantId: text }),
  Dataset: atRoot('dataset', {}),
} as const;
