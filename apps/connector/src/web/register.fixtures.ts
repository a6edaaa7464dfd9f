import { readFileSync } from 'node:fs';
import { entryChanges, type RegisterEntry, type RegisterOverview, readEntry, registerOverview } from '@hansa/fair';
import { must } from '@hansa/kernel';
import { cellCounts, plan, states } from '@hansa/report/testing';
import { parse } from 'yaml';
import type { SystemFile } from '../governance/index.js';
import { auditLine } from './audit-view.js';
import { paths } from './paths.js';
import { modelRow, type RegisterChoice, type RegisterRow } from './register-view.js';
import { doneAudit, hostedModel, lines, node, reportOf } from './web.fixtures.js';

const report = reportOf(plan, cellCounts(states));
const audit = doneAudit(report, hostedModel());
const id = 'urn:uuid:7d0c9a52-4444-4000-8000-000000000001';
const now: RegisterEntry = must(
  readEntry(parse(readFileSync('docs/reference/algorithm-register/entry.example.yaml', 'utf8'))),
);
const { rollback: _, ...before } = now;
const earlier: RegisterEntry = { ...before, status: 'design' };

export const choice: RegisterChoice = { sort: 'name', standing: null, domain: null, status: null, risk: null };

export const rows: readonly RegisterRow[] = [
  ...lines.map(modelRow),
  {
    kind: 'system',
    id,
    address: paths.system(id),
    name: now.name ?? '',
    purpose: now.description_short ?? '',
    domain: now.domain ?? null,
    status: now.status ?? null,
    risk: now.risk_category ?? null,
    newest: auditLine(audit),
  },
];

/** A system with two versions and a failed audit. */
export function systemFile(number = 2): SystemFile {
  const filled = { risks: 'The audit found a gap.', monitoring: 'Audited once.', training_data: 'Rows: 2,098.' };
  const version = (of: number, content: RegisterEntry, note: string | null, publishedAt: Date) => {
    return { entryId: id, number: of, content, filled, note, changedBy: 'Ann', publishedAt };
  };
  const newest = version(2, now, 'The trial has begun.', new Date('2026-11-23T10:00:00Z'));
  const first = version(1, earlier, null, new Date('2026-11-01T10:00:00Z'));
  const shown = number === 2 ? newest : first;
  const { issuedAt, validUntil } = audit.state.outcome;
  const page = node.publicUrl + paths.audit(audit.id);
  return {
    record: { id, draft: null, isRetired: false, createdAt: first.publishedAt },
    versions: [newest, first],
    version: shown,
    isNewest: number === 2,
    material: {
      entry: { ...shown.content, models: [hostedModel().id] },
      audits: [{ id: audit.id, report, issuedAt, validUntil, isRevoked: false, page, credential: `${page}/c` }],
      models: [],
      publication: null,
    },
    models: [hostedModel()],
    filled,
    audits: [audit],
    history: [
      { ...newest, changes: entryChanges(earlier, now) },
      { ...first, changes: [] },
    ],
  };
}

export const overview: RegisterOverview = registerOverview({
  organisation: node.did,
  name: node.city,
  systems: [{ id, page: node.publicUrl + paths.system(id), values: now }],
  modelsWithoutEntry: 2,
  certificates: [
    {
      system: id,
      audit: audit.id,
      issuer: node.did,
      verdict: 'fail',
      issuedAt: audit.state.outcome.issuedAt,
      validUntil: audit.state.outcome.validUntil,
      credential: node.publicUrl + paths.credential(audit.id),
      report: node.publicUrl + paths.report(audit.id),
    },
  ],
  revoked: new Set(),
  addresses: {
    list: node.publicUrl + paths.register,
    schema: node.publicUrl + paths.schema('entry'),
    registry: `${node.publicUrl}/audits/status-lists/1`,
    reports: node.publicUrl + paths.schema('audit-report'),
  },
  now: '2026-11-23T12:00:00.000Z',
});
