import { readFileSync } from 'node:fs';
import { digestOf, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { z } from 'zod';
import {
  type AuditEvidence,
  type AuditPlan,
  type AuditReport,
  addCounts,
  buildReport,
  cellCounts,
  countJoint,
  type ExportFormat,
  entryChanges,
  exportAs,
  exportFormats,
  exportSchemas,
  type JointRows,
  type ModelFacts,
  planDefaults,
  type RegisterEntry,
  type RegisterMaterial,
  RegisterOverview,
  readEntry,
  registerOverview,
  scoresOfJoint,
  valuesGrid,
} from '../index.js';
import { coded } from '../testing/compas-rows.js';

const example: unknown = parse(readFileSync('docs/reference/algorithm-register/entry.example.yaml', 'utf8'));
const entry = must(readEntry(example));

const plan: AuditPlan = {
  outcome: {
    name: 'no step-free access',
    positive: 'sent to a check',
    polarity: 'benefit',
    words: { cases: 'stations' },
  },
  attributes: ['state'],
  metrics: [{ metric: 'equalOpportunityDifference', margin: 0.25, reason: 'A barrier that is not found stays.' }],
  ...planDefaults,
};
const confusion = (tn: number, fp: number, fn: number, tp: number) => ({ n: tn + fp + fn + tp, tn, fp, fn, tp });
const digest = digestOf('model');

function reportOf(groups: Readonly<Record<string, ReturnType<typeof confusion>>>): AuditReport {
  const counted = Object.entries(groups).map(([group, counts]) => ({ group, attributes: { state: group }, counts }));
  const total = addCounts(counted.map(({ counts }) => counts));
  return must(
    buildReport({
      at: '2026-11-23T04:05:06.789Z',
      model: { digest, name: 'step-free-access', version: '1.0.0' },
      data: { digest: digestOf('data'), rows: total.n ?? 0, title: 'Stations' },
      plan,
      counts: { total, partitions: [{ attribute: 'state', groups: counted }] },
      software: { name: 'hansa', version: '0.1.0' },
    }),
  );
}

/** Of decisions about 400 stations in two months, with all that a report can have about scores, chance and people. */
function scored(): AuditReport {
  const at = Array.from({ length: 400 }, (_, i) => i);
  const score = at.map((i) => ((i * 7) % 10) / 10);
  const own: JointRows = {
    label: Uint8Array.from(at, (i) => (((i * 31) % 97) / 97 < (score[i] ?? 0) ? 1 : 0)),
    decision: Uint8Array.from(at, (i) => ((score[i] ?? 0) >= 0.5 ? 1 : 0)),
    attributes: [
      coded(
        'state',
        at.map((i) => (i % 3 === 0 ? 'Bayern' : 'Hessen')),
      ),
      coded(
        'month',
        at.map((i) => (i < 200 ? '2026-01' : '2026-02')),
      ),
      coded('p', score.map(String)),
    ],
  };
  const counted = must(countJoint(own));
  const grid = must(valuesGrid([...new Set(score)]));
  const histogram = (by: string) => must(scoresOfJoint(counted, { by: [by], score: 'p', grid })).histogram;
  const asked: AuditPlan = {
    ...plan,
    score: { column: 'p' },
    draws: { seed: 1, replicates: 50 },
    responses: { owner: 'The department for mobility', days: { high: 30 } },
  };
  return must(
    buildReport({
      model: { digest: digestOf('decisions') },
      data: { digest: digestOf('people'), rows: at.length },
      plan: asked,
      counts: must(cellCounts(counted, asked)),
      scores: { histograms: [histogram('state')], months: histogram('month'), withoutScore: 0 },
      software: { name: 'hansa', version: '0.1.0' },
    }),
  );
}

const failed = reportOf({
  Bayern: confusion(280, 20, 34, 66),
  Bremen: confusion(5, 0, 0, 0),
  Saarland: confusion(40, 3, 60, 2),
});
const page = 'https://data.berlin.example/audits/a';
const evidence = (report: AuditReport, changes: Partial<AuditEvidence> = {}): AuditEvidence => ({
  id: 'urn:uuid:7d0c9a52-1111-4000-8000-000000000001',
  report,
  issuedAt: '2026-11-23T04:05:08.000Z',
  validUntil: '2027-11-23T04:05:08.000Z',
  isRevoked: false,
  page,
  credential: `${page}/credential.json`,
  ...changes,
});
const model: ModelFacts = {
  name: 'step-free-access',
  version: '1.0.0',
  digest,
  description: 'Estimates whether a station lacks step-free access.',
  intendedUse: 'Lists stations to check.',
  limitations: ['Learns where barriers are common.'],
  owners: ['The Hansa project'],
  licence: 'Apache-2.0',
  threshold: 0.19,
  inputs: ['federalState', 'kind'],
  outputs: ['probabilities'],
  trainingData: { file: 'stations.csv', rows: 2098 },
};
const material: RegisterMaterial = {
  entry,
  audits: [evidence(failed)],
  models: [model],
  publication: {
    id: '0b6f2c1e-0000-4000-8000-000000000001',
    version: 2,
    firstPublishedAt: '2026-11-01T10:00:00.000Z',
    changedAt: '2026-11-23T10:00:00.000Z',
    page: 'https://data.berlin.example/register/0b6f2c1e-0000-4000-8000-000000000001',
  },
};
const without = (...fields: readonly string[]): RegisterEntry =>
  Object.fromEntries(Object.entries(entry).filter(([name]) => !fields.includes(name)));
const bodyOf = (format: ExportFormat, of: RegisterMaterial = material): string => must(exportAs(format, of)).body;
const problemOf = (format: ExportFormat, of: RegisterMaterial) => {
  const exported = exportAs(format, of);
  if (exported.ok) throw new Error('it was exported');
  return exported.problem;
};

describe('an export', () => {
  test.each(exportFormats)('as %s has the bytes that it had', (format) => {
    expect(bodyOf(format)).toMatchSnapshot();
  });

  test.each(Object.entries(exportSchemas))('as %s is valid by its published schema', (format, schema) => {
    const published = JSON.parse(readFileSync(`docs/reference/algorithm-register/${format}.schema.json`, 'utf8'));
    expect(published).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'output' }))));
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const validate = ajv.compile(published);
    const document = JSON.parse(bodyOf(format as ExportFormat));
    expect([validate(document), validate.errors]).toEqual([true, null]);
    expect(validate({ ...document, another: 1 })).toBe(false);
  });
});

