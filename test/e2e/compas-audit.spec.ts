import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { AuditReports } from '../../apps/connector/src/governance/index.js';
import { GovernanceNode } from './governance.node.js';

const compas = resolve('../shared/data/compas/compas-scores-two-years.csv');

// ProPublica's published tables (the notebook "Compas Analysis"): n, tn, fp, fn, tp, then FPR, FNR and PPV.
const published: Readonly<Record<string, readonly number[]>> = {
  all: [7214, 2681, 1282, 1216, 2035, 0.323492, 0.374039, 0.613506],
  'African-American': [3696, 990, 805, 532, 1369, 0.448468, 0.279853, 0.629715],
  Caucasian: [2454, 1139, 349, 461, 505, 0.234543, 0.477226, 0.591335],
  Female: [1395, 609, 288, 195, 303, 0.32107, 0.391566, 0.51269],
  Male: [5819, 2072, 994, 1021, 1732, 0.324201, 0.370868, 0.635363],
};
const rateNames = ['falsePositiveRate', 'falseNegativeRate', 'positivePredictiveValue'] as const;

if (!existsSync(compas)) test.skip(`skipped: the audit of COMPAS, because ${compas} is not there`, () => undefined);
else
  test('an audit of decisions that stand in a column reproduces the published table of COMPAS', async () => {
    const node = await GovernanceNode.start();
    try {
      const done = await node.audit({
        predictionColumn: 'score_text',
        positive: ['Medium', 'High'],
        datasetId: await node.registerDataset('COMPAS', { kind: 'file', path: compas }),
        labelColumn: 'two_year_recid',
        plan: {
          outcome: { name: 're-offends within two years', positive: 'medium or high risk', polarity: 'burden' },
          attributes: ['race', 'sex'],
          metrics: [{ metric: 'equalizedOddsDifference', margin: 0.1, reason: 'Errors must fall alike on everybody.' }],
        },
      });
      expect(done).toMatchObject({ status: 'done', verdict: 'fail' });
      const { body: report } = await node.report(done.id);
      const found = new Map(report.slices.map((slice) => [Object.values(slice.attributes)[0] ?? 'all', slice]));
      for (const [group, [n, tn, fp, fn, tp, ...rates]] of Object.entries(published)) {
        const slice = found.get(group);
        expect(slice?.counts).toEqual({ n, tn, fp, fn, tp });
        rateNames.forEach((name, i) => {
          const rate = slice?.rates[name];
          expect(rate?.state === 'value' && rate.value).toBeCloseTo(rates[i] ?? Number.NaN, 6);
        });
      }
      expect((await node.verify((await node.credential(done.id)).body)).ok).toBe(true);
      const [listed] = await node.app.get(AuditReports).listAudits(1);
      expect(listed).toMatchObject({ model: null, audit: { id: done.id } });
    } finally {
      await node.remove();
    }
  }, 60_000);
