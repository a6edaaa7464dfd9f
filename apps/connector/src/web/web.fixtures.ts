import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Explanation } from '@hansa/explain';
import { type AuditPlan, type AuditReport, answeredFindings, type CellCounts } from '@hansa/fair';
import { digestOf, digestOfJson } from '@hansa/kernel';
import { auditReport, cellCounts, confusion } from '@hansa/report/testing';
import type { DoneAudit, HostedModel } from '../governance/index.js';
import { type AuditView, auditView, type ExplanationView } from './audit-view.js';
import type { DatasetView, NodeView, RegisterLine } from './view.js';

export const node: NodeView = {
  city: 'Berlin',
  did: 'did:web:localhost%3A7001',
  publicUrl: 'http://localhost:7001',
  authority: false,
};

export function reportOf(plan: AuditPlan, counts: CellCounts, { digest, card } = hostedModel()): AuditReport {
  const { name, version, intendedUse, threshold } = card;
  return auditReport(plan, counts, { digest, name, version, intendedUse, threshold });
}

export function hostedModel(changes: Partial<HostedModel['card']> = {}): HostedModel {
  const card: HostedModel['card'] = {
    name: 'step-free-access',
    version: '1.0.0',
    description: 'Estimates whether a railway station lacks reliable step-free access.',
    intendedUse: "Lists stations of Germany's railway that probably lack reliable step-free access.",
    limitations: ['Learns where barriers are common and hardly looks elsewhere.'],
    owners: ['The Hansa project'],
    licence: 'Apache-2.0',
    threshold: 0.19,
    positiveClass: 1,
    features: [],
    background: null,
    ...changes,
  };
  const signature: HostedModel['signature'] = {
    irVersion: 8,
    producer: 'skl2onnx',
    opsets: [{ domain: 'ai.onnx.ml', version: 3 }],
    operators: ['ai.onnx.ml.TreeEnsembleClassifier'],
    nodes: 3,
    inputs: [
      { name: 'federalState', kind: 'tensor', elementType: 'string', shape: ['N', 1] },
      { name: 'weight', kind: 'tensor', elementType: 'float32', shape: [null, 1] },
    ],
    outputs: [
      { name: 'label', kind: 'tensor', elementType: 'int64', shape: ['N'] },
      { name: 'probabilities', kind: 'tensor', elementType: 'float32', shape: ['N', 2] },
    ],
  };
  const { name, version } = card;
  const id = `urn:uuid:0b6f2c1e-0000-4000-8000-${digestOf(name + version).slice(8, 20)}`;
  return { id, digest: digestOf(name + version), signature, card, createdAt: new Date('2026-11-20T10:00:00Z') };
}

export function doneAudit(report: AuditReport, model: HostedModel | null, changes: Partial<DoneAudit> = {}): DoneAudit {
  return {
    id: 'urn:uuid:7d0c9a52-1111-4000-8000-000000000001',
    subject: model ? { kind: 'model', modelId: model.id } : { kind: 'decisions', column: 'score_text', positive: null },
    datasetId: 'urn:uuid:7d0c9a52-2222-4000-8000-000000000001',
    labelColumn: 'lacksStepFreeAccess',
    where: [{ column: 'split', operator: 'eq', value: 'audit' }],
    plan: report.plan,
    planDigest: report.planDigest,
    datasetDigest: report.data.digest,
    statusIndex: 4711,
    plannedAt: new Date('2026-11-23T04:05:06.789Z'),
    state: {
      status: 'done',
      outcome: {
        verdict: report.verdict.outcome,
        reasons: report.verdict.reasons,
        rows: report.data.rows,
        reportDigest: digestOfJson(report),
        issuedAt: '2026-11-23T04:05:08.000Z',
        validUntil: '2027-11-23T04:05:08.000Z',
      },
      revocation: null,
    },
    ...changes,
  };
}

export function viewOf(report: AuditReport, model: HostedModel | null = hostedModel()): AuditView {
  const answers = answeredFindings(report, [], '2026-11-23');
  const nothing = { answers, previous: null, credentialText: '{}', explanation: null };
  return auditView({ audit: doneAudit(report, model), model, report, ...nothing });
}

const contribution = (feature: string, value: string | number, share: number) => ({
  feature,
  value,
  contribution: share,
});