describe('fields that audits fill in', () => {
  const ats = (of: RegisterMaterial) => JSON.parse(bodyOf('ats', of));

  test('point to the credential, tell the verdict and the findings, and say until when', () => {
    expect(ats(material)).toMatchObject({
      documentation: `${page}/credential.json`,
      revision_date: '2027-11-23',
      risks: expect.stringContaining('It found a gap between groups'),
      training_data: expect.stringMatching(/rows: 2098.*Audited on “Stations”, 510 rows/s),
      performance: expect.stringContaining('right answers: 77.1 % (393 of 510;'),
      monitoring: expect.stringContaining('equalOpportunityDifference (margin 0.25)'),
    });
  });

  test('never take the place of what the editor wrote', () => {
    const written = { ...entry, risks: 'Our own words.', revision_date: '2027-01-01' };
    expect(ats({ ...material, entry: written })).toMatchObject({
      risks: 'Our own words.',
      revision_date: '2027-01-01',
    });
  });

  test('tell of a revoked audit that it was revoked, and take nothing else from it', () => {
    const { kind, detail } = problemOf('ats', { ...material, audits: [evidence(failed, { isRevoked: true })] });
    expect(kind).toBe('register.incomplete');
    expect(detail).toContain('training_data is missing and must be a text: the data it was trained on');
    expect(detail).not.toContain('risks is missing');
    const told = bodyOf('article-27', { ...material, audits: [evidence(failed, { isRevoked: true })] });
    expect(told).toContain('was revoked: its result no longer counts');
  });
});

