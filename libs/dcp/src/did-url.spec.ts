import { type Did, must } from '@hansa/kernel';
import { expect, test } from '@jest/globals';
import { locateService, parseDidDocument, parseServiceUrl, serviceUrl } from './index.js';

const did: Did = 'did:web:b.example';
const documentWith = (serviceEndpoint: string) =>
  must(parseDidDocument({ id: did, service: [{ id: '#s', type: 'ShelfService', serviceEndpoint }] }, did));
const url = (...segments: readonly string[]) => {
  const parsed = parseServiceUrl(serviceUrl(did, 'ShelfService', segments));
  if (!parsed) throw new Error('it cannot be read again');
  return parsed;
};

test.each(['https://b.example/shelf', 'https://b.example/shelf/'])('a service URL leads below %s', (endpoint) => {
  const located = locateService(url('urn:uuid:1', 'books'), documentWith(endpoint));
  expect(located).toEqual({ ok: true, value: 'https://b.example/shelf/urn%3Auuid%3A1/books' });
});

test.each(['../../admin', 'https://evil.example/', '//evil.example', '?x#y', '%2e%2e', 'ä/ö'])(
  'the segment %j stays one segment below the endpoint',
  (segment) => {
    const located = must(locateService(url(segment, 'books'), documentWith('https://b.example/shelf')));
    expect(located).toBe(`https://b.example/shelf/${encodeURIComponent(segment)}/books`);
  },
);

test('what leads nowhere says so', () => {
  const other = must(parseDidDocument({ id: did }, did));
  expect(locateService(url('x'), other)).toMatchObject({ ok: false, problem: { kind: 'did-document.no-service' } });
  for (const dots of ['.', '..'])
    expect(locateService(url(dots, 'books'), documentWith('https://b.example/shelf'))).toMatchObject({
      problem: { kind: 'did-document.malformed' },
    });
  const broken = locateService(url('x'), documentWith('shelf'));
  expect(broken).toMatchObject({ ok: false, problem: { kind: 'did-document.malformed' } });
});

test.each([
  'https://b.example/',
  'did:web:b.example',
  'did:web:b.example?service=S',
  'did:web:b.example?relativeRef=x',
])('%s is no service URL', (text) => expect(parseServiceUrl(text)).toBeNull());
