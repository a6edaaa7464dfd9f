import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AuditPlan,
  type AuditReport,
  buildReport,
  cellCounts,
  countJoint,
  planDefaults,
  planDigest,
} from '@hansa/fair';
import { canonicalJson, digestOf, type JsonObject, must } from '@hansa/kernel';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { FederatedAudit, LedgerItem } from '../../apps/cli/src/api.js';
import { path } from '../../apps/cli/src/client.js';
import { HandConsumer } from './support/consumer.js';
import { agree, type Dataspace, giveCredential, publish, sameTransfer, startDataspace } from './support/dataspace.js';
import type { NodeProcess } from './support/node-process.js';
import { Participant } from './support/participant.js';
import { until } from './support/wait.js';

const purpose = 'dpv:PublicBenefit';
const combinations = [0, 1].flatMap((sex) =>
  [0, 1].flatMap((area) => [0, 1].flatMap((label) => [0, 1].map((decision) => [sex, area, label, decision] as const))),
);

/** Rows of a city: so many of each combination of sex, area, label and decision. */
function rowsOf(many: (combination: number) => number) {
  return combinations.flatMap((row, i) => Array.from({ length: many(i) }, () => row));
}

const sexes = ['f', 'm'];
const areas = ['north', 'south'];
const berlinRows = rowsOf((i) => 12 + i);
const brugesRows = rowsOf((i) => 31 - i);

const plan: AuditPlan = {
  outcome: { name: 'is inspected', positive: 'inspected', polarity: 'burden' },
  attributes: ['sex', 'area'],
  intersections: [['sex', 'area']],
  metrics: [{ metric: 'demographicParityDifference', margin: 0.2, reason: 'Set by the council.' }],
  ...planDefaults,
};

async function write(node: NodeProcess, rows: typeof berlinRows): Promise<string> {
  const file = join(node.directory, 'inspections.csv');
  const lines = rows.map(([sex, area, label, decision]) => `${sexes[sex]},${areas[area]},${label},${decision}`);
  await writeFile(file, `sex,area,y,d\n${lines.join('\n')}\n`);
  return file;
}

/** The report of all rows in one place. */
function pooledReportOf(rows: typeof berlinRows): AuditReport {
  const column = (k: number) => rows.map((row) => row[k] ?? 0);
  const joint = countJoint({
    label: Uint8Array.from(column(2)),
    decision: Uint8Array.from(column(3)),
    attributes: [
      { attribute: 'sex', levels: sexes, codes: Uint16Array.from(column(0)) },
      { attribute: 'area', levels: areas, codes: Uint16Array.from(column(1)) },
    ],
  });
  const counts = must(cellCounts(must(joint), plan));
  const digest = digestOf('all rows');
  const software = { name: 'hansa', version: '0' };
  return must(buildReport({ model: { digest }, data: { digest, rows: rows.length }, plan, counts, software }));
}

