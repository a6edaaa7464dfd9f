import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditReport } from '@hansa/fair';
import { isJsonObject, type JsonObject, parseJson } from '@hansa/kernel';
import type { Audit, Explanation, HostedModel, InferenceResponse, PeerCatalog } from '../../api.js';
import { getPublic, path } from '../../client.js';
import { orFail } from '../../failure.js';
import { packageRoot } from '../../package-root.js';
import { answered, finishAudit, negotiate, offer, refusal, register, startTransfer, verdictOf } from '../calls.js';
import { writeCsv } from '../data/csv.js';
import { loadStations, type StationRow } from '../data/stations.js';
import { expect, given, type Step, type Story } from '../story.js';
import { verifyOffline } from '../verify-offline.js';

type Version = 'v1' | 'v2';

const modelFile = (name: string): string => join(packageRoot(), 'apps', 'cli', 'src', 'demo', 'model', name);

async function readJson(file: string): Promise<JsonObject> {
  const parsed = orFail(parseJson(await readFile(file, 'utf8')));
  expect(isJsonObject(parsed), `${file} holds no JSON object`);
  return parsed;
}

/** Registers a version of the model and offers it as a service that only a good audit opens. */
async function host(story: Story, version: Version): Promise<HostedModel> {
  const berlin = given(story.berlin, 'berlin');
  const card = {
    ...(await readJson(modelFile(`model-card-${version}.json`))),
    background: given(story.stationsId, 'the audit data'),
  };
  const file = modelFile(`step-free-${version}.onnx`);
  const model = await answered(berlin.manage.post<HostedModel>('/models', { path: file, card }));
  const service = await register(berlin, {
    title: `Which stations lack step-free access? (${version})`,
    description: 'A hosted model: send the facts about a station, get an estimate.',
    source: { kind: 'inference-service', modelId: model.id },
  });
  await offer(berlin, service.id, 'audited-models-only', { maxAge: 'P180D' });
  story.services.set(version, { modelId: model.id, datasetId: service.id });
  return model;
}

async function audit(story: Story, version: Version, progress: (text: string) => void): Promise<Audit> {
  const berlin = given(story.berlin, 'berlin');
  const service = given(story.services.get(version), `model ${version}`);
  const plan = await readJson(modelFile('audit-plan.json'));
  const planned = await answered(
    berlin.manage.post<Audit>('/audits', {
      modelId: service.modelId,
      datasetId: given(story.stationsId, 'the audit data'),
      labelColumn: 'lacksStepFreeAccess',
      plan,
    }),
  );
  service.auditId = planned.id;
  return finishAudit(berlin, planned.id, progress);
}

async function reportOf(story: Story, version: Version): Promise<AuditReport> {
  const berlin = given(story.berlin, 'berlin');
  const id = given(story.services.get(version)?.auditId, `the audit of ${version}`);
  return answered(berlin.manage.get<AuditReport>(path`/audits/${id}/report`));
}

export const hostModel: Step = {
  name: 'host-model',
  doing: 'berlin hosts a model',
  run: async (story) => {
    const berlin = given(story.berlin, 'berlin');
    const stations = orFail(loadStations()).filter((row) => row.split === 'audit');
    const file = join(story.directory, 'stations-audit.csv');
    await writeFile(file, writeCsv(stations));
    const dataset = await register(berlin, {
      title: 'Railway stations set apart for audits',
      description: 'Stations that no model was trained on, with what is known about their step-free access.',
      publisher: 'Deutsche Bahn',
      licence: 'CC BY 4.0',
      source: { kind: 'file', path: file },
    });
    story.stationsId = dataset.id;
    const model = await host(story, 'v1');
    const { inputs } = model.signature;
    return `Berlin hosts a model (${inputs.length} inputs, digest ${model.digest.slice(0, 16)}…) that estimates which railway stations lack step-free access, and offers it to members, if an audit has passed.`;
  },
};

export const refuseUnaudited: Step = {
  name: 'refuse-unaudited',
  doing: 'bruges asks for the model',
  run: async (story) => {
    const [berlin, bruges] = [given(story.berlin, 'berlin'), given(story.bruges, 'bruges')];
    const { datasets } = await answered(
      bruges.manage.post<PeerCatalog>('/catalog/request', { counterparty: berlin.did }),
    );
    const service = given(story.services.get('v1'), 'the model');
    expect(
      datasets.some(({ id }) => id === service.datasetId),
      'bruges does not find the model in the catalogue',
    );
    const refused = await negotiate(bruges, berlin, service.datasetId);
    expect(refused.state === 'TERMINATED', `the negotiation ended ${refused.state}`);
    return `Bruges finds the model and asks to use it. It is refused, for nobody has audited it: “${refusal(refused)}”`;
  },
};

