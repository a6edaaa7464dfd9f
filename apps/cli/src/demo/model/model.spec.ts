import { readFileSync } from 'node:fs';
import { digestOf, digestOfJson, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { z } from 'zod';
import { writeCsv } from '../data/csv.js';
import { loadStations, type StationRow } from '../data/stations.js';

const bytes = (name: string) => readFileSync(new URL(name, import.meta.url));
const json = (name: string): unknown => JSON.parse(bytes(name).toString('utf8'));

const group = z.object({ truePositives: z.number(), falseNegatives: z.number() });
const version = z.object({
  model: z.string(),
  verdict: z.string(),
  byAttribute: z.record(z.string(), z.object({ groups: z.record(z.string(), group) })),
  predictions: z.array(z.object({ id: z.string(), probability: z.number(), label: z.number() })),
});
const expected = z
  .object({ stations: z.string(), plan: z.string(), versions: z.record(z.enum(['v1', 'v2']), version) })
  .parse(json('expected.json'));
const cardSchema = z.object({
  model: z.object({ file: z.string(), digest: z.string() }),
  threshold: z.object({ atLeast: z.number() }),
  features: z.array(z.object({ name: z.string(), type: z.enum(['string', 'float']) })),
  trainingData: z.object({ table: z.string() }),
});
const stations = must(loadStations());

describe.each(['v1', 'v2'] as const)('step-free %s', (name) => {
  const card = cardSchema.parse(json(`model-card-${name}.json`));
  const reference = expected.versions[name];
  const model = bytes(card.model.file);

  test('the card, the file, the plan and the data are the ones that were measured', () => {
    expect(card.model.digest).toBe(digestOf(model));
    expect(reference.model).toBe(digestOf(model));
    expect(expected.plan).toBe(digestOfJson(json('audit-plan.json')));
    expect([expected.stations, card.trainingData.table]).toEqual(Array(2).fill(digestOf(writeCsv(stations))));
    expect(model.byteLength).toBeLessThan(200_000);
  });

  test('every audit row gets the answer that was measured', async () => {
    const audit = stations.filter((row) => row.split === 'audit');
    const session = await InferenceSession.create(model);
    const output = await session.run(
      Object.fromEntries(card.features.map(({ name: column, type }) => [column, tensor(audit, column, type)])),
    );
    const labels = Array.from(output.label?.data as BigInt64Array, Number);
    const scores = output.probabilities?.data as Float32Array;
    expect(output.probabilities?.dims).toEqual([audit.length, 2]);
    expect(labels).toEqual(audit.map((_, i) => Number((scores[2 * i + 1] ?? 0) >= card.threshold.atLeast)));

    const found = audit.map((row, i) => ({ row, label: labels[i], score: scores[2 * i + 1] }));
    for (const { id, label, probability } of reference.predictions) {
      const own = found.find(({ row }) => row.id === id);
      expect(own?.label).toBe(label);
      expect(own?.score).toBeCloseTo(probability, 6);
    }
    for (const [state, cell] of Object.entries(reference.byAttribute.federalState?.groups ?? {})) {
      const lacking = found.filter(({ row }) => row.federalState === state && row.lacksStepFreeAccess === 1);
      const hits = lacking.filter(({ label }) => label === 1).length;
      expect([state, hits, lacking.length - hits]).toEqual([state, cell.truePositives, cell.falseNegatives]);
    }
  });
});

test('the first version fails the plan and the second one passes it', () => {
  expect([expected.versions.v1.verdict, expected.versions.v2.verdict]).toEqual(['fail', 'pass']);
});

function tensor(rows: readonly StationRow[], column: string, type: 'string' | 'float'): Tensor {
  const values = rows.map((row) => row[column as keyof StationRow]);
  return type === 'string'
    ? new Tensor('string', values.map(String), [rows.length, 1])
    : new Tensor('float32', Float32Array.from(values, Number), [rows.length, 1]);
}