describe('an audit of two cities', () => {
  let space: Dataspace;
  let auditor: NodeProcess;
  let agreements: { readonly berlin: string; readonly bruges: string };
  let datasets: { readonly berlin: string; readonly bruges: string };
  let done: FederatedAudit;

  beforeAll(async () => {
    space = await startDataspace();
    auditor = space.authority;
    await giveCredential(auditor, auditor, { city: 'Court of auditors', country: 'BE' });
    const { berlin, bruges } = space;
    const offered = async (node: NodeProcess, rows: typeof berlinRows, name: string) => {
      const file = { title: 'Inspections', path: await write(node, rows) };
      return (await publish(node, file, { name, parameters: {} })).dataset.id;
    };
    datasets = {
      berlin: await offered(berlin, berlinRows, 'counts-only'),
      bruges: await offered(bruges, brugesRows, 'members-only'),
    };
    agreements = {
      berlin: await agree(auditor, berlin, datasets.berlin, purpose),
      bruges: await agree(auditor, bruges, datasets.bruges, purpose),
    };
  }, 120_000);

  const counted = { label: { column: 'y' }, decision: { column: 'd' } };
  const asked = (more: object = {}, ids: readonly string[] = [agreements.berlin, agreements.bruges]) => ({
    plan,
    cities: ids.map((agreementId) => ({ agreementId, ...counted })),
    ...more,
  });
  const start = async (body: object) => must(await auditor.manage.post<FederatedAudit>('/federated-audits', body));
  const look = async ({ id }: FederatedAudit) =>
    must(await auditor.manage.get<FederatedAudit>(path`/federated-audits/${id}`));
  const ended = (audit: FederatedAudit) =>
    until(
      async () => {
        const now = await look(audit);
        return (now.status === 'done' || now.status === 'failed') && now;
      },
      { what: () => 'the audit does not end', limit: 30_000 },
    );
  const entries = async (node: NodeProcess, query: string) =>
    must(await node.manage.get<{ items: readonly LedgerItem[] }>(`/ledger/entries?limit=100&${query}`)).items;

  test('goes on when the auditor was away in the middle, with what it has', async () => {
    await space.bruges.stop();
    const audit = await start(asked());
    await until(async () => {
      const { cities } = await look(audit);
      return cities[0]?.status === 'received';
    });
    expect(await look(audit)).toMatchObject({ status: 'running', cities: [{}, { status: 'waiting' }] });
    await Promise.all([auditor.restart(), space.bruges.start()]);
    done = await ended(audit);
    expect(done).toMatchObject({
      status: 'done',
      verdict: 'pass',
      cities: [
        { counterparty: space.berlin.did, status: 'received', rows: berlinRows.length },
        { counterparty: space.bruges.did, status: 'received', rows: brugesRows.length },
      ],
    });
    const query = `subject=${encodeURIComponent(agreements.berlin)}&kind=counts.released`;
    expect(await entries(space.berlin, query)).toHaveLength(1);
  }, 90_000);

  test('finds what an audit of all rows in one file finds, to the bit', async () => {
    const text = must(await auditor.manage.getText(`${path`/audits/${done.id}`}/report`));
    const report: AuditReport = JSON.parse(text);
    const pooled = pooledReportOf([...berlinRows, ...brugesRows]);
    expect(digestOf(text)).toBe(done.reportDigest);
    for (const member of ['slices', 'comparisons', 'verdict', 'planDigest'] as const)
      expect(canonicalJson(report[member])).toBe(canonicalJson(pooled[member]));
    expect(report.data).toMatchObject({
      rows: berlinRows.length + brugesRows.length,
      cities: expect.arrayContaining([expect.objectContaining({ countedBy: space.berlin.did })]),
    });
  });

  test('put plan and cities on record before anybody counted, and stands in the public register', async () => {
    const kinds = (await entries(auditor, `subject=${encodeURIComponent(done.id)}`)).map(({ entry }) => entry.kind);
    expect(kinds).toEqual(['audit.issued', 'counts.received', 'counts.received', 'audit.planned']);
    const page = await (await fetch(`${auditor.url}/audits/${encodeURIComponent(done.id)}`)).text();
    for (const { did } of [space.berlin, space.bruges]) expect(page).toContain(did);
    const credential = await (
      await fetch(`${auditor.url}/audits/${encodeURIComponent(done.id)}/credential.json`)
    ).json();
    expect(credential).toMatchObject({ issuer: auditor.did, credentialSubject: { reportDigest: done.reportDigest } });
  });

  test('stands in the description of the interface, on both sides', async () => {
    const described = await fetch(`${auditor.url}/api/openapi.json`);
    expect(described.status).toBe(200);
    const { paths } = (await described.json()) as { readonly paths: object };
    for (const route of ['/management/v1/federated-audits', '/data/{transfer}/audit-counts'])
      expect(Object.keys(paths)).toContain(route);
  });

  test('counts only: no row leaves under such an agreement, and under another one rows do', async () => {
    const pull = async (agreementId: string) => {
      const { id } = await sameTransfer(auditor, agreementId);
      return auditor.manage.post(path`/transfers/${id}/pull`, { format: 'csv' });
    };
    expect(await pull(agreements.berlin)).toMatchObject({
      problem: { detail: expect.stringContaining('A permission exists only where the action is aggregate') },
    });
    expect((await pull(agreements.bruges)).ok).toBe(true);
    const kinds = await entries(space.berlin, `subject=${encodeURIComponent(agreements.berlin)}&kind=data.released`);
    expect(kinds).toEqual([]);
  });

  test('another plan under the same agreement is refused, and nothing is counted for it', async () => {
    const other = { ...plan, attributes: ['sex'], intersections: [] };
    const failed = await ended(await start({ ...asked(), plan: other }));
    expect(failed).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('under one agreement one plan is counted, once'),
    });
  });

  test('a city that is not there fails the audit, or is named in its report where the plan goes on without it', async () => {
    await space.berlin.stop();
    const [strict, lenient] = await Promise.all([
      start(asked({ waitSeconds: 3 })),
      start(asked({ waitSeconds: 3, minimumCities: 1 })),
    ]);
    expect(await ended(strict)).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining(`1 of 2 cities handed out their counts; 2 must. ${space.berlin.did}`),
    });
    const { id, status } = await ended(lenient);
    expect(status).toBe('done');
    const report = JSON.parse(must(await auditor.manage.getText(`${path`/audits/${id}`}/report`)));
    expect(report.data).toMatchObject({ rows: brugesRows.length, without: [{ city: space.berlin.did }] });
    await space.berlin.start();
  }, 60_000);

  describe('asked by hand', () => {
    const request = { ...counted, where: [], plan, planDigest: planDigest(plan) };
    const post = (url: string, token: string, body: object) =>
      fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });

    test('a city answers the holder of the token alone, with the same bytes each time, until the agreement ends', async () => {
      const guest = await Participant.appear();
      try {
        await guest.join(space.authority);
        const consumer = new HandConsumer(guest, space.berlin);
        const agreementId = await consumer.agree(datasets.berlin, purpose);
        const { endpoint, token } = await consumer.open(agreementId);
        const url = `${endpoint}/audit-counts`;
        expect((await post(url, `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, request)).status).toBe(401);
        const changed = await post(url, token, { ...request, plan: { ...plan, level: 0.9 } });
        expect(changed.status).toBe(400);
        expect(await changed.json()).toMatchObject({ type: 'urn:hansa:problem:counts.other-plan' });
        const answers = [await post(url, token, request), await post(url, token, request)];
        expect(answers.map(({ status }) => status)).toEqual([200, 200]);
        const [first, second] = await Promise.all(answers.map((answer) => answer.text()));
        expect(first).toBe(second);
        const { counts, credential }: { counts: JsonObject; credential: JsonObject } = JSON.parse(first ?? '');
        expect(counts).toMatchObject({ countedBy: space.berlin.did, data: { rows: berlinRows.length } });
        expect(credential).toMatchObject({
          issuer: space.berlin.did,
          credentialSubject: { underAgreement: agreementId, planDigest: planDigest(plan) },
        });
        const where = [{ column: 'sex', operator: 'eq', value: 'f' }];
        expect((await post(url, token, { ...request, where })).status).toBe(409);
        expect((await fetch(endpoint, { headers: { authorization: `Bearer ${token}` } })).status).toBe(403);
        const strict = await consumer.open(await consumer.agree(datasets.berlin, purpose));
        const ask = (body: object) => post(`${strict.endpoint}/audit-counts`, strict.token, body);
        const small = await ask({ ...request, minimumCell: 20 });
        expect(small.status).toBe(200);
        const withheld = (await small.json()) as { readonly counts: { readonly counts: object } };
        expect(withheld.counts.counts).toMatchObject({ kind: 'tables', minimumCell: 20 });
        expect(JSON.stringify(withheld.counts.counts)).toContain('null');
        expect((await ask(request)).status).toBe(409);
        const reason = 'The programme has ended.';
        must(await space.berlin.manage.post(path`/agreements/${agreementId}/terminate`, { reason }));
        expect((await post(url, token, request)).status).toBe(403);
      } finally {
        await guest.leave();
      }
    }, 30_000);
  });
});