export const failAudit: Step = {
  name: 'fail-audit',
  doing: 'berlin audits the model by federal state and kind of station',
  run: async (story, progress) => {
    const [berlin, bruges] = [given(story.berlin, 'berlin'), given(story.bruges, 'bruges')];
    const done = await audit(story, 'v1', progress);
    expect(verdictOf(done) === 'fail', `the verdict is ${verdictOf(done)}`);
    const report = await reportOf(story, 'v1');
    const refused = await negotiate(bruges, berlin, given(story.services.get('v1'), 'the model').datasetId);
    expect(refused.state === 'TERMINATED', `the negotiation ended ${refused.state}`);
    const harm = report.findings[0]?.text ?? '';
    return `The audit, under a plan fixed before, fails. ${harm} So the model stays closed: “${refusal(refused)}”`;
  },
};

export const passAudit: Step = {
  name: 'pass-audit',
  doing: 'berlin hosts a second version and audits it under the same plan',
  run: async (story, progress) => {
    await host(story, 'v2');
    const done = await audit(story, 'v2', progress);
    expect(verdictOf(done) === 'pass', `the verdict is ${verdictOf(done)}`);
    const [first, second] = [await reportOf(story, 'v1'), await reportOf(story, 'v2')];
    expect(first.planDigest === second.planDigest, 'the two audits had different plans');
    const gap = (report: AuditReport): string => {
      const [reason] = report.verdict.reasons;
      return reason && 'value' in reason ? reason.value.toFixed(2) : 'unknown';
    };
    return `A second version, for screening before a check on the spot, passes the same plan: its largest gap between states is ${gap(second)}, where the first had ${gap(first)}.`;
  },
};

/** A station whose step-free access nobody has recorded: the case that the model is for. */
function openCase(): StationRow {
  const station = orFail(loadStations()).find((row) => row.split === 'unlabelled');
  return given(station, 'a station without a record');
}

/** A request of the Open Inference Protocol with one row: the columns that the model names. */
function inferRequest(model: HostedModel, station: StationRow): JsonObject {
  const values = station as unknown as Readonly<Record<string, string | number>>;
  const inputs = model.signature.inputs.map(({ name, elementType }) => {
    const text = elementType === 'string';
    return {
      name,
      shape: [1, 1],
      datatype: text ? 'BYTES' : 'FP32',
      data: [given(values[name], `the column ${name}`)],
    };
  });
  return { id: station.id, inputs };
}

export const inferAndExplain: Step = {
  name: 'infer-and-explain',
  doing: 'bruges uses the audited model',
  run: async (story) => {
    const [berlin, bruges] = [given(story.berlin, 'berlin'), given(story.bruges, 'bruges')];
    const { datasetId, modelId } = given(story.services.get('v2'), 'the second version');
    const agreed = await negotiate(bruges, berlin, datasetId);
    expect(agreed.state === 'FINALIZED', `the negotiation ended ${agreed.state}: ${refusal(agreed)}`);
    const transfer = await startTransfer(bruges, given(agreed.agreementId ?? undefined, 'the agreement'));
    const model = await answered(berlin.manage.get<HostedModel>(path`/models/${modelId}`));
    const station = openCase();
    const request = inferRequest(model, station);
    const answer = await answered(
      bruges.manage.post<InferenceResponse>(path`/transfers/${transfer.id}/infer`, request),
    );
    const probability = Number(answer.outputs.find((output) => output.name === 'probabilities')?.data[1]);
    expect(probability >= 0 && probability <= 1, 'the model gave no probability');
    const explanation = await answered(
      bruges.manage.post<Explanation>(path`/transfers/${transfer.id}/explain`, request),
    );
    const [first, second] = [...explanation.contributions].sort(
      (a, b) => Math.abs(b.contribution) - Math.abs(a.contribution),
    );
    const why = [first, second].map((part) => part && `${part.feature} = ${part.value} (${signed(part.contribution)})`);
    return `Now bruges may ask: for ${station.name}, where nothing is recorded, the estimate is ${Math.round(probability * 100)} %. What counted most, against an average of ${Math.round(explanation.baseValue * 100)} %: ${why.filter(Boolean).join(' and ')}.`;
  },
};

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value * 100).toFixed(1)} points`;

export const verifyReport: Step = {
  name: 'verify-report',
  doing: 'an auditor verifies the report offline',
  run: async (story) => {
    const berlin = given(story.berlin, 'berlin');
    const id = given(story.services.get('v2')?.auditId, 'the audit');
    const [report, credential] = await Promise.all([
      answered(berlin.manage.getText(path`/audits/${id}/report`)),
      answered(berlin.manage.getText(path`/audits/${id}/credential`)),
    ]);
    const did = await answered(getPublic(berlin.url, '/.well-known/did.json'));
    for (const [name, text] of Object.entries({ report, credential, did }))
      await writeFile(join(story.directory, `${name}.json`), text);
    const document = orFail(parseJson(did));
    expect(isJsonObject(document), 'berlin publishes no DID document');
    const tampered = report.replace('"outcome":"pass"', '"outcome":"fail"');
    expect(tampered !== report, 'the copy was not tampered with');
    expect(await verifyOffline(berlin.did, document, { report, credential }), 'the report does not verify');
    expect(!(await verifyOffline(berlin.did, document, { report: tampered, credential })), 'a tampered copy verifies');
    return 'The report verifies offline, with nothing but the public key of berlin; a copy with one word changed does not.';
  },
};
