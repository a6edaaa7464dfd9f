import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { countersignWithDataIntegrity, hansaContextUrl, signWithDataIntegrity } from '@hansa/dcp';
import { type Participant, ParticipantWorld } from '@hansa/dcp/testing';
import { type AnsweredFinding, type AuditReport, type ConfusionCounts, isHeadline, reportBytes } from '@hansa/fair';
import { digestOf, digestOfJson, type JsonObject, must } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RunAudit } from '../../apps/connector/src/governance/audits/run-audit.js';
import {
  AuditReports,
  type DoneAudit,
  ExplanationService,
  InferenceService,
} from '../../apps/connector/src/governance/index.js';
import { AUDIT_FACTS, type AuditFacts } from '../../apps/connector/src/policy/index.js';
import { logisticModel } from '../../libs/inference/src/testing/index.js';
import { type Answer, GovernanceNode, problemOf, type Shown, type ShownAudit } from './governance.node.js';
import {
  auditOf,
  type ExpectedGroup,
  expected,
  modelFile,
  registerModel,
  registerStations,
  requestAbout,
  stations,
} from './step-free.fixtures.js';

const models = '/management/v1/models';
const audits = '/management/v1/audits';
const explanations = '/management/v1/explanations';
let node: GovernanceNode;
let stationsId: string;

beforeAll(async () => {
  node = await GovernanceNode.start();
  stationsId = (await registerStations(node, 'Railway stations')).id;
}, 60_000);

afterAll(() => node?.remove(), 60_000);

