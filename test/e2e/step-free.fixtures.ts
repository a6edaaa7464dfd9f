import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type JsonObject, must } from '@hansa/kernel';
import { writeCsv } from '../../apps/cli/src/demo/data/csv.js';
import { loadStations, type StationRow } from '../../apps/cli/src/demo/data/stations.js';
import type { GovernanceNode, Shown } from './governance.node.js';

/** The demo's models, plan and data, with the figures that fairlearn gives for them. */
export const modelFile = (name: string): string => resolve('apps/cli/src/demo/model', name);
const readJson = (name: string) => JSON.parse(readFileSync(modelFile(name), 'utf8'));
export const stations: readonly StationRow[] = must(loadStations());
export const plan: JsonObject = readJson('audit-plan.json');

export interface ExpectedGroup {
  readonly trueNegatives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly truePositives: number;
  readonly truePositiveRate: number;
}

interface ExpectedAttribute {
  readonly groups: Readonly<Record<string, ExpectedGroup>>;
  readonly allGroups: Readonly<Record<string, number>>;
  readonly judgedGroups: Readonly<Record<string, number>>;
}

interface ExpectedVersion {
  readonly verdict: string;
  readonly byAttribute: Readonly<Record<string, ExpectedAttribute>>;
  readonly predictions: readonly { readonly id: string; readonly probability: number; readonly label: number }[];
}

export const expected: { readonly plan: string; readonly versions: Readonly<Record<string, ExpectedVersion>> } =
  readJson('expected.json');

/** Writes stations into the node's directory and registers them. */
export async function registerStations(
  node: GovernanceNode,
  name: string,
  rows: readonly StationRow[] = stations,
): Promise<{ readonly id: string; readonly file: string }> {
  const file = join(node.directory, `${name}.csv`);
  await writeFile(file, writeCsv(rows));
  return { file, id: await node.registerDataset(name, { kind: 'file', path: file }) };
}

/** Registers a version of the demo's model. */
export function registerModel(node: GovernanceNode, version: string, background: string) {
  const card = { ...readJson(`model-card-${version}.json`), background };
  return node.post<Shown>('/management/v1/models', { path: modelFile(`step-free-${version}.onnx`), card });
}

/** A request for the audit that the demo makes, on the rows set apart for it. */
export const auditOf = (modelId: string, datasetId: string, changes: object = {}) => ({
  modelId,
  datasetId,
  labelColumn: 'lacksStepFreeAccess',
  where: [{ column: 'split', operator: 'eq', value: 'audit' }],
  plan,
  ...changes,
});

/** A request of the Open Inference Protocol about one station, for the second version. */
export function requestAbout(id: string): JsonObject {
  const station = stations.find((row) => row.id === id) as unknown as Readonly<Record<string, string | number>>;
  const features: readonly { readonly name: string; readonly type: string }[] = readJson('model-card-v2.json').features;
  return {
    inputs: features.map(({ name, type }) => ({
      name,
      shape: [1, 1],
      datatype: type === 'string' ? 'BYTES' : 'FP32',
      data: [station[name] ?? 0],
    })),
  };
}
