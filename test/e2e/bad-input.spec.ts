import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { must } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Dataset, Offer } from '../../apps/cli/src/api.js';
import { path } from '../../apps/cli/src/client.js';
import { publish } from './support/dataspace.js';
import { NodeProcess, startNode } from './support/node-process.js';
import { Canary, send, sendBytes } from './support/raw.js';
import { deep, privateAddresses, Refusals } from './support/refusals.js';
import { bikeCounts } from './support/tables.js';

const terms = { name: 'purpose-bound', parameters: { purpose: 'dpv:PublicBenefit' } } as const;
const json = { 'content-type': 'application/json' };

let berlin: NodeProcess;
let canary: Canary;
let refusals: Refusals;
let datasetId: string;
let offerId: string;

beforeAll(async () => {
  berlin = await startNode({ city: 'berlin' });
  canary = await Canary.open();
  const table = await bikeCounts(berlin.directory);
  const { dataset, offer } = await publish(berlin, { title: 'Bicycle counts', path: table.path }, terms);
  [datasetId, offerId] = [dataset.id, offer.id];
  refusals = new Refusals(berlin);
}, 120_000);
afterAll(() => canary?.close());

const manage = (method: string, where: string, body?: unknown, headers: Record<string, string> = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return send(method, `${berlin.url}/management/v1${where}`, {
    headers: { authorization: `Bearer ${berlin.token}`, ...(body === undefined ? {} : json), ...headers },
    ...(body === undefined ? {} : { body: text }),
  });
};
const contract = { counterparty: 'did:web:nobody.example', datasetId: 'urn:x:none' };
const file = (name: string) => join(berlin.directory, name);
const dataset = (source: object) => ({ title: 'Bad', source });
const fromFile = (where: string, format?: string) =>
  dataset({ kind: 'file', path: where, ...(format ? { format } : {}) });