const explanation: Explanation = {
  method: 'exact',
  valueFunction: 'interventional',
  baseValue: 0.19,
  prediction: 0.48,
  contributions: [
    contribution('federalState', 'Mecklenburg-Vorpommern', 0.04),
    contribution('kind', 'rural feeder', 0.21),
    contribution('hasParking', 0, -0.05),
    contribution('weight', 39.8, 0.09),
  ],
  additivityError: 2e-16,
  evaluations: 1025,
  backgroundRows: 64,
  backgroundDigest: digestOf('background'),
};

export const explained: ExplanationView = {
  explanation,
  sentences: ['The model answers 0.480 for this case.', 'That kind is rural feeder raises the answer by 0.210.'],
};

export const dataset: DatasetView = {
  id: 'urn:uuid:7d0c9a52-2222-4000-8000-000000000001',
  title: 'Stops of Berlin and Brandenburg',
  description: 'Where buses and trains stop, with their coordinates and lines.',
  keywords: ['public transport', 'stops'],
  publisher: 'VBB Verkehrsverbund Berlin-Brandenburg GmbH',
  licence: 'https://creativecommons.org/licenses/by/4.0/',
  createdAt: new Date('2026-11-20T10:00:00Z'),
  offers: [
    {
      id: 'urn:uuid:7d0c9a52-3333-4000-8000-000000000001',
      policy: { '@type': 'Offer', permission: [{ action: 'use' }] },
      sentences: [
        'It may be used if a valid credential of type MembershipCredential is presented, and the purpose is dpv:AcademicResearch or narrower.',
      ],
    },
  ],
  content: {
    kind: 'table',
    columns: [
      { name: 'id', type: 'string' },
      { name: 'name', type: 'string' },
      { name: 'latitude', type: 'double' },
    ],
    rows: 13_214,
    bytes: 1_843_021,
    digest: digestOf('stops'),
  },
};

export const service: DatasetView = {
  ...dataset,
  id: 'urn:uuid:7d0c9a52-2222-4000-8000-000000000002',
  title: 'Which stations lack step-free access?',
  description: 'A model that answers where it stands.',
  content: { kind: 'inference-service', modelId: hostedModel().id },
};

const line = (name: string, standing: RegisterLine['newest'], version = '1.0.0'): RegisterLine => ({
  model: hostedModel({ name, version }),
  newest: standing,
});

const audited = (standing: NonNullable<RegisterLine['newest']>['standing'], date: string): RegisterLine['newest'] => ({
  id: `urn:uuid:7d0c9a52-1111-4000-8000-${digestOf(standing + date).slice(8, 20)}`,
  standing,
  issuedAt: new Date(date),
});

export const lines: readonly RegisterLine[] = [
  line('step-free-access', audited('fail', '2026-11-21T08:00:00Z')),
  line('step-free-access', audited('pass', '2026-11-22T08:00:00Z'), '2.0.0'),
  line('waste-fill', audited('insufficient-data', '2026-10-02T08:00:00Z')),
  line('parking-demand', null),
  line('benefit-check', audited('revoked', '2025-03-01T08:00:00Z')),
];

interface ExpectedGroup {
  readonly trueNegatives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly truePositives: number;
  readonly truePositiveRate: number;
  readonly judged: boolean;
}

/** The demonstration's models: their audit plan, and what another library counted on the same data. */
export function stationAudit(version: 'v1' | 'v2') {
  const read = (file: string) => JSON.parse(readFileSync(join('apps/cli/src/demo/model', file), 'utf8'));
  const stationPlan: AuditPlan = read('audit-plan.json');
  const byAttribute: Readonly<Record<string, { readonly groups: Readonly<Record<string, ExpectedGroup>> }>> =
    read('expected.json').versions[version].byAttribute;
  const counts = Object.fromEntries(
    Object.entries(byAttribute).map(([attribute, { groups }]) => [
      attribute,
      Object.fromEntries(
        Object.entries(groups).map(([group, g]) => [
          group,
          confusion(g.trueNegatives, g.falsePositives, g.falseNegatives, g.truePositives),
        ]),
      ),
    ]),
  );
  const model = hostedModel({ version: version === 'v1' ? '1.0.0' : '2.0.0' });
  return { report: reportOf(stationPlan, cellCounts(counts), model), model, byAttribute };
}
