import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditCounts, type AuditPlan, AuditPlanInput, planDigest } from '@hansa/fair';
import { digestOf, type JsonObject, must } from '@hansa/kernel';
import { instantiateTemplate } from '@hansa/odrl';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AuditJobs } from '../../apps/connector/src/governance/audits/audit-jobs.js';
import { RunAudit } from '../../apps/connector/src/governance/audits/run-audit.js';
import { AnswerCounts, CountsRequest, InferenceService } from '../../apps/connector/src/governance/index.js';
import {
  dataType,
  memoryBomb,
  model as onnxModel,
  node as onnxNode,
  value as onnxValue,
  tensorType,
} from '../../libs/inference/src/testing/index.js';
import { GovernanceNode, problemOf, type Shown, type ShownAudit } from './governance.node.js';
import { auditOf, modelFile, plan, registerModel, registerStations, stations } from './step-free.fixtures.js';

const models = '/management/v1/models';
const audits = '/management/v1/audits';
const explanations = '/management/v1/explanations';

let node: GovernanceNode;
let stationsId: string;
let v1: string;

beforeAll(async () => {
  node = await GovernanceNode.start();
  stationsId = (await registerStations(node, 'Railway stations')).id;
  v1 = String((await registerModel(node, 'v1', stationsId)).body.id);
}, 60_000);

afterAll(() => node?.remove(), 60_000);

describe('a model that cannot be hosted', () => {
  test('a name and version stand for one file only', async () => {
    const card = { name: 'step-free-access', version: '1.0.0', intendedUse: 'x' };
    const same = await node.post<Shown>(models, { path: modelFile('step-free-v1.onnx'), card });
    const other = await node.post<Shown>(models, { path: modelFile('step-free-v2.onnx'), card });
    expect([problemOf(same), problemOf(other)]).toEqual([
      [409, 'urn:hansa:problem:model.conflict'],
      [409, 'urn:hansa:problem:model.conflict'],
    ]);
    expect(same.body.detail).toContain(v1);
    expect(other.body.detail).toContain('new version');
  });

  test('what is no model is refused, and nothing is kept of it', async () => {
    const card = { name: 'text', version: '1', intendedUse: 'none' };
    const refusals = await Promise.all(
      [modelFile('README.md'), modelFile('gone.onnx'), modelFile('.')].map(async (path) => {
        const { status, body } = await node.post<Shown>(models, { path, card });
        return [status, body.type];
      }),
    );
    expect(refusals).toEqual([
      [400, 'urn:hansa:problem:model.not-onnx'],
      [400, 'urn:hansa:problem:model.vanished'],
      [400, 'urn:hansa:problem:model.unreadable'],
    ]);
    const { body } = await node.get<{ items: readonly object[] }>(models);
    expect(body.items).toHaveLength(1);
  });

  test('a model that the runtime cannot load is refused, and its bytes are not kept', async () => {
    const path = join(node.directory, 'unknown.onnx');
    const one = tensorType(dataType.float32, [1]);
    const nodes = [onnxNode('NoSuchOperator', ['X'], ['Y'])];
    await writeFile(path, onnxModel({ nodes, inputs: [onnxValue('X', one)], outputs: [onnxValue('Y', one)] }));
    const card = { name: 'unknown', version: '1', intendedUse: 'none' };
    const refused = await node.post<Shown>(models, { path, card });
    expect(problemOf(refused)).toEqual([400, 'urn:hansa:problem:model.refused']);
    expect(readdirSync(join(node.directory, 'blobs'))).toHaveLength(1);
  });

  test('a model that asks for too much memory is stopped, and harms nobody', async () => {
    const path = join(node.directory, 'bomb.onnx');
    await writeFile(path, memoryBomb('Expand', 4e9));
    const card = { name: 'bomb', version: '1', intendedUse: 'none' };
    const { body: bomb } = await node.post<Shown>(models, { path, card });
    const inputs = [{ name: 'X', shape: [1], datatype: 'FP32', data: [1] }];
    const answer = await node.app.get(InferenceService).infer(String(bomb.id), { inputs });
    expect(answer).toMatchObject({ problem: { kind: 'model.out-of-memory' } });
    expect((await node.get<Shown>('/health/ready')).body).toMatchObject({ status: 'up' });
  });
});