describe('hosted models', () => {
  const versions = new Map<string, { modelId: string; serviceId: string }>();
  const modelId = (version: string) => versions.get(version)?.modelId ?? '';
  const fact = (version: string) =>
    node.app.get<AuditFacts>(AUDIT_FACTS).newestFor(versions.get(version)?.serviceId ?? '');
  let passed: ShownAudit;

  test.each(['v1', 'v2'])('version %s is registered with its card', async (version) => {
    const { status, body } = await registerModel(node, version, stationsId);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      digest: digestOf(readFileSync(modelFile(`step-free-${version}.onnx`))),
      card: { name: 'step-free-access', threshold: version === 'v1' ? 0.19 : 0.125, positiveClass: 1 },
    });
    const id = String(body.id);
    const serviceId = await node.registerDataset(version, { kind: 'inference-service', modelId: id });
    versions.set(version, { modelId: id, serviceId });
  });

  test('a model scores a local dataset', async () => {
    const body = { datasetId: stationsId, where: [{ column: 'split', operator: 'eq', value: 'audit' }] };
    const scored = await node.post(`${models}/${encodeURIComponent(modelId('v2'))}/score`, body);
    expect(scored.body).toMatchObject({ rows: 3273, positives: 582 + 1999 });
  });

  test('single requests get the answers that were measured', async () => {
    const [first] = expected.versions.v2?.predictions ?? [];
    const answer = must(await node.app.get(InferenceService).infer(modelId('v2'), requestAbout(first?.id ?? '')));
    expect(answer.rows).toBe(1);
    const outputs = answer.response.outputs as unknown as { name: string; data: number[] }[];
    const probabilities = outputs.find(({ name }) => name === 'probabilities');
    expect(probabilities?.data[1]).toBeCloseTo(first?.probability ?? Number.NaN, 6);
    expect(outputs.find(({ name }) => name === 'label')?.data).toEqual([first?.label]);
  });

  test('before any audit there is no fact about it', async () => {
    expect(await fact('v1')).toBeUndefined();
  });

  test.each(['v1', 'v2'])('the audit of %s finds what fairlearn found', async (version) => {
    const reference = expected.versions[version];
    const done = await node.audit(auditOf(modelId(version), stationsId));
    expect(done).toMatchObject({ status: 'done', verdict: reference?.verdict, planDigest: expected.plan });
    const { body: report, text } = await node.report(done.id);
    expect(digestOf(text)).toBe(done.reportDigest);
    expect(Buffer.from(reportBytes(report)).toString()).toBe(text);
    for (const [attribute, { groups, allGroups, judgedGroups }] of Object.entries(reference?.byAttribute ?? {})) {
      const slices = report.slices.filter(({ attributes }) => attribute in attributes);
      expect(slices.map(({ attributes, counts, rates }) => [attributes[attribute], counts, foundShare(rates)])).toEqual(
        Object.entries(groups)
          .map(([group, cells]) => [group, countsOf(cells), cells.truePositiveRate] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      );
      for (const [groups, figures] of [['all', allGroups] as const, ['judged', judgedGroups] as const]) {
        for (const [metric, figure] of Object.entries(figures)) {
          const comparison = report.comparisons
            .filter(isHeadline)
            .find((one) => one.attribute === attribute && one.groups === groups && one.metric === metric);
          expect([metric, comparison?.state]).toEqual([metric, 'value']);
          expect(comparison?.state === 'value' && comparison.value).toBeCloseTo(figure, 12);
        }
      }
    }
    expect(await fact(version)).toMatchObject({ verdict: reference?.verdict, revoked: false });
    passed = done;
  });

  test('the plan stands in the ledger before the verdict, under the same digest', async () => {
    const { body } = await node.get<{ items: { entry: { kind: string; data: JsonObject } }[] }>(
      `/management/v1/ledger/entries?subject=${encodeURIComponent(passed.id)}`,
    );
    const entries = body.items.map(({ entry }) => entry);
    expect(entries.map(({ kind }) => kind)).toEqual(['audit.issued', 'audit.planned']);
    expect(entries.map(({ data }) => data.planDigest)).toEqual([expected.plan, expected.plan]);
    expect(digestOfJson(entries[1]?.data.plan)).toBe(expected.plan);
  });

  test('the credential verifies, and a tampered one does not', async () => {
    const { body: credential } = await node.credential(passed.id);
    expect(credential.credentialSubject).toMatchObject({
      modelDigest: digestOf(readFileSync(modelFile('step-free-v2.onnx'))),
      modelName: 'step-free-access',
      modelVersion: '2.0.0',
      verdict: 'pass',
      reportDigest: passed.reportDigest,
      planDigest: expected.plan,
    });
    expect((await node.verify(credential)).ok).toBe(true);
    const subject = credential.credentialSubject as JsonObject;
    const tampered = { ...credential, credentialSubject: { ...subject, verdict: 'fail' } };
    expect(await node.verify(tampered)).toMatchObject({ problem: { kind: 'data-integrity.proof-invalid' } });
  });

  test('a run that was cut off before its end gives the same bytes again', async () => {
    const { text: before } = await node.report(passed.id);
    const { dataSource } = node.database;
    await dataSource.query('DELETE FROM audit_report WHERE audit_id = $1', [passed.id]);
    await dataSource.query(
      `UPDATE audit SET status = 'running', issued_at = NULL, state = '{"status":"running","done":0,"total":0}' WHERE id = $1`,
      [passed.id],
    );
    await node.app.get(RunAudit).run(passed.id, new AbortController().signal);
    expect((await node.report(passed.id)).text).toBe(before);
  });

  test('a database that was tampered with gives no fact', async () => {
    const { text: before } = await node.credential(passed.id);
    const rewrite = (credential: string) =>
      node.database.dataSource.query('UPDATE audit_report SET credential = $2 WHERE audit_id = $1', [
        passed.id,
        credential,
      ]);
    await rewrite(before.replace('"modelVersion":"2.0.0"', '"modelVersion":"2.0.1"'));
    expect(await fact('v2')).toBeUndefined();
    await rewrite(before);
    expect(await fact('v2')).toMatchObject({ verdict: 'pass' });
  });

  test('a decision is explained: locally by its row, and for a consumer by its values', async () => {
    const body = { modelId: modelId('v2'), datasetId: stationsId, key: { column: 'id', value: 8000410 } };
    const local = await node.post<Shown>(explanations, { ...body, publish: true });
    expect(local.status).toBe(201);
    const { method, additivityError, prediction, contributions, sentences } = local.body as {
      readonly [member: string]: unknown;
      readonly contributions: readonly { readonly feature: string; readonly standardError: number }[];
      readonly sentences: readonly string[];
    };
    expect(method).toBe('sampled');
    expect(additivityError).toBeLessThan(1e-9);
    expect(prediction).toBeCloseTo(expected.versions.v2?.predictions[0]?.probability ?? Number.NaN, 6);
    expect(contributions).toHaveLength(17);
    expect(sentences[0]).toMatch(/^The model answers 0\.117 for this case, below the threshold of 0\.125/);
    const remote = must(await node.app.get(ExplanationService).explain(modelId('v2'), requestAbout('8000410')));
    expect(remote.contributions).toEqual(contributions);
  });

  test('a model of few features is explained exactly', async () => {
    const path = join(node.directory, 'few.onnx');
    await writeFile(path, logisticModel([0.3, -1], 0.5));
    const card = { name: 'few', version: '1', intendedUse: 'none', features: ['category', 'hasParking'] };
    const { body: model } = await node.post<Shown>(models, { path, card });
    const key = { column: 'id', value: 8000410 };
    const { body } = await node.post<Shown>(explanations, { modelId: model.id, datasetId: stationsId, key });
    expect(body).toMatchObject({ method: 'exact', backgroundRows: 64 });
    const station = stations.find(({ id }) => id === '8000410');
    const logit = 0.3 * (station?.category ?? 0) - (station?.hasParking ?? 0) + 0.5;
    expect(body.prediction).toBeCloseTo(1 / (1 + Math.exp(-logit)), 6);
    expect(body.additivityError).toBeLessThan(1e-9);
    const remote = await node.app.get(ExplanationService).explain(String(model.id), {
      inputs: [{ name: 'X', shape: [1, 2], datatype: 'FP32', data: [4, 1] }],
    });
    expect(remote).toMatchObject({ problem: { kind: 'explanation.no-background' } });
  });

  test('the public register shows every verdict, and only what was published of explanations', async () => {
    const register = node.app.get(AuditReports);
    const listed = await register.listAudits(10);
    expect(listed.map(({ audit, model }) => [audit.state.outcome.verdict, model?.card.version])).toEqual([
      ['pass', '2.0.0'],
      ['fail', '1.0.0'],
    ]);
    const published = must(await register.audit(passed.id));
    expect(published.report.verdict.outcome).toBe('pass');
    expect(published.explanation?.explanation.contributions).toHaveLength(17);
    expect(must(await register.model(modelId('v1'))).explanation).toBeNull();
  });

  describe('what comes after a report', () => {
    let city: Participant;
    let server: Server;
    let failed: DoneAudit;
    let open: AnsweredFinding;
    const findingsOf = (id: string) => `${audits}/${encodeURIComponent(id)}/findings`;
    const answer = (change: object) =>
      node.put<{ items: AnsweredFinding[] }>(`${findingsOf(failed.id)}/${encodeURIComponent(open.finding)}`, change);
    const takeIn = (id: string, credential: JsonObject) =>
      node.post<Shown>(`${audits}/${encodeURIComponent(id)}/countersignatures`, { credential });
    const countersigned = async (id: string) => {
      const { body: credential } = await node.credential(id);
      return must(await countersignWithDataIntegrity(credential, { signer: city.signers.report, now: new Date() }));
    };

    beforeAll(async () => {
      server = createServer((_, response) => {
        response.setHeader('content-type', 'application/did+json');
        response.end(JSON.stringify(city.published));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      city = await new ParticipantWorld(new Date()).join(`did:web:localhost%3A${port}`);
      const listed = await node.app.get(AuditReports).listAudits(10);
      failed = listed.find(({ audit }) => audit.state.outcome.verdict === 'fail')?.audit as DoneAudit;
      const { body } = await node.get<{ items: AnsweredFinding[] }>(findingsOf(failed.id));
      open = body.items.find(({ severity }) => severity === 'high') as AnsweredFinding;
    });
    afterAll(() => new Promise((resolve) => server.close(resolve)));

    test('a grave finding that is open keeps everybody from counter-signing, and is named', async () => {
      expect(open).toMatchObject({ state: 'open', owner: null, due: null, isOverdue: false });
      const refused = await takeIn(failed.id, await countersigned(failed.id));
      expect(problemOf(refused)).toEqual([409, 'urn:hansa:problem:audit.conflict']);
      expect(refused.text).toContain(open.finding);
    });

    test('a finding gets an owner, a term and an answer, each on record', async () => {
      expect((await answer({ state: 'accepted' })).status).toBe(400);
      expect((await answer({ state: 'resolved' })).status).toBe(400);
      expect((await answer({})).status).toBe(400);
      expect((await answer({ due: 'soon' })).status).toBe(400);
      expect((await answer({ owner: 'Head of Stations', due: '2020-01-31' })).status).toBe(200);
      const { body } = await node.get<{ items: AnsweredFinding[] }>(findingsOf(failed.id));
      expect(body.items.find(({ finding }) => finding === open.finding)).toMatchObject({
        state: 'open',
        owner: 'Head of Stations',
        due: '2020-01-31',
        isOverdue: true,
      });
      for (const { finding } of body.items.filter(({ severity }) => severity === 'high')) {
        const path = `${findingsOf(failed.id)}/${encodeURIComponent(finding)}`;
        const said = await node.put(path, { state: 'accepted', reason: 'The model is out of use.' });
        expect(said.status).toBe(200);
      }
      const ledger = await node.get<{ items: { entry: { kind: string; data: JsonObject } }[] }>(
        `/management/v1/ledger/entries?subject=${encodeURIComponent(failed.id)}`,
      );
      const said = ledger.body.items.filter(({ entry }) => entry.data.finding === open.finding);
      expect(said.map(({ entry }) => [entry.kind, entry.data.state, entry.data.owner])).toEqual([
        ['audit.finding-answered', 'accepted', 'Head of Stations'],
        ['audit.finding-answered', 'open', 'Head of Stations'],
      ]);
      expect((await node.put(`${findingsOf(failed.id)}/sha-256:none`, { owner: 'X' })).status).toBe(404);
    });

    test('then a second party counter-signs, and the first signature stays', async () => {
      const { body: before } = await node.credential(failed.id);
      const both = await countersigned(failed.id);
      const { body: other } = await node.credential(passed.id);
      const foreign = must(await countersignWithDataIntegrity(other, { signer: city.signers.report, now: new Date() }));
      expect((await takeIn(failed.id, foreign)).status).toBe(409);
      expect((await takeIn(failed.id, before)).status).toBe(409);
      const tampered = { ...both, validUntil: '2099-01-01T00:00:00Z' };
      expect((await takeIn(failed.id, tampered)).status).toBeGreaterThanOrEqual(400);
      expect(await takeIn(failed.id, both)).toMatchObject({ status: 200, body: { signers: [city.did] } });
      const { body: stored } = await node.credential(failed.id);
      expect(stored).toEqual(both);
      expect((stored.proof as JsonObject[])[0]).toEqual(before.proof);
      expect(await fact('v1')).toMatchObject({ verdict: 'fail', revoked: false });
    });

    test('this node counter-signs what another party has signed, under the same condition', async () => {
      const { body: report, text } = await node.report(failed.id);
      const credential = must(
        await signWithDataIntegrity(
          {
            '@context': ['https://www.w3.org/ns/credentials/v2', hansaContextUrl],
            id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
            type: ['VerifiableCredential', 'AiAuditReportCredential'],
            issuer: city.did,
            validFrom: new Date(Date.now() - 1000).toISOString(),
            credentialSubject: { id: 'urn:audit:elsewhere', type: 'AuditReport', reportDigest: digestOf(text) },
          },
          { signer: city.signers.report, now: new Date() },
        ),
      );
      const sign = (body: object) => node.post<JsonObject>(`${audits}/countersign`, { credential, report, ...body });
      const refused = await sign({});
      expect([refused.status, refused.text.includes(open.finding)]).toEqual([409, true]);
      const { body: said } = await node.get<{ items: AnsweredFinding[] }>(findingsOf(failed.id));
      const given = await sign({ answers: said.items });
      expect(given.status).toBe(200);
      expect((given.body.proof as JsonObject[]).map(({ verificationMethod }) => verificationMethod)).toEqual([
        city.keys.report.id,
        node.identity.reportKey.id,
      ]);
      const changed = { ...report, findings: [] };
      expect((await sign({ report: changed, answers: said.items })).status).toBe(400);
    });
  });

  test('verdicts and requests to models are measured', async () => {
    const { body } = await node.get<{ items: { entry: { data: JsonObject } }[] }>(
      '/management/v1/ledger/entries?kind=audit.issued',
    );
    const issued = (verdict: string) => body.items.filter(({ entry }) => entry.data.verdict === verdict).length;
    const lines = (await node.get('/metrics')).text.split('\n').filter((line) => line.startsWith('hansa_'));
    for (const line of [
      `hansa_audits_total{verdict="pass"} ${issued('pass')}`,
      `hansa_audits_total{verdict="fail"} ${issued('fail')}`,
      'hansa_inference_duration_seconds_count{outcome="answered"} 1',
    ])
      expect(lines).toContain(line);
  });

  test('a revoked audit counts for nothing, here and for whoever checks its credential', async () => {
    const revoke = (): Promise<Answer<Shown>> =>
      node.post<Shown>(`${audits}/${encodeURIComponent(passed.id)}/revoke`, { reason: 'The labels were wrong.' });
    expect((await revoke()).body).toMatchObject({ revocationReason: 'The labels were wrong.' });
    expect(await fact('v2')).toMatchObject({ verdict: 'pass', revoked: true });
    const { body: credential } = await node.credential(passed.id);
    expect(await node.verify(credential)).toMatchObject({ problem: { kind: 'status.revoked' } });
    expect(problemOf(await revoke())).toEqual([409, 'urn:hansa:problem:audit.conflict']);
  });

  test('an audit that was interrupted is made after the restart', async () => {
    const { body } = await node.post<ShownAudit>(audits, auditOf(modelId('v2'), stationsId));
    expect(body.status).toBe('queued');
    const { directory } = node;
    await node.stop();
    node = await GovernanceNode.start(directory);
    expect(await node.ended(body.id)).toMatchObject({ status: 'done', verdict: 'pass' });
    expect(await fact('v2')).toMatchObject({ verdict: 'pass', revoked: false });
  }, 60_000);
});

function countsOf(cells: ExpectedGroup): ConfusionCounts {
  const { trueNegatives: tn, falsePositives: fp, falseNegatives: fn, truePositives: tp } = cells;
  return { n: tn + fp + fn + tp, tn, fp, fn, tp };
}

function foundShare(rates: AuditReport['slices'][number]['rates']): number {
  const { truePositiveRate: rate } = rates;
  return rate.state === 'value' ? rate.value : Number.NaN;
}
