import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegisterOverview, reportBytes } from '@hansa/fair';
import { type JsonObject, must } from '@hansa/kernel';
import { createLogger, UnitOfWork } from '@hansa/platform';
import { cellCounts, plan, states } from '@hansa/report/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { PersonTokens } from './access/index.js';
import { readConfig } from './config/index.js';
import { Audits } from './governance/audits/audits.js';
import { RevokeAudit } from './governance/audits/revoke-audit.js';
import { Models } from './governance/models/models.js';
import { buildNode, type RunningNode } from './node.js';
import { openNodeDatabase } from './open-node-database.js';
import { doneAudit, hostedModel, reportOf } from './web/web.fixtures.js';

const admin = 'the-administrator-token-of-this-test';
const example: JsonObject = parse(readFileSync('docs/reference/algorithm-register/entry.example.yaml', 'utf8'));
const report = reportOf(plan, cellCounts(states));
const [model, other] = [hostedModel(), hostedModel({ name: 'parking-demand' })];
const audit = doneAudit(report, model);

let directory: string;
let node: RunningNode;
let person: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hansa-register-'));
  const config = must(
    await readConfig({
      HANSA_CITY: 'berlin',
      HANSA_PUBLIC_URL: 'https://data.berlin.example',
      HANSA_DATA_DIRECTORY: join(directory, 'data'),
      HANSA_ADMIN_TOKEN: admin,
    }),
  );
  node = await buildNode(config, createLogger({ level: 'error', name: 'register' }), openNodeDatabase(config));
  await node.app.init();
  await node.app.getHttpAdapter().getInstance().ready();
  person = await node.app.get(UnitOfWork).run(async (tx) => {
    for (const one of [model, other]) await node.app.get(Models).add(tx, one);
    await node.app.get(Audits).add(tx, audit);
    const issued = { report: new TextDecoder().decode(reportBytes(report)), credential: '{}' };
    await node.app.get(Audits).addReport(tx, audit.id, issued);
    return (await node.app.get(PersonTokens).admit(tx, 'Register editor', new Date())) ?? '';
  });
}, 60_000);
afterAll(async () => {
  await node?.stop();
  await rm(directory, { recursive: true, force: true });
}, 60_000);

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a document of the interface, looked at member by member
  readonly body: any;
}

async function ask(method: 'GET' | 'POST' | 'PUT', url: string, payload?: object, accept = '*/*'): Promise<Answer> {
  const headers = { authorization: `Bearer ${person}`, accept };
  const answer = await node.app.inject({ method, url, headers, ...(payload ? { payload } : {}) });
  const type = String(answer.headers['content-type']);
  return { status: answer.statusCode, type, text: answer.body, body: type.includes('json') ? answer.json() : null };
}

const where = '/management/v1/register';
const at = (id: string, rest = ''): string => `${where}/${encodeURIComponent(id)}${rest}`;
const seen = (id: string, rest = ''): string => `/register/${encodeURIComponent(id)}${rest}`;
const asJson = (url: string): Promise<Answer> => ask('GET', url, undefined, 'application/json');

let id: string;
let between: Date;

