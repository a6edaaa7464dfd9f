import { isJsonObject, type Json } from '@hansa/kernel';

/** Values that a member may be replaced with: every JSON type, empty and filled, and words of the vocabulary. */
const replacements: readonly Json[] = [
  null,
  true,
  5,
  '',
  'x',
  'Offer',
  [],
  ['x'],
  [5],
  [{}],
  {},
  { '@id': 'x' },
  { '@id': 'x', '@type': 'DataService', endpointURL: 'https://x.example' },
  { leftOperand: 'a', operator: 'eq', rightOperand: 'b' },
];

/** Members that an object may gain: free ones, and those that an alternative or a prohibition hangs on. */
const additions: readonly (readonly [string, Json])[] = [
  ['anything', { deep: [1] }],
  ['@id', 'urn:uuid:0'],
  ['@id', 5],
  ['@type', 'Other'],
  ['target', 'urn:x'],
  ['callbackAddress', 'https://x.example'],
  ['consumerPid', 'urn:c'],
  ['providerPid', 'urn:p'],
  ['hasPolicy', [{ '@id': 'urn:o', permission: [{ action: 'use' }] }]],
  ['hasPolicy', [{ '@id': 'urn:o', obligation: [{ action: 'use' }] }]],
  ['and', []],
  ['or', [{ leftOperand: 'a', operator: 'eq', rightOperand: 'b' }]],
  ['xone', 'x'],
  ['leftOperand', 'a'],
  ['rightOperand', 5],
  ['constraint', []],
  ['constraint', [{}]],
  ['profile', 'urn:p'],
  ['profile', ['urn:p', 5]],
  ['prohibition', [{ action: 'use' }]],
  ['permission', []],
  ['obligation', [{}]],
  ['servesDataset', []],
  ['dataset', []],
  ['catalog', [{ '@id': 'x', '@type': 'Catalog', hasPolicy: [] }]],
  ['service', [{ '@id': 'x', '@type': 'DataService', endpointURL: 'u' }]],
  ['distribution', [{ format: 'f', accessService: 's' }]],
  ['timestamp', '2026-01-01T00:00:00'],
  ['timestamp', 'x2026-12-31T24:00:00Zx'],
  ['timestamp', '2026-13-01T00:00:00Z'],
  ['reason', []],
  ['reason', [null, 1, {}]],
  ['code', 5],
  ['dataAddress', { '@type': 'DataAddress', endpointType: 't' }],
  ['auth', { protocol: 'DCP', version: '1.0' }],
];

const contexts: readonly Json[] = [
  'https://w3id.org/dspace/2025/1/context.jsonld',
  [],
  ['https://example.org/other'],
  ['https://example.org/other', 'https://w3id.org/dspace/2025/1/context.jsonld'],
  ['https://w3id.org/dspace/2025/1/context.jsonld', { own: 'https://example.org/#' }],
];

/** Every document that differs from `document` in one place: a member dropped, replaced, retyped, emptied or added. */
export function* mutationsOf(document: Json): Generator<Json> {
  yield* replacements;
  if (Array.isArray(document)) {
    yield [...document, ...document];
    yield [...document, null];
    for (const [index, item] of document.entries())
      for (const mutant of mutationsOf(item)) yield document.with(index, mutant);
  } else if (isJsonObject(document)) {
    for (const [name, value] of additions) yield { ...document, [name]: value };
    for (const [name, value] of Object.entries(document)) {
      const { [name]: _, ...rest } = document;
      yield rest;
      yield { ...document, [name]: [value] };
      for (const mutant of name === '@context' ? [...contexts, ...replacements] : mutationsOf(value))
        yield { ...document, [name]: mutant };
    }
  }
}