describe('the management interface', () => {
  /** What, method, path, body, status, kind, further headers. */
  type Case = readonly [string, string, string, unknown, number, RegExp, Record<string, string>?];
  const cases: readonly Case[] = [
    ['malformed JSON', 'POST', '/datasets', '{"title":', 400, /json\.malformed/],
    ['an empty body', 'POST', '/datasets', '', 400, /request\.invalid/],
    ['a body that is no object', 'POST', '/datasets', '[]', 400, /request\.invalid/],
    ['a depth bomb', 'POST', '/datasets', deep(200_000), 400, /json\.too-deep/],
    [
      'a depth bomb inside a policy',
      'POST',
      '/offers',
      `{"datasetId":"x","policy":{"a":${deep(500)}}}`,
      400,
      /json\.too-deep/,
    ],
    ['a poisoned prototype', 'POST', '/datasets', '{"__proto__":{"admin":true}}', 400, /json\.forbidden-key/],
    ['a poisoned constructor', 'POST', '/offers', '{"constructor":{"prototype":{}}}', 400, /json\.forbidden-key/],
    [
      'another media type',
      'POST',
      '/datasets',
      'title: x',
      415,
      /unsupported-media-type/,
      { 'content-type': 'application/yaml' },
    ],
    ['plain text', 'POST', '/datasets', '{}', 415, /unsupported-media-type/, { 'content-type': 'text/plain' }],
    ['a body too large', 'POST', '/datasets', JSON.stringify({ title: 'x'.repeat(2 << 20) }), 413, /too-large/],
    ['an unknown member', 'POST', '/datasets', { ...fromFile('x.csv'), owner: 'me' }, 400, /request\.invalid/],
    ['no token', 'GET', '/datasets', undefined, 401, /access\.unauthorized/, { authorization: '' }],
    ['a wrong token', 'GET', '/datasets', undefined, 401, /access\.unauthorized/, { authorization: 'Bearer wrong' }],
    ['a route that is not there', 'GET', '/nothing', undefined, 404, /route\.not-found/],
    ['a method that is not there', 'PUT', '/datasets', {}, 404, /route\.not-found/],
    ['an unknown id', 'GET', '/datasets/unknown', undefined, 404, /dataset\.not-found/],
    ['a path trick', 'GET', '/datasets/..%2f..%2fetc%2fpasswd', undefined, 404, /not-found/],
    ['a NUL in an id', 'GET', '/datasets/a%00b', undefined, 400, /request\.invalid/],
    ['a NUL in a query', 'GET', '/ledger/entries?subject=a%00b', undefined, 400, /./],
    ['a broken escape', 'GET', '/datasets/%E0%A4%A', undefined, 400, /./],
    ['an id without end', 'GET', `/datasets/${'x'.repeat(4000)}`, undefined, 414, /./],
    ['a NUL in a page', 'GET', '/datasets?after=%00', undefined, 400, /./],
    ['a limit of nothing', 'GET', '/datasets?limit=0', undefined, 400, /request\.invalid/],
    ['a limit too large', 'GET', '/negotiations?limit=501', undefined, 400, /request\.invalid/],
    ['an offset below zero', 'GET', '/transfers?offset=-1', undefined, 400, /request\.invalid/],
    ['a word for a number', 'GET', '/agreements?limit=many', undefined, 400, /request\.invalid/],
    ['an entry that is no number', 'GET', '/ledger/entries/first/proof', undefined, 400, /./],
    ['an entry beyond the end', 'GET', '/ledger/entries/9007199254740991/proof', undefined, 404, /ledger\.not-found/],
    ['an entry beyond all numbers', 'GET', `/ledger/entries/${'9'.repeat(30)}/proof`, undefined, 404, /./],
    ['an entry before the first', 'GET', '/ledger/entries/-1/proof', undefined, 404, /ledger\.not-found/],
    ['a delivery that nobody gave up', 'POST', '/deliveries/dead/1/redrive', {}, 404, /delivery\.not-found/],
    ['a delivery that is no number', 'DELETE', '/deliveries/dead/1;2', undefined, 404, /delivery\.not-found/],
    ['a file that is not there', 'POST', '/datasets', fromFile('/nowhere/x.csv'), 400, /dataset\.source-invalid/],
    ['a directory', 'POST', '/datasets', fromFile('/', 'csv'), 400, /./],
    ['an endless device', 'POST', '/datasets', fromFile('/dev/zero', 'csv'), 400, /./],
    ['a path with a NUL', 'POST', '/datasets', fromFile('a\u0000.csv'), 400, /./],
    ['an unknown format', 'POST', '/datasets', fromFile('table.xlsx'), 400, /format-unknown/],
    ['a format of ours only', 'POST', '/datasets', fromFile('x', 'arrow'), 400, /request\.invalid/],
    ['no address', 'POST', '/datasets', dataset({ kind: 'http', url: 'data.csv' }), 400, /source-invalid/],
    [
      'a file by another name',
      'POST',
      '/datasets',
      dataset({ kind: 'http', url: 'file:///etc/passwd', format: 'csv' }),
      400,
      /source-invalid/,
    ],
    ['an offer of nothing', 'POST', '/offers', { datasetId: 'unknown', template: terms }, 404, /dataset\.not-found/],
    ['a purpose of nobody', 'POST', '/negotiations', { ...contract, purpose: 'foo:Bar' }, 400, /purpose\.unknown/],
    ['a purpose in words', 'POST', '/negotiations', { ...contract, purpose: 'science' }, 400, /purpose\.unknown/],
    ['a transfer of nothing', 'POST', '/transfers', { agreementId: 'unknown' }, 404, /agreement\.not-found/],
    ['a pull of nothing', 'POST', '/transfers/unknown/pull', { format: 'csv' }, 404, /transfer\.not-found/],
    ['a pull in a format of none', 'POST', '/transfers/unknown/pull', { format: 'xlsx' }, 400, /request\.invalid/],
    ['an end of nothing', 'POST', '/negotiations/unknown/terminate', { reason: 'x' }, 404, /negotiation\.not-found/],
    ['an end without a reason', 'POST', '/agreements/unknown/terminate', {}, 400, /request\.invalid/],
    ['a credential request to nobody', 'POST', '/credentials/requests', { issuer: 'nobody' }, 400, /request\.invalid/],
    ['the issuer of a node that issues nothing', 'GET', '/issuer/members', undefined, 404, /route\.not-found/],
  ];

  // A row as one argument: a seventh one would be taken for a callback where it is missing.
  test.each(cases.map((row) => [row[0], row] as const))('%s is refused with a problem document', async (what, row) => {
    const [, method, where, body, status, kind, headers] = row;
    refusals.expectProblem(what, await manage(method, where, body, headers), status, kind);
  });

  test('a file that is emptied or vanishes after its registration gives a clear answer', async () => {
    const table = file('goes-away.csv');
    await writeFile(table, 'a,b\n1,2\n');
    const { id } = must(await berlin.manage.post<Dataset>('/datasets', fromFile(table)));
    const preview = () => manage('GET', path`/datasets/${id}/preview`);
    expect((await preview()).status).toBe(200);
    await truncate(table, 0);
    refusals.expectProblem('emptied', await preview(), 400, /./);
    await rm(table);
    refusals.expectProblem('vanished', await preview(), 400, /./);
  });

  test.each([
    ['an unknown template', { name: 'anything-goes', parameters: {} }, 404],
    ['a template with a path', { name: '../purpose-bound', parameters: {} }, 404],
    ['an unknown parameter', { name: 'purpose-bound', parameters: { ...terms.parameters, extra: 1 } }, 400],
    ['a missing parameter', { name: 'purpose-bound', parameters: {} }, 400],
    ['a parameter of another type', { name: 'purpose-bound', parameters: { purpose: { '@value': 5 } } }, 400],
    ['a purpose that nobody defined', { name: 'purpose-bound', parameters: { purpose: 'my:own' } }, 400],
    ['a date that is none', { name: 'time-limited', parameters: { until: 'tomorrow' } }, 400],
  ])('%s makes no offer', async (what, template, status) => {
    refusals.expectProblem(what, await manage('POST', '/offers', { datasetId, template }), status, /./);
  });

  test.each([
    ['no policy', {}],
    ['a policy without a rule', { '@type': 'Set' }],
    [
      'an operand that nobody enforces',
      {
        '@type': 'Set',
        permission: [
          { action: 'use', constraint: [{ leftOperand: 'urn:x:mood', operator: 'eq', rightOperand: 'good' }] },
        ],
      },
    ],
    [
      'an obligation that nobody fulfils',
      { '@type': 'Set', permission: [{ action: 'use' }], obligation: [{ action: 'compensate' }] },
    ],
    [
      'a thousand constraints',
      {
        '@type': 'Set',
        permission: [
          {
            action: 'use',
            constraint: Array.from({ length: 1000 }, () => ({
              leftOperand: 'odrl:purpose',
              operator: 'eq',
              rightOperand: 'dpv:PublicBenefit',
            })),
          },
        ],
      },
    ],
  ])('a policy with %s is not offered', async (what, policy) => {
    const answer = await manage('POST', '/offers', { datasetId, policy });
    refusals.expectProblem(what, answer, answer.status === 413 ? 413 : 400, /policy|odrl|constraint/);
  });

  test.each([
    ['a NUL', 'a\u0000b'],
    ['half a character', 'a\ud800b'],
  ])('a title with %s is refused: no database and no digest can hold it', async (what, title) => {
    const source = { kind: 'file', path: join(berlin.directory, 'bike-counts.csv') };
    refusals.expectProblem(what, await manage('POST', '/datasets', { title, source }), 400, /./);
  });

  test('an offer is withdrawn once', async () => {
    const offer = must(await berlin.manage.post<Offer>('/offers', { datasetId, template: terms }));
    expect((await manage('DELETE', path`/offers/${offer.id}`)).status).toBe(204);
    refusals.expectProblem('twice', await manage('DELETE', path`/offers/${offer.id}`), 404, /offer\.not-found/);
  });

  test.each([
    'did:web:',
    'did:web:a%2F..%2Fb',
    'did:web:user%40host',
    'did:web:host%3A99999',
    'did:web:a:..:b',
    'did:web:a b',
    `did:web:${'a'.repeat(2000)}`,
    'did:key:z6Mkf5rGMoatrSj1f4CyvuHBeXJELe9RPdzo2PKGNCKVtZxP',
    'DID:WEB:localhost',
    'https://localhost',
  ])('"%.40s" is nobody to negotiate with', async (counterparty) => {
    const answer = await manage('POST', '/catalog/request', { counterparty });
    refusals.expectProblem(counterparty, answer, 400, /did|request\.invalid/);
  });

  test.each(['did:web:10.0.0.1', 'did:web:169.254.169.254', 'did:web:0x0a000001', 'did:web:%5Bfd00%3A%3A1%5D'])(
    '%s is not asked for its document',
    async (counterparty) => {
      const began = Date.now();
      const { status, text } = await manage('POST', '/catalog/request', { counterparty });
      refusals.note(counterparty, status === 502 ? 400 : status);
      expect([400, 502]).toContain(status);
      expect(text).toContain('urn:hansa:problem:did.');
      expect(Date.now() - began).toBeLessThan(2_000);
    },
  );

  test('data are fetched neither from private addresses nor by way of a redirection', async () => {
    for (const address of [...privateAddresses, ...canary.redirections]) {
      const answer = await manage('POST', '/datasets', dataset({ kind: 'http', url: address, format: 'csv' }));
      refusals.expectProblem(address, answer, 400, /http\./);
    }
    expect(canary.calls).toEqual([]);
  });
});