describe('what a standard does not take', () => {
  test('is a field of the wrong form, named with what the standard wants', () => {
    const read = readEntry({ ...entry, status: 'on', contact_email: 'nobody', uuid: 'x', colour: 'red' });
    expect(read).toMatchObject({ ok: false, problem: { kind: 'register.invalid', at: 'contact_email' } });
    const { detail } = read.ok ? { detail: '' } : read.problem;
    expect(detail).toContain('status must be one of "planned", "design"');
    expect(detail).toContain('contact_email must be an e-mail address');
    expect(detail).toContain('uuid is written by the node and cannot be given');
    expect(detail).toContain('colour is no field of an entry');
  });

  test('is an entry without a way to object', () => {
    expect(problemOf('ats', { ...material, entry: without('objection_procedure') })).toMatchObject({
      kind: 'register.incomplete',
      at: 'objection_procedure',
      detail: 'objection_procedure is missing and must be a text: how somebody who is affected can object, and where.',
    });
  });

  test('is a Dutch text that is too long: it is named, never cut', () => {
    const nl = { ...entry.nl, naam: 'a'.repeat(100) };
    expect(problemOf('nl', { ...material, entry: { ...entry, nl } })).toMatchObject({
      kind: 'register.does-not-fit',
      at: 'naam',
      detail: 'Publicatiestandaard 1.0.0: naam has 100 characters; the standard takes fewer than 100.',
    });
    expect(bodyOf('nl', { ...material, entry: { ...entry, nl: { ...nl, naam: 'a'.repeat(99) } } })).toContain(
      'a'.repeat(99),
    );
  });

  test('is an English text in the Dutch register', () => {
    const { detail } = problemOf('nl', { ...material, entry: without('nl') });
    expect(detail).toContain('naam is missing: the standard demands it, in Dutch');
    expect(detail).toContain('publicatiecategorie is missing: say nl.publicatiecategorie');
    expect(JSON.parse(bodyOf('nl'))).not.toHaveProperty('risicobeheer');
  });
});

