import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditReport, reportDigest } from '@hansa/fair';
import { canonicalJson, type JsonObject } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditRerun } from '../../apps/connector/src/governance/audits/rerun-audit.js';
import { GovernanceNode, problemOf, type Shown } from './governance.node.js';
import { auditOf, registerModel, registerStations } from './step-free.fixtures.js';

const rerun = '/management/v1/audits/rerun';

describe('the audit of one node, run again by another', () => {
  let first: GovernanceNode;
  let second: GovernanceNode;
  let ofModel: AuditReport;
  let ofColumn: AuditReport;
  let stationsOfSecond: string;
  let modelOfSecond: string;
  let people: string;

  const plan = {
    outcome: { name: 'is inspected', positive: 'inspected', polarity: 'burden' },
    attributes: ['sex'],
    metrics: [{ metric: 'demographicParityDifference', margin: 0.2, reason: 'Set by the council.' }],
  };
  const lines = Array.from(
    { length: 300 },
    (_, i) => `${i % 2 ? 'm' : 'f'},${i % 3 ? 0 : 1},${(i * 7) % 5 ? 'no' : 'yes'}`,
  );
  const registerPeople = async (node: GovernanceNode, title: string) => {
    people = join(node.directory, `${title}.csv`);
    await writeFile(people, `sex,y,d\n${lines.join('\n')}\n`);
    return node.registerDataset(title, { kind: 'file', path: people });
  };
  const reportOf = async (node: GovernanceNode, request: object) =>
    (await node.report((await node.audit(request)).id)).body;
  const again = async (report: object) => {
    const { status, body, text } = await second.post<AuditRerun>(rerun, { report });
    if (status !== 200) throw new Error(text);
    return body;
  };

  beforeAll(async () => {
    [first, second] = await Promise.all([GovernanceNode.start(), GovernanceNode.start()]);
    const stations = await registerStations(first, 'Railway stations');
    const model = String((await registerModel(first, 'v1', stations.id)).body.id);
    const datasetId = await registerPeople(first, 'People');
    const column = { predictionColumn: 'd', positive: ['yes'], datasetId, labelColumn: 'y', plan };
    ofModel = await reportOf(first, auditOf(model, stations.id));
    ofColumn = await reportOf(first, column);
  }, 60_000);
  afterAll(() => Promise.all([first?.remove(), second?.remove()]), 60_000);

  test('needs the same data and the same model there', async () => {
    const noData = await second.post<Shown>(rerun, { report: ofModel });
    expect(problemOf(noData)).toEqual([404, 'urn:hansa:problem:dataset.not-found']);
    expect(noData.body.detail).toContain(ofModel.data.digest);
    stationsOfSecond = (await registerStations(second, 'Bahnhöfe')).id;
    const noModel = await second.post<Shown>(rerun, { report: ofModel });
    expect(problemOf(noModel)).toEqual([404, 'urn:hansa:problem:model.not-found']);
    modelOfSecond = String((await registerModel(second, 'v1', stationsOfSecond)).body.id);
  });

  test('comes to the same bytes, whatever the data are called there, and puts that on record', async () => {
    const outcome = await again(ofModel);
    expect(outcome).toMatchObject({ same: true, differing: 0, datasetId: stationsOfSecond, modelId: modelOfSecond });
    expect(outcome.reportDigest).toEqual({ stated: reportDigest(ofModel), repeated: reportDigest(ofModel) });
    const { body } = await second.get<{ items: readonly { entry: JsonObject }[] }>(
      `/management/v1/ledger/entries?subject=${encodeURIComponent(modelOfSecond)}`,
    );
    expect(body.items.map(({ entry }) => [entry.kind, entry.data])).toContainEqual([
      'audit.rerun',
      { same: true, reportDigest: outcome.reportDigest },
    ]);
    const { body: audits } = await second.get<{ items: readonly object[] }>('/management/v1/audits');
    expect(audits.items).toEqual([]);
  });

  test('two nodes that plan it alike differ in the time and in what they call the dataset, and in nothing else', async () => {
    const own = await reportOf(second, auditOf(modelOfSecond, stationsOfSecond));
    const { at, data } = ofModel;
    expect([own.at === at, own.data.dataset === data.dataset, own.data.title === data.title]).toEqual([
      false,
      false,
      false,
    ]);
    const { dataset = null, title = null } = data;
    expect(canonicalJson({ ...own, at, data: { ...own.data, dataset, title } } as unknown as JsonObject)).toBe(
      canonicalJson(ofModel as unknown as JsonObject),
    );
  });

  test('of decisions that stand in a column comes to the same bytes, too', async () => {
    await registerPeople(second, 'Others');
    expect(await again(ofColumn)).toMatchObject({ same: true, modelId: null });
  });

  test('finds what was changed in a report', async () => {
    const other = { ...ofColumn, verdict: { ...ofColumn.verdict, outcome: 'insufficient-data' } };
    const { same, differences } = await again(other);
    expect([same, differences.map(({ at }) => at)]).toEqual([false, ['/verdict/outcome']]);
    const older = { ...ofColumn, software: { ...ofColumn.software, version: '0.0.1' } };
    expect((await again(older)).differences.map(({ at }) => at)).toEqual(['/software/version']);
  });

  test('refuses what it cannot run again, and says why', async () => {
    const refused = async (report: object) => {
      const answer = await second.post<Shown>(rerun, { report });
      return [...problemOf(answer), answer.body.detail];
    };
    const { data } = ofColumn;
    expect(await refused({ ...ofColumn, verdict: null })).toEqual([
      400,
      'urn:hansa:problem:audit.invalid-report',
      expect.anything(),
    ]);
    expect(await refused({ ...ofColumn, data: { digest: data.digest, rows: data.rows, file: 'people.csv' } })).toEqual([
      400,
      'urn:hansa:problem:audit.not-repeatable',
      expect.stringContaining('run the audit of a file again on the file'),
    ]);
    await appendFile(people, 'f,1,yes\n');
    expect(await refused(ofColumn)).toEqual([
      409,
      'urn:hansa:problem:audit.conflict',
      expect.stringContaining('has changed since'),
    ]);
  });
});