describe('counts that an auditor asks for', () => {
  const split = [{ column: 'split', operator: 'eq', value: 'audit' }];
  const bavarian = { column: 'federalState', operator: 'eq', value: 'Bayern' };
  const at = (latitude: unknown) => ({ column: 'latitude', operator: 'eq', value: latitude });
  const model = digestOf(readFileSync(modelFile('step-free-v1.onnx')));
  const open: JsonObject = { '@type': 'Set', permission: [{ action: 'aggregate' }] };
  const shaped = must(
    instantiateTemplate(JSON.parse(readFileSync('policies/coarse-location/policy.jsonld', 'utf8')), {
      purpose: 'https://w3id.org/dpv#PublicBenefit',
      rows: [{ leftOperand: 'https://w3id.org/hansa/v1#column/federalState', operator: 'eq', rightOperand: 'Bayern' }],
      drop: ['name'],
      latitude: 'latitude',
      longitude: 'longitude',
      step: '0.01',
    }),
  );
  const request = (by: string, changes: object = {}): CountsRequest => {
    const own = { ...(plan as unknown as AuditPlan), attributes: [by] };
    const asked = { plan: AuditPlanInput.parse(own), label: { column: 'lacksStepFreeAccess' }, where: split };
    const decided = { decision: { model }, ...asked, ...changes };
    return CountsRequest.parse({ ...decided, planDigest: planDigest(asked.plan) });
  };
  const ask = (agreementId: string, asked: CountsRequest, policy = open) =>
    node.app.get(AnswerCounts).ask({ agreementId, datasetId: stationsId, policy, request: asked });
  const tableOf = async (...args: Parameters<typeof ask>): Promise<AuditCounts> => {
    let answer = must(await ask(...args));
    while (answer.status === 'counting') answer = must(await ask(...args));
    return JSON.parse(answer.text).counts;
  };

  test('are those of the hosted model that it names', async () => {
    const counts = await tableOf('urn:uuid:model', request('split'));
    const scored = await node.post<Shown>(`${models}/${encodeURIComponent(v1)}/score`, {
      datasetId: stationsId,
      where: split,
    });
    const everybody = counts.counts.kind === 'tables' ? counts.counts.tables[0]?.groups[0]?.cells : undefined;
    const [, fp, , tp] = everybody ?? [];
    expect([counts.data.rows, (fp ?? 0) + (tp ?? 0)]).toEqual([scored.body.rows, scored.body.positives]);
    expect(counts).toMatchObject({ model: { digest: model }, columns: [{ attribute: 'split', levels: ['audit'] }] });
  });

  test('are of the rows and columns that the policy lets out, and of no others', async () => {
    const counts = await tableOf('urn:uuid:shaped', request('federalState'), shaped);
    expect(counts.columns).toEqual([{ attribute: 'federalState', levels: ['Bayern'] }]);
    expect(counts.data.rows).toBe(stations.filter((s) => s.split === 'audit' && s.federalState === 'Bayern').length);
    expect(await ask('urn:uuid:dropped', request('name'), shaped)).toMatchObject({
      problem: { kind: 'dataset.missing-column', at: 'name' },
    });
  });

  test.each([
    ['names', 'name', { where: [...split, bavarian] }, 'counts.too-fine', 'Most values of "name"'],
    ['decisions of one kind', 'split', { decision: { column: 'lacksStepFreeAccess' } }, 'withhold.too-few-rows', '10'],
    ['few rows', 'split', { where: [at(stations.find((s) => s.split === 'audit')?.latitude)] }, 'counts.too-few', '10'],
    ['no rows', 'split', { where: [at(0)] }, 'counts.too-few', '10'],
    ['labels that are no yes or no', 'split', { label: { column: 'name' } }, 'audit.not-binary', 'the column "name"'],
  ])('are refused for %s for good, and no row is told of', async (what, by, changes, kind, detail) => {
    const agreement = `urn:uuid:${what}`;
    const refused = await ask(agreement, request(by, changes));
    expect(refused).toMatchObject({ problem: { kind, detail: expect.stringContaining(detail) } });
    expect(JSON.stringify(refused)).not.toMatch(/row \d|the value/);
    expect(await ask(agreement, request(by, changes))).toEqual(refused);
    expect(await ask(agreement, request('split'))).toMatchObject({ problem: { kind: 'counts.conflict' } });
  });

  test('have their small numbers withheld', async () => {
    const { counts } = await tableOf('urn:uuid:small', request('federalState'));
    const cells = counts.kind === 'tables' ? counts.tables.flatMap((t) => t.groups.flatMap((g) => g.cells)) : [];
    expect(cells).toContain(null);
    expect(cells.filter((cell) => cell !== null && cell < 10)).toEqual([]);
  });

  test('are told how far they are while others are counted first, and come with the same request', async () => {
    // So many at once that the last has to wait, however fast the machine is.
    let told: unknown;
    let waiting = '';
    const asked: string[] = [];
    for (let many = 6; waiting === '' && many < 200; many *= 2) {
      const line = Array.from({ length: many }, (_, i) => `urn:uuid:line:${many}:${i}`);
      asked.push(...line);
      const answers = (await Promise.all(line.map((own) => ask(own, request('split'))))).map(must);
      const at = answers.findIndex(({ status }) => status === 'counting');
      [told, waiting] = [answers[at], line[at] ?? ''];
    }
    expect(told).toEqual({ status: 'counting', done: expect.any(Number), total: expect.any(Number) });
    expect(await ask(waiting, request('federalState'))).toMatchObject({ problem: { kind: 'counts.conflict' } });
    expect((await tableOf(waiting, request('split'))).data.rows).toBeGreaterThan(0);
    const twice = [await ask(waiting, request('split')), await ask(waiting, request('split'))].map(must);
    expect(twice[0]).toEqual(twice[1]);
    expect(twice[0]?.status).toBe('counted');
    await Promise.all(asked.map((own) => tableOf(own, request('split'))));
  }, 60_000);

  test('need a plan whose digest they name, and no weights where small numbers are withheld', async () => {
    const other = { ...request('split'), planDigest: digestOf('another plan') };
    expect(await ask('urn:uuid:plan', other)).toMatchObject({ problem: { kind: 'counts.other-plan' } });
    const weighted = { ...request('split').plan, weight: 'weight' };
    expect(await ask('urn:uuid:plan', { ...other, plan: weighted })).toMatchObject({
      problem: { kind: 'audit.not-countable', at: 'plan.weight' },
    });
    expect(must(await ask('urn:uuid:plan', request('split'))).status).toBe('counted');
  });
});

