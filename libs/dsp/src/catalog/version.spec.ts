import { must } from '@hansa/kernel';
import { expect, test } from '@jest/globals';
import { validate } from '../schema/validate.js';
import { baseOf, didService, versionDocument } from './version.js';

const document = versionDocument({ path: '/dsp/2025-1', serviceId: 'a' });

test('the version document is schema-valid and leads to the endpoints', () => {
  expect(must(validate('VersionDocument', document))).toBe(document);
  expect(must(baseOf('https://a.example/', document))).toBe('https://a.example/dsp/2025-1');
  expect(document).toMatchObject({ protocolVersions: [{ auth: { protocol: 'DCP', profile: ['vc20-bssl/jwt'] } }] });
});

test('a version that we cannot authorise at is passed over', () => {
  const version = { version: '2025-1', path: '/x/', binding: 'HTTPS' };
  const oauth = { ...version, path: '/o', auth: { protocol: 'OAuth', version: '2' } };
  expect(must(baseOf('https://a.example', { protocolVersions: [oauth, version] }))).toBe('https://a.example/x');
  expect(baseOf('https://a.example', { protocolVersions: [oauth, { ...version, version: '0.8' }] })).toMatchObject({
    problem: { kind: 'dsp.no-common-version', detail: expect.stringContaining('0.8') },
  });
  expect(baseOf('https://a.example', {})).toMatchObject({ problem: { kind: 'dsp.schema' } });
});

test('a DID document points to the version document', () => {
  const service = didService({ id: 'did:web:a.example#dsp', root: 'https://a.example/' });
  expect(service).toMatchObject({
    type: 'DataService',
    serviceEndpoint: 'https://a.example/.well-known/dspace-version',
  });
});