describe('a document of the law', () => {
  test('says of everything that nobody has told that it is missing, and lists it at the end', () => {
    const bare = exportAs('annex-iv', { entry: {}, audits: [], models: [], publication: null });
    expect(must(bare).body).toMatch(/0 of \d+ items have an answer/);
    const body = bodyOf('annex-iv');
    expect(body).toContain('### 2.12 Cybersecurity\n\n**Missing.** The register has nothing about this.');
    expect(body.slice(body.indexOf('## What is missing'))).toContain('- 2.12 Cybersecurity');
    expect(body.match(/^## \d\. /gm)).toHaveLength(9);
  });

  test('takes from report and model card what they know, and no more', () => {
    const body = bodyOf('annex-iv');
    expect(body).toContain('step-free-access 1.0.0 takes federalState and kind, and gives probabilities.');
    expect(body).toContain('By its card, step-free-access 1.0.0: Estimates whether a station lacks');
    expect(body).toContain('The newest audit: fail. Its findings by severity: 1 high, 0 medium and 1 low.');
    expect(body).toContain('### 2.9 Validation and testing: robustness\n\n**Missing.**');
    expect(body).toContain('### 5.1 Risk management system (Article 9)\n\n**Missing.**');
    const told = bodyOf('article-27');
    expect(told).toContain('state: Bayern (400), Bremen (5) and Saarland (105)');
    expect(told).toContain('“sent to a check” is good for those concerned: groups that get it too rarely are harmed.');
  });

  test('says how firm the figures are where scores, months, draws and people were looked at', () => {
    const body = bodyOf('annex-iv', { ...material, audits: [evidence(scored()), evidence(failed)] });
    expect(body).toContain('The scores “p”: area under the ROC curve 0.');
    expect(body).toMatch(/By state, at \d+ thresholds, the gap in positive decisions is widest at 0\.\d+: /);
    expect(body).toContain(
      'The scores of one month were held against those of all months before; they shift most in 2026-02',
    );
    expect(body).toContain('was drawn 50 times');
    expect(body).toContain('errors in the input, faults and attacks were not tried there');
    expect(body).toContain(
      'The department for mobility answers for findings of audits, within a term by severity (high: 30 days).',
    );
    expect(body).toMatch(/Versions that were audited: step-free-access 1\.0\.0 .*; A model /);
  });

  test('takes text for text, whatever it looks like', () => {
    const body = bodyOf('article-27', { ...material, entry: { ...entry, goal: '# A\n<b>' } });
    expect(body).toContain('\\# A\n&lt;b>');
  });
});

test('a model card has every rate of every group with its interval, or why there is none', () => {
  const metrics = JSON.parse(bodyOf('model-card')).quantitative_analysis.performance_metrics;
  expect(metrics).toHaveLength(4 * 11);
  expect(metrics).toContainEqual({
    type: 'truePositiveRate',
    value: 'undefined: no rows with a positive label',
    slice: 'state: Bremen',
  });
  expect(metrics).toContainEqual({
    type: 'truePositiveRate',
    value: '0.66',
    slice: 'state: Bayern',
    confidence_interval: { lower_bound: expect.stringMatching(/^0\.56/), upper_bound: expect.stringMatching(/^0\.74/) },
  });
});

test('two versions of an entry differ in the fields that were changed, in the order of the standard', () => {
  const after = { ...without('rollback'), status: 'operational', nl: { ...entry.nl, naam: 'Nieuw' }, models: ['m'] };
  expect(entryChanges(entry, after).map(({ field, before, after: now }) => [field, before, now])).toEqual([
    ['status', 'pilot', 'operational'],
    ['rollback', entry.rollback, null],
    ['models', null, 'm'],
    ['nl.naam', entry.nl?.naam, 'Nieuw'],
  ]);
});

describe('the overview of a register', () => {
  const of = (status: string, kind: string) => ({
    id: status,
    page: 'https://a.example/register/x',
    values: { ...(entry as object), status, algorithm_type: kind },
  });
  const certificate = {
    system: 'pilot',
    issuer: 'did:web:a.example',
    verdict: 'pass' as const,
    issuedAt: '2026-01-01T00:00:00.000Z',
    validUntil: '2027-01-01T00:00:00.000Z',
    credential: 'https://a.example/c',
    report: 'https://a.example/r',
  };
  const overview = (systems: readonly ReturnType<typeof of>[], now = '2026-11-23T00:00:00.000Z') =>
    registerOverview({
      organisation: 'did:web:a.example',
      name: 'A',
      systems,
      modelsWithoutEntry: 0,
      certificates: [
        { ...certificate, audit: 'good' },
        { ...certificate, audit: 'bad' },
      ],
      revoked: new Set(['bad']),
      addresses: {
        list: 'https://a.example/register',
        schema: 'https://a.example/s',
        registry: 'https://a.example/l',
        reports: 'https://a.example/s',
      },
      now,
    });

  test('says whether AI is used now, and counts rules as algorithms and not as AI', () => {
    expect(overview([of('retired', 'self-learning')]).usesAi).toMatchObject({ answer: false, level: 'none' });
    expect(overview([of('pilot', 'rule-based')]).usesAi).toMatchObject({ answer: false, level: 'rule-based' });
    expect(overview([of('pilot', 'rule-based'), of('operational', 'hybrid')]).usesAi).toMatchObject({
      answer: true,
      level: 'hybrid',
      inUse: { hybrid: 1, 'rule-based': 1 },
      byRisk: { 'minimal risk': 2 },
    });
  });

  test('says of every credential whether it counts now, and is valid by its schema', () => {
    const states = (now?: string) =>
      overview([of('pilot', 'hybrid')], now).certification.items.map((one) => one.status);
    expect(states()).toEqual(['valid', 'revoked']);
    expect(states('2027-01-01T00:00:00.001Z')).toEqual(['expired', 'revoked']);
    expect(RegisterOverview.parse(overview([of('pilot', 'hybrid')])).algorithms.items).toHaveLength(1);
  });
});