describe('scores and weights on a node', () => {
  const score = { column: 'score of the model', range: [0, 1] };

  test('give the report sums of the weights of the rows, and the part on scores from the model alone', async () => {
    const weighted = { ...plan, weight: 'latitude', score };
    const audit = await node.audit(auditOf(v1, stationsId, { plan: weighted }));
    expect(audit.status).toBe('done');
    const { body: report } = await node.report(audit.id);
    const audited = stations.filter(({ split }) => split === 'audit');
    const total = audited.reduce((sum, { latitude }) => sum + Number(latitude), 0);
    const everybody = report.slices[0]?.counts;
    expect([everybody?.n, everybody?.weights?.sums.n]).toEqual([audited.length, expect.closeTo(total, 6)]);
    expect(report.method).toMatchObject({ weights: 'effective-rows' });
    const { grid, everybody: scored, attributes, withoutScore } = report.scores ?? {};
    expect([grid?.bins, scored?.n, withoutScore]).toEqual([1000, audited.length, 0]);
    expect(attributes?.map(({ attribute }) => attribute)).toEqual(plan.attributes);
    expect(scored?.auc).toMatchObject({ state: 'value' });
  });
});

describe('a decision that cannot be explained', () => {
  test('a case that cannot be told apart, or is not there, is refused', async () => {
    const body = { modelId: v1, datasetId: stationsId };
    const many = await node.post<Shown>(explanations, { ...body, key: { column: 'kind', value: 'city hub' } });
    const none = await node.post<Shown>(explanations, { ...body, key: { column: 'id', value: 1 } });
    expect([problemOf(many), problemOf(none)]).toEqual([
      [400, 'urn:hansa:problem:explanation.ambiguous'],
      [400, 'urn:hansa:problem:dataset.no-rows'],
    ]);
  });
});