test.each([
  ['/dcp/credentials/presentations/query', '{"@type":', 400],
  ['/dcp/credentials/presentations/query', '{}', 400],
  ['/dcp/credentials/credentials', '{}', 401],
  ['/dcp/credentials/offers', '[]', 401],
])('the claims endpoint %s refuses %s', async (where, body, status) => {
  refusals.expectProblem(where, await send('POST', `${berlin.url}${where}`, { body, headers: json }), status, /./);
});

test('a NUL in the address of data is refused before anything else', async () => {
  const where = '/data/a%00b';
  refusals.expectProblem(where, await send('GET', `${berlin.url}${where}`), 400, /request\.invalid/);
});

test.each(['/data/unknown', '/data/..%2f..%2fetc%2fpasswd', '/data/unknown.csv'])('%s gives nothing', async (where) => {
  refusals.expectProblem(where, await send('GET', `${berlin.url}${where}`), 401, /data\.unauthorized/);
  const headers = { authorization: `Bearer ${'x'.repeat(43)}` };
  refusals.expectProblem(where, await send('GET', `${berlin.url}${where}`, { headers }), 401, /data\.unauthorized/);
});

test.each([
  ['two Host headers', 'GET /health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', /^HTTP\/1\.1 400/],
  ['no Host header', 'GET /health/live HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400/],
  ['an absolute target', 'GET http://elsewhere/health/live HTTP/1.1\r\nHost: a\r\n\r\n', /^HTTP\/1\.1 40[04]/],
  [
    'two lengths',
    'POST /management/v1/datasets HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    /^HTTP\/1\.1 400/,
  ],
  [
    'a length and chunks',
    'POST /management/v1/datasets HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    /^HTTP\/1\.1 400/,
  ],
  ['a header without end', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, /^HTTP\/1\.1 431/],
  ['no HTTP', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000', /^HTTP\/1\.1 400/],
])('%s on the wire is refused', async (_what, bytes, expected) => {
  expect(await sendBytes(berlin.port, bytes)).toMatch(expected);
});

test('none of this was answered with 5xx', () => refusals.expectNoServerError(90));

test('after all this the node runs, healthy and hardly larger than before', async () => {
  expect(must(await berlin.manage.get('/offers'))).toMatchObject({ items: [{ id: offerId }] });
  await refusals.expectUnharmed();
}, 30_000);

test('a flood is answered with 429 and when to come back, in the form of whom it is sent to', async () => {
  const node = await NodeProcess.create({ city: 'narrow' });
  await writeFile(join(node.directory, 'hansa.yaml'), 'limits:\n  requestsPerMinute: 20\n');
  await node.start();
  const statuses: number[] = [];
  for (let i = 0; i < 20; i++) statuses.push((await fetch(`${node.url}/register`)).status);
  expect(new Set(statuses)).toEqual(new Set([200]));
  const page = await fetch(`${node.url}/api`);
  expect([page.status, page.headers.get('content-type')]).toEqual([429, expect.stringContaining('problem+json')]);
  expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await page.json()).toMatchObject({
    type: 'urn:hansa:problem:request.too-many',
    detail: expect.stringMatching(/Try again in \d+ seconds/),
  });
  const message = await fetch(`${node.url}/dsp/2025-1/catalog/request`, { method: 'POST' });
  expect([message.status, await message.json()]).toMatchObject([429, { '@type': 'CatalogError' }]);
  expect((await fetch(`${node.url}/health/ready`)).status).toBe(200);
  expect(node.log()).not.toMatch(/"level":"error"/);
}, 60_000);