describe('an entry', () => {
  test('begins as a draft that says what is missing and that nobody else sees', async () => {
    const { objection_procedure: _, ...without } = example;
    const { status, body } = await ask('POST', where, without);
    expect([status, body.state, body.version, body.hasDraft]).toEqual([201, 'draft', null, true]);
    expect(body.missing).toContain('objection_procedure is missing and must be a text');
    id = body.id;
    expect((await ask('GET', seen(id))).status).toBe(404);
    expect((await asJson(seen(id))).body).toMatchObject({ status: 404, type: 'urn:hansa:problem:register.not-found' });
    expect((await ask('POST', at(id, '/publish'), {})).body).toMatchObject({
      type: 'urn:hansa:problem:register.incomplete',
      detail: expect.stringContaining('objection_procedure'),
    });
  });

  test.each([
    [{ status: 'on' }, 'status: must be one of "planned"'],
    [{ contact_email: 'x' }, 'contact_email: must be an e-mail address'],
    [{ description_short: 'a'.repeat(151) }, 'description_short: must be a text of at most 150 characters'],
    [{ models: ['urn:uuid:x'] }, 'models: This node hosts no model urn:uuid:x.'],
    [{ audits: ['urn:uuid:x'] }, 'audits: This node has no audit urn:uuid:x.'],
    [{ status: 'retired' }, 'status: a system is ended by retiring its entry'],
    [{ uuid: 'x' }, 'uuid'],
  ])('is refused with %j, and the field is named', async (wrong, words) => {
    const { status, body } = await ask('PUT', at(id), { ...example, ...wrong });
    expect([status, body.detail]).toEqual([400, expect.stringContaining(words)]);
  });

  test('is published with what its audits fill in', async () => {
    const { body } = await ask('PUT', at(id), { ...example, models: [model.id] });
    expect([body.missing, body.filled.revision_date]).toEqual([null, '2027-11-23']);
    const published = await ask('POST', at(id, '/publish'), {});
    expect([published.status, published.body.number]).toEqual([200, 1]);
    expect((await ask('POST', at(id, '/publish'), {})).status).toBe(409);
  });

  test('is a page for people and data for programs, at one address', async () => {
    const page = await ask('GET', seen(id), undefined, 'text/html');
    expect([page.status, page.type]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.text).toContain('How to object');
    expect(page.text).not.toContain('<script');
    const { body } = await asJson(seen(id));
    expect(body).toMatchObject({ version: 1, newest: true, audits: [{ verdict: 'fail', revoked: false }] });
    expect(body.entry).toMatchObject({ name: example.name, risks: expect.stringContaining('Saarland') });
    expect(body.from_audits).toContain('risks');
    expect(JSON.stringify(body)).not.toContain('Register editor');
  });

  test('leads to its model, and the page of the model leads back', async () => {
    const address = `/models/${encodeURIComponent(model.id)}`;
    expect((await ask('GET', seen(id), undefined, 'text/html')).text).toContain(`href="${address}"`);
    expect((await ask('GET', address)).text).toContain(`<a href="${seen(id)}">${example.name}</a>`);
    const undescribed = await ask('GET', `/models/${encodeURIComponent(other.id)}`);
    expect(undescribed.text).toContain('names this model yet');
  });

  test('keeps every version, by number and by time, with who changed what, when and why', async () => {
    between = new Date();
    await new Promise((done) => setTimeout(done, 5));
    const changed = { ...example, models: [model.id], status: 'operational' };
    expect((await ask('PUT', at(id), changed)).body).toMatchObject({ state: 'published', version: 1, hasDraft: true });
    expect((await asJson(seen(id))).body.entry.status).toBe('pilot');
    expect((await ask('POST', at(id, '/publish'), { note: 'The trial has ended.' })).body.number).toBe(2);
    const versions = await Promise.all(
      ['', '/versions/1', `?at=${between.toISOString()}`].map(async (rest) => (await asJson(seen(id, rest))).body),
    );
    expect(versions.map((one) => [one.version, one.newest, one.entry.status])).toEqual([
      [2, true, 'operational'],
      [1, false, 'pilot'],
      [1, false, 'pilot'],
    ]);
    expect((await ask('GET', seen(id, '/versions/3'))).status).toBe(404);
    const { items } = (await ask('GET', at(id, '/history'))).body;
    expect(items[0]).toMatchObject({
      number: 2,
      changedBy: 'Register editor',
      note: 'The trial has ended.',
      changes: [{ field: 'status', before: 'pilot', after: 'operational' }],
    });
  });
});