describe('an audit that cannot be made', () => {
  test.each([
    ['a missing label column', { labelColumn: 'truth' }, 'dataset.missing-column'],
    ['a missing group column', { plan: { ...plan, attributes: ['county'] } }, 'dataset.missing-column'],
    ['a column of weights that is missing', { plan: { ...plan, weight: 'w' } }, 'dataset.missing-column'],
    ['a column of scores that is missing', { plan: { ...plan, score: { column: 'p' } } }, 'dataset.missing-column'],
    [
      'a label as its own score',
      { plan: { ...plan, score: { column: 'lacksStepFreeAccess' } } },
      'audit.repeated-column',
    ],
    [
      'weights with draws',
      { plan: { ...plan, weight: 'latitude', draws: { seed: 1, replicates: 100 } } },
      'audit.invalid-plan',
    ],
    ['a plan without metrics', { plan: { ...plan, metrics: [] } }, 'request.invalid'],
    ['a model and a column at once', { predictionColumn: 'x' }, 'request.invalid'],
  ])('is refused at once for %s', async (_what, changes, kind) => {
    const refused = await node.post<Shown>(audits, auditOf(v1, stationsId, changes));
    expect(problemOf(refused)).toEqual([400, `urn:hansa:problem:${kind}`]);
  });

  test('is refused at once when the data lacks what the model needs', async () => {
    const file = join(node.directory, 'thin.csv');
    await writeFile(file, 'lacksStepFreeAccess,federalState,kind\n1,Bayern,hub\n0,Hessen,hub\n');
    const datasetId = await node.registerDataset('Thin', { kind: 'file', path: file });
    const refused = await node.post<Shown>(audits, auditOf(v1, datasetId, { where: [] }));
    expect(problemOf(refused)).toEqual([400, 'urn:hansa:problem:model.missing-column']);
    expect(refused.body.detail).toContain('category');
  });

  test.each([
    ['labels that are missing', { where: [] }, '"lacksStepFreeAccess" has no value'],
    ['labels that are no yes or no', { labelColumn: 'category' }, '"category" has the value'],
    ['conditions that nothing meets', { where: [{ column: 'split', operator: 'eq', value: 'x' }] }, 'No row'],
    ['weights that are words', { plan: { ...plan, weight: 'name' } }, 'no column of numbers'],
    ['groups without end', { plan: { ...plan, attributes: ['name'] } }, 'more than 1000 different values'],
  ])('fails for %s, and says why', async (_what, changes, detail) => {
    const failed = await node.audit(auditOf(v1, stationsId, changes));
    expect(failed).toMatchObject({ status: 'failed', detail: expect.stringContaining(detail) });
  });

  test('fails when the data changed after the plan was fixed', async () => {
    const changing = await registerStations(node, 'Changing');
    await node.app.get(AuditJobs).stop();
    const { body } = await node.post<ShownAudit>(audits, auditOf(v1, changing.id));
    await registerStations(node, 'Changing', stations.slice(1));
    await node.app.get(RunAudit).run(body.id, new AbortController().signal);
    expect(await node.ended(body.id)).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('data changed'),
    });
  });
});
