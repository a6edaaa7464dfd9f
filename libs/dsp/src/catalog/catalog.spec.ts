import { type JsonObject, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import type { Offer } from '../message/policy.js';
import { validate } from '../schema/validate.js';
import { catalog, dataset } from './catalog.js';
import { parseCatalog, parseDataset } from './parse-catalog.js';

const endpoint = 'https://a.example/dsp';
const offer: Offer = { '@id': 'urn:o', '@type': 'Offer', permission: [{ action: 'use' }] };
const stops = {
  id: 'urn:d:stops',
  title: 'Stops',
  description: 'All stops',
  offers: [{ ...offer, target: 'urn:d:stops' }],
  formats: ['HttpData-PULL'],
  properties: { 'dct:license': 'https://x.example/licence' },
};
const whole = catalog({ id: 'urn:cat', participantId: 'did:web:a.example', endpoint, datasets: [stops] });
const listed = {
  id: 'urn:d:stops',
  title: 'Stops',
  description: 'All stops',
  offers: [offer],
  distributions: [{ format: 'HttpData-PULL', endpoint }],
};

describe('a catalogue', () => {
  test('is schema-valid, and its offers have no target', () => {
    expect(must(validate('Catalog', whole))).toBe(whole);
    expect(must(parseCatalog(whole))).toMatchObject({
      id: 'urn:cat',
      participantId: 'did:web:a.example',
      datasets: [listed],
      broken: [],
    });
  });

  test('leaves the list of datasets out when there are none', () => {
    const empty = catalog({ id: 'urn:cat', participantId: 'did:web:a.example', endpoint, datasets: [] });
    expect(must(validate('Catalog', empty))).not.toHaveProperty('dataset');
    expect(must(parseCatalog(empty)).datasets).toEqual([]);
  });

  test('shows one dataset alone', () => {
    const alone = dataset({ ...stops, endpoint });
    expect(must(validate('Dataset', alone))).toBe(alone);
    expect(must(parseDataset(alone))).toMatchObject({ ...listed, properties: stops.properties });
  });

  test('cannot show a dataset without offers', () => {
    expect(() => dataset({ ...stops, endpoint, offers: [] })).toThrow(RangeError);
  });
});

describe('somebody else’s catalogue', () => {
  const good = (whole.dataset as readonly JsonObject[])[0] ?? {};
  const { distribution: _, ...undistributed } = good;

  test('lists what is good and says what is broken', () => {
    const parsed = must(parseCatalog({ ...whole, dataset: [undistributed, good, 'text'], extra: { any: 'thing' } }));
    expect(parsed.datasets).toMatchObject([listed]);
    expect(parsed.broken).toMatchObject([
      { id: 'urn:d:stops', at: '/dataset/0', detail: expect.stringContaining('"distribution"') },
      { id: null, at: '/dataset/2' },
    ]);
  });

  test('may name its services instead of repeating them, and write texts the JSON-LD way', () => {
    const body = {
      '@type': ['dcat:Catalog'],
      service: { '@id': 'urn:s', '@type': 'DataService', endpointURL: endpoint },
      dataset: {
        '@id': 'urn:d',
        'dct:title': [{ '@value': 'Haltestellen', '@language': 'de' }],
        'edc:name': 'stops',
        hasPolicy: [{ '@id': 'urn:o', permission: [{ action: 'use' }] }],
        distribution: [
          { format: 'a', accessService: 'urn:s' },
          { format: 'b', accessService: 'urn:unknown' },
        ],
      },
    };
    const [first] = must(parseCatalog(body)).datasets;
    expect(first).toMatchObject({ title: 'Haltestellen', description: null, offers: [offer] });
    expect(first?.distributions.map((distribution) => distribution.endpoint)).toEqual([endpoint, null]);
  });

  test.each([null, 'text', {}, { '@type': 'CatalogError' }])('is a problem when it is none: %j', (body) => {
    expect(parseCatalog(body)).toMatchObject({ problem: { kind: 'dsp.unexpected-type' } });
  });
});