describe('the public register', () => {
  test('lists the system once, and the model that nobody has described', async () => {
    const { body } = await asJson('/register');
    expect(body.items.map((one: JsonObject) => [one.kind, one.name, one.audit])).toEqual([
      ['model', 'parking-demand 1.0.0', 'none'],
      ['system', example.name, 'fail'],
    ]);
    const filtered = await asJson('/register?status=operational&risk=minimal+risk&verdict=fail');
    expect(filtered.body.items).toHaveLength(1);
    expect((await asJson('/register?status=planned')).body.items).toEqual([]);
    expect((await ask('GET', '/register?status=nonsense')).text).toContain(String(example.name));
  });

  test('answers whether AI is used, what for, and who has certified it', async () => {
    const { type, body } = await ask('GET', '/.well-known/algorithm-register');
    expect(type).toContain('application/json');
    const overview = RegisterOverview.parse(body);
    expect(overview.usesAi).toMatchObject({ answer: true, level: 'self-learning', modelsWithoutEntry: 1 });
    expect(overview.algorithms.items).toHaveLength(1);
    expect(overview.certification.items).toMatchObject([{ verdict: 'fail', system: id, audit: audit.id }]);
    const schema = await ask('GET', new URL(overview.algorithms.schema).pathname);
    expect(schema.body).toEqual(
      JSON.parse(readFileSync('docs/reference/algorithm-register/entry.schema.json', 'utf8')),
    );
    expect((await ask('GET', '/.well-known/algorithm-register', undefined, 'text/html')).text).toContain(
      'three answers',
    );
    expect((await ask('GET', '/register/schemas/toString.schema.json')).status).toBe(404);
  });

  test.each(['ats', 'nl', 'atrs', 'model-card', 'annex-iv', 'article-27'])(
    'hands an entry out as %s',
    async (format) => {
      const { status, type, text } = await ask('GET', seen(id, `/exports/${format}`));
      expect([status, type]).toEqual([
        200,
        expect.stringMatching(/^(application\/json|text\/markdown); charset=utf-8$/),
      ]);
      expect(text.length).toBeGreaterThan(500);
      expect((await ask('GET', at(id, `/exports/${format}`))).text).toBe(text);
    },
  );

  test('refuses a form that it does not know', async () => {
    expect((await ask('GET', seen(id, '/exports/pdf'))).status).toBe(400);
  });
});

describe('what happens later', () => {
  test('a revoked audit says so at once, and its figures are gone', async () => {
    must(await node.app.get(RevokeAudit).run(audit.id, 'The labels were wrong.'));
    const { body } = await asJson(seen(id));
    expect(body.fairness).toEqual(['The audit of 23 November 2026 was revoked: its result no longer counts.']);
    expect(body.entry.performance).toBeUndefined();
    expect((await asJson(seen(id, '/versions/1'))).body.entry.performance).toContain('right answers');
    const { certification } = (await ask('GET', '/.well-known/algorithm-register')).body;
    expect(certification.items[0].status).toBe('revoked');
  });

  test('a retired system stays for everybody to read, and nobody changes it any more', async () => {
    const retired = await ask('POST', at(id, '/retire'), { reason: 'Visits in turn again.' });
    expect([retired.status, retired.body.number]).toEqual([200, 3]);
    const { text } = await ask('GET', seen(id));
    expect(text).toContain('No longer in use');
    expect(text).toContain('Visits in turn again.');
    expect((await asJson('/register?status=retired')).body.items).toHaveLength(1);
    expect((await ask('PUT', at(id), example)).status).toBe(409);
    expect((await ask('POST', at(id, '/retire'), { reason: 'again' })).status).toBe(409);
    expect((await ask('GET', where)).body.items).toMatchObject([{ id, state: 'retired', version: 3 }]);
  });

  test('every step stands in the ledger with who took it and what it changed', async () => {
    const subject = encodeURIComponent(id);
    const { items } = (await ask('GET', `/management/v1/ledger/entries?subject=${subject}&limit=20`)).body;
    const kinds = items.map(({ entry }: { entry: JsonObject }) => entry.kind).reverse();
    expect(kinds).toEqual([
      'register.drafted',
      'register.drafted',
      'register.published',
      'register.drafted',
      'register.published',
      'register.retired',
    ]);
    expect(items[1].entry.data).toMatchObject({ by: 'Register editor', version: 2, changed: ['status'] });
  });

  test('the interface is described', async () => {
    const { body } = await ask('GET', '/api/openapi.json');
    for (const path of ['', '/{id}', '/{id}/publish', '/{id}/retire', '/{id}/history', '/{id}/exports/{format}'])
      expect(body.paths).toHaveProperty([`${where}${path}`]);
    expect(body.paths).toHaveProperty(['/.well-known/algorithm-register']);
    expect(body.components.schemas.RegisterEntry.properties).toHaveProperty('objection_procedure');
  });
});
