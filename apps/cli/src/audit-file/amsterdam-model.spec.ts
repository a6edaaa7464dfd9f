import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditReport } from '@hansa/fair';
import { bindColumns, type FeatureVector, ModelHost, RowScorer, readingOf } from '@hansa/inference';
import { type AdditiveFeature, additiveModel } from '@hansa/inference/testing';
import { digestOf, must } from '@hansa/kernel';
import { afterAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { run, scratch } from '../testing/index.js';

const data = '../shared/data/amsterdam-smart-check';
const isThere = existsSync(join(data, 'original_model.json'));
if (!isThere) test.skip('skipped: the model of Amsterdam, because ../shared/data is not there', () => {});

const scores = z.array(z.number());
const document = z.object({
  intercept: z.number(),
  features: z.array(
    z.discriminatedUnion('type', [
      z.object({ name: z.string(), type: z.literal('continuous'), scores, edges: z.array(z.number()) }),
      z.object({ name: z.string(), type: z.literal('categorical'), scores, mapping: z.record(z.string(), z.number()) }),
    ]),
  ),
});

/** The model as published; the city computed one of its inputs itself, and it is 0 in all these rows. */
function readModel() {
  const { intercept, features } = document.parse(JSON.parse(readFileSync(join(data, 'original_model.json'), 'utf8')));
  const [imputed] = features.filter(({ name }) => name === 'sum_inkomen_bruto_was_mean_imputed');
  if (imputed?.type !== 'categorical') throw new Error('a feature is not there');
  const constant = imputed.scores[imputed.mapping['0.0'] ?? 0] ?? 0;
  const own = features.filter((feature) => feature !== imputed);
  const names = own.map(({ name }) => (name === 'sum_inkomen_bruto_value' ? 'sum_inkomen_bruto' : name));
  return { model: { intercept: intercept + constant, features: own satisfies readonly AdditiveFeature[] }, names };
}

function readRows() {
  const [head = '', ...lines] = readFileSync(join(data, 'original_model_scores.csv'), 'utf8').trim().split(/\r?\n/);
  return { head: head.split(','), lines, cells: lines.map((line) => line.split(',').map(Number)) };
}

const host = new ModelHost();
const folder = scratch();
afterAll(async () => {
  await host.close();
  folder.remove();
});

(isThere ? describe : describe.skip)("Amsterdam's model, published as numbers, run as ONNX", () => {
  test.each([
    ['float32', 1e-6],
    ['float64', 1e-12],
  ] as const)('gives the 16,384 published scores in %s to %d', async (precision, tolerance) => {
    const { model, names } = readModel();
    const { head, cells } = readRows();
    const bytes = additiveModel(model, precision);
    const digest = digestOf(bytes);
    const signature = must(await host.load({ digest, bytes }));
    const binding = must(
      bindColumns(
        signature,
        names.map((name) => ({ name, type: 'number' })),
        names,
      ),
    );
    const columns = new Map(
      head.map((name, i): [string, FeatureVector] => [
        name,
        { kind: 'number', values: Float64Array.from(cells, (row) => row[i] ?? Number.NaN) },
      ]),
    );
    const reading = must(readingOf(signature, { label: '1' }));
    const scorer = new RowScorer({ host, digest, signature, binding, reading });
    const found = must(await scorer.score({ rows: cells.length, columns }, 1));
    const published = columns.get('original_model_score')?.values ?? [];
    const furthest = found.reduce((most, score, i) => Math.max(most, Math.abs(score - Number(published[i]))), 0);
    expect(found.length).toBe(16_384);
    expect(furthest).toBeLessThan(tolerance);
  });

  test('decides through --model as the published scores decide, group by group', async () => {
    const { model, names } = readModel();
    const { head, lines, cells } = readRows();
    writeFileSync(join(folder.path, 'smart-check.onnx'), additiveModel(model, 'float64'));
    const published = head.indexOf('original_model_score');
    const marked = lines.map((line, i) => `${line},${(cells[i]?.[published] ?? 0) >= 0.55 ? 1 : 0}`);
    folder.file('rows.csv', `${[...head, 'marked'].join()}\n${marked.join('\n')}\n`);
    const { code, err } = await run(
      [
        ...['audit', 'run', '--data', 'rows.csv', '--model', 'smart-check.onnx', '--features', names.join()],
        ...['--threshold', '0.55', '--label', 'marked', '--outcome', 'burden', '--out', 'out'],
        ...['--protected', 'has_partner,has_medebewoner'],
      ],
      { directory: folder.path },
    );
    expect([code, err.split('\n').length]).toEqual([1, 2]);
    const report = JSON.parse(readFileSync(join(folder.path, 'out/report.json'), 'utf8')) as AuditReport;
    const positives = cells.filter((row) => (row[published] ?? 0) >= 0.55).length;
    expect(report.slices.map(({ counts }) => [counts.fp, counts.fn])).toEqual(Array(5).fill([0, 0]));
    expect(report.slices[0]?.counts).toMatchObject({ n: 16_384, tp: positives });
  });
});
