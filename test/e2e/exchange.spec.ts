import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { credentialRequestMessage, parseDidDocument } from '@hansa/dcp';
import { canonicalJson, type JsonObject, must, uuids } from '@hansa/kernel';
import { verifyCheckpoint, verifyConsistency, verifyLedgerProof } from '@hansa/ledger';
import { databaseKinds, testServerUrl } from '@hansa/platform/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { tableFromIPC } from 'apache-arrow';
import type { LedgerItem, Negotiation, PeerCatalog, Pulled } from '../../apps/cli/src/api.js';
import { path } from '../../apps/cli/src/client.js';
import { run } from '../../apps/cli/src/testing/index.js';
import { reportKeysOf } from '../../apps/cli/src/verify/multikey.js';
import { HandConsumer } from './support/consumer.js';
import {
  agree,
  agreementOf,
  type Dataspace,
  negotiate,
  openTransfer,
  publish,
  sameTransfer,
  startDataspace,
  transferIn,
} from './support/dataspace.js';
import { exitOf, type NodeProcess } from './support/node-process.js';
import { queryParquet } from './support/parquet.js';
import { Participant } from './support/participant.js';
import { bikeCounts, publicStops, readPlainCsv, type TableFile } from './support/tables.js';
import { until } from './support/wait.js';

const publicBenefit = { name: 'purpose-bound', parameters: { purpose: 'dpv:PublicBenefit' } } as const;
const fitting = 'dpv:ImproveTransportMobility';
const unfitting = 'dpv:DirectMarketing';

const sum = (values: Iterable<unknown>) => [...values].reduce<number>((total, value) => total + Number(value), 0);

async function ledgerOf(node: NodeProcess, query: string): Promise<readonly LedgerItem[]> {
  return must(await node.manage.get<{ items: readonly LedgerItem[] }>(`/ledger/entries?limit=500&${query}`)).items;
}

async function logKey(node: NodeProcess) {
  const published = await (await fetch(`${node.url}/.well-known/did.json`)).json();
  const [key] = reportKeysOf(must(parseDidDocument(published, node.did)));
  return { name: node.did, publicKey: key?.publicKey ?? new Uint8Array() };
}

async function digestOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return `sha-256:${hash.digest('hex')}`;
}

describe.each(databaseKinds)('two cities on a database of the kind "%s"', (database) => {
  if (database === 'server' && !testServerUrl) {
    test.skip('skipped: HANSA_TEST_DATABASE_URL names no PostgreSQL server', () => {});
    return;
  }
  let space: Dataspace;
  let table: TableFile;
  let datasetId: string;
  let agreementId: string;
  let transferId: string;
  /** A member that is played by hand, and its credential's last moment. */
  let guest: Participant;
  let revokedAt: number;

  beforeAll(async () => {
    space = await startDataspace({ database });
    table = await bikeCounts(space.berlin.directory);
    guest = await Participant.appear();
    await guest.join(space.authority);
  }, 120_000);
  afterAll(() => guest?.leave());

  const pull = async (format: string) =>
    must(await space.bruges.manage.post<Pulled>(path`/transfers/${transferId}/pull`, { format }));

  test('each city holds a membership credential of the authority', async () => {
    for (const city of [space.berlin, space.bruges]) {
      const { items } = must(await city.manage.get<{ items: readonly JsonObject[] }>('/credentials'));
      expect(items).toMatchObject([{ type: 'MembershipCredential', issuer: space.authority.did }]);
    }
    expect(must(await space.berlin.manage.get('/node'))).toMatchObject({ database, did: space.berlin.did });
  });

  test('the doctor finds each node well where it is started, and another one elsewhere', async () => {
    const { berlin, bruges } = space;
    const look = async (node: NodeProcess, ...args: readonly string[]) => {
      const { directory, env } = node;
      const { code, out } = await run(['doctor', '-o', 'json', ...args], { directory, env });
      const { items } = JSON.parse(out) as { items: readonly { check: string; status: string; detail: string }[] };
      return { code, of: (check: string) => items.find((finding) => finding.check === check) };
    };
    const own = await look(berlin);
    expect(own.of('configuration')?.detail).toContain('HANSA_CITY, HANSA_PORT');
    for (const check of ['running node', 'identity', 'same node', 'version', 'stores', 'membership', 'deliveries'])
      expect(own.of(check)).toMatchObject({ status: 'ok' });
    expect(own.of('stores')?.detail).toContain(database === 'embedded' ? 'embedded' : 'PostgreSQL');
    expect(own.code).toBe(0);
    const others = await look(berlin, '--url', bruges.url, '--data', bruges.dataDirectory);
    expect(others.of('same node')).toMatchObject({ status: 'warn', detail: expect.stringContaining('It is "bruges"') });
    const nowhere = join(berlin.directory, 'not', 'made');
    expect((await look(berlin, '--data', nowhere)).of('data directory')).toEqual({
      check: 'data directory',
      status: 'ok',
      detail: `${nowhere}, to be made at the first start`,
    });
    expect(existsSync(nowhere)).toBe(false);
  }, 60_000);

  test('one offers its counts for a public purpose, and the other finds them', async () => {
    const { berlin, bruges } = space;
    const { dataset, offer } = await publish(berlin, { title: 'Bicycle counts', path: table.path }, publicBenefit);
    datasetId = dataset.id;
    expect(dataset.profile?.rows).toBe(table.rows.length);
    expect(dataset.profile?.columns.map(({ name }) => name)).toEqual(table.columns);
    expect(dataset.profile?.digest).toBe(await digestOfFile(table.path));
    const catalog = must(await bruges.manage.post<PeerCatalog>('/catalog/request', { counterparty: berlin.did }));
    expect(catalog).toMatchObject({
      participantId: berlin.did,
      broken: [],
      datasets: [
        {
          id: datasetId,
          title: 'Bicycle counts',
          formats: ['HttpData-PULL', 'HttpData-PUSH'],
          offers: [{ id: offer.id }],
        },
      ],
    });
    expect(catalog.datasets[0]?.offers[0]?.sentences).toEqual(offer.sentences);
  });

  test('the catalogue is searched where it stands, and a filter that it does not know is refused', async () => {
    const { berlin, bruges } = space;
    const find = async (filter: object) =>
      must(await bruges.manage.post<PeerCatalog>('/catalog/request', { counterparty: berlin.did, filter })).datasets;
    expect(await find({ text: ['count bicyc'] })).toMatchObject([{ id: datasetId }]);
    expect(await find({ text: ['tram'] })).toEqual([]);
    expect(await find({ text: ['bicycle'], keyword: ['noise'] })).toEqual([]);
    const consumer = new HandConsumer(guest, berlin);
    const edc = { filterExpression: [{ operandLeft: 'text', operator: 'contains', operandRight: 'bicycle' }] };
    expect((await consumer.askCatalog([edc])).body.dataset).toMatchObject([{ '@id': datasetId }]);
    const unknown = await consumer.askCatalog([{ operandLeft: 'colour', operator: '=', operandRight: 'red' }]);
    expect([unknown.status, unknown.body['@type'], unknown.body.code]).toEqual([
      400,
      'CatalogError',
      'catalog.filter-unsupported',
    ]);
  });

  test('a member is let in until its credential is revoked', async () => {
    const consumer = new HandConsumer(guest, space.berlin);
    expect((await consumer.askCatalog()).status).toBe(200);
    const issued = must(
      await space.authority.manage.get<{ items: readonly { id: string; holder: string }[] }>('/issuer/credentials'),
    );
    const [credential] = issued.items.filter(({ holder }) => holder === guest.did);
    must(await space.authority.manage.post(path`/issuer/credentials/${credential?.id ?? ''}/revoke`));
    revokedAt = Date.now();
  });

  test('the authority proves whom it admitted, and which credentials it issued and revoked', async () => {
    const { authority } = space;
    const about = (did: string) => ledgerOf(authority, `subject=${encodeURIComponent(did)}`);
    const kinds = (items: readonly LedgerItem[]) => items.map(({ entry }) => entry.kind);
    const history = await about(guest.did);
    expect(kinds(history)).toEqual(['credential.revoked', 'credential.issued', 'member.admitted']);
    expect(history.at(-1)?.entry.data).toEqual({ claims: { city: 'Elsewhere', country: 'BE' } });
    const proof = must(await authority.manage.get<JsonObject>(path`/ledger/entries/${history[0]?.index ?? -1}/proof`));
    const { index, entry } = must(verifyLedgerProof(proof, await logKey(authority)));
    expect([index, entry.kind]).toEqual([history[0]?.index, 'credential.revoked']);
    const again = await authority.manage.post(path`/issuer/credentials/${entry.subjects[0] ?? ''}/revoke`);
    expect([again.ok, (await about(guest.did)).length]).toEqual([true, 3]);
  });

  test('a member that is removed loses its credential and gets no other', async () => {
    const { authority } = space;
    const leaver = await Participant.appear();
    try {
      await leaver.join(authority);
      const member = path`/issuer/members/${leaver.did}`;
      must(await authority.manage.delete(member));
      expect(await authority.manage.delete(member)).toMatchObject({ problem: { kind: 'member.not-found' } });
      const again = credentialRequestMessage({ holderPid: uuids.next(), credentials: [{ id: 'membership' }] });
      expect((await leaver.post(authority, '/dcp/issuance/credentials', again)).status).toBe(201);
      const history = await ledgerOf(authority, `subject=${encodeURIComponent(leaver.did)}`);
      expect(history.map(({ entry }) => entry.kind)).toEqual([
        'credential.revoked',
        'member.removed',
        'credential.issued',
        'member.admitted',
      ]);
      const { items } = must(
        await authority.manage.get<{ items: readonly { holder: string; revokedAt: string | null }[] }>(
          '/issuer/credentials',
        ),
      );
      expect(items.filter(({ holder }) => holder === leaver.did)).toEqual([
        expect.objectContaining({ revokedAt: expect.any(String) }),
      ]);
    } finally {
      await leaver.leave();
    }
  });

  test('both come to an agreement and hold the same bytes of it', async () => {
    const { berlin, bruges } = space;
    agreementId = await agree(bruges, berlin, datasetId, fitting);
    await until(async () => (await berlin.manage.get(path`/agreements/${agreementId}`)).ok);
    const [consumed, provided] = [await agreementOf(bruges, agreementId), await agreementOf(berlin, agreementId)];
    expect(canonicalJson(consumed.policy)).toBe(canonicalJson(provided.policy));
    const purpose = fitting.replace('dpv:', 'https://w3id.org/dpv#');
    expect(consumed).toMatchObject({ role: 'consumer', counterparty: berlin.did, datasetId, purpose });
    expect(provided).toMatchObject({ role: 'provider', counterparty: bruges.did, datasetId, purpose });
    for (const [node, { negotiationId }] of [
      [bruges, consumed],
      [berlin, provided],
    ] as const)
      expect(must(await node.manage.get(path`/negotiations/${negotiationId}`))).toMatchObject({ purpose });
    const concluded = await Promise.all([berlin, bruges].map((node) => ledgerOf(node, 'kind=agreement.concluded')));
    const [first, second] = concluded.map((items) => items.find(({ entry }) => entry.subjects.includes(agreementId)));
    expect(canonicalJson(first?.entry.data)).toBe(canonicalJson(second?.entry.data));
  });

  test('an agreement about an offer that asks for no purpose is bound to none, on either side', async () => {
    const { berlin, bruges } = space;
    const offered = { name: 'members-only', parameters: {} };
    const { dataset } = await publish(berlin, { title: 'For members', path: table.path }, offered);
    const id = await agree(bruges, berlin, dataset.id, fitting);
    await until(async () => (await berlin.manage.get(path`/agreements/${id}`)).ok);
    for (const node of [bruges, berlin]) expect((await agreementOf(node, id)).purpose).toBeNull();
  });

  test('all formats arrive whole, with the digest that the provider states', async () => {
    transferId = (await openTransfer(space.bruges, agreementId)).id;
    const pulls = {
      csv: await pull('csv'),
      json: await pull('json'),
      parquet: await pull('parquet'),
      arrow: await pull('arrow'),
    };
    for (const [format, pulled] of Object.entries(pulls)) {
      expect(pulled).toMatchObject({ format, rows: table.rows.length, matches: true });
      expect(pulled.digest).toBe(await digestOfFile(pulled.path));
      expect(pulled.providerDigest).toBe(pulled.digest);
    }
    const [time = '', first = ''] = table.columns;
    const counts = table.rows.map((row) => row[1]);
    const csv = readPlainCsv(await readFile(pulls.csv.path, 'utf8'));
    expect(csv.columns).toEqual(table.columns);
    expect(csv.rows.map((row) => row[1])).toEqual(counts);
    const json: readonly Record<string, unknown>[] = JSON.parse(await readFile(pulls.json.path, 'utf8'));
    expect(json.map((row) => String(row[first]))).toEqual(counts);
    const arrow = tableFromIPC(await readFile(pulls.arrow.path));
    expect(arrow.schema.fields.map(({ name }) => name)).toEqual(table.columns);
    expect(sum(arrow.getChild(first) ?? [])).toBe(sum(counts));
    const [parquet] = await queryParquet(
      pulls.parquet.path,
      `count(*) AS n, sum("${first}") AS total, min("${time}")::VARCHAR AS began`,
    );
    expect([Number(parquet?.n), Number(parquet?.total)]).toEqual([table.rows.length, sum(counts)]);
    expect(String(parquet?.began)).toContain(table.rows[0]?.[0]);
  });

  test('both ledgers hold a receipt of the same bytes, with proofs that hold without the node', async () => {
    const { berlin, bruges } = space;
    const receipts = async (node: NodeProcess, kind: string) =>
      (await ledgerOf(node, `kind=${kind}&subject=${encodeURIComponent(agreementId)}`)).map(({ index, entry }) => ({
        index,
        ...(entry.data as { digest: string; bytes: number; rows: number; format: string }),
      }));
    const [released, received] = [await receipts(berlin, 'data.released'), await receipts(bruges, 'data.received')];
    const said = (items: typeof released) =>
      items.map(({ digest, bytes, rows, format }) => ({ digest, bytes, rows, format }));
    expect(said(released)).toEqual(said(received));
    expect(released.map(({ format }) => format).sort()).toEqual(['arrow', 'csv', 'json', 'parquet']);
    for (const [node, items] of [
      [berlin, released],
      [bruges, received],
    ] as const) {
      const key = await logKey(node);
      const proof = must(await node.manage.get<JsonObject>(path`/ledger/entries/${items[0]?.index ?? -1}/proof`));
      expect(must(verifyLedgerProof(proof, key)).entry.data).toMatchObject({ digest: items[0]?.digest });
      const entry = { ...(proof.entry as JsonObject), data: { digest: 'sha-256:00' } };
      expect(verifyLedgerProof({ ...proof, entry }, key).ok).toBe(false);
    }
  });

  test('what was done is measured on both sides, and says nothing about whom', async () => {
    const { berlin, bruges } = space;
    const scrape = async ({ url }: NodeProcess) => (await (await fetch(`${url}/metrics`)).text()).split('\n');
    const [provided, consumed] = [await scrape(berlin), await scrape(bruges)];
    const released = (await ledgerOf(berlin, 'kind=data.released')).map(({ entry }) => entry.data as JsonObject);
    const count = async (node: NodeProcess, kind: string) => (await ledgerOf(node, `kind=${kind}`)).length;
    const finalized = await count(berlin, 'negotiation.finalized');
    expect(finalized).toBeGreaterThan(0);
    for (const line of [
      `hansa_negotiations_total{role="provider",state="FINALIZED"} ${finalized}`,
      `hansa_transfers_total{role="provider",state="STARTED"} ${await count(berlin, 'transfer.started')}`,
      `hansa_messages_received_total{type="ContractRequestMessage",outcome="accepted"} ${await count(berlin, 'negotiation.requested')}`,
      `hansa_delivery_attempts_total{type="ContractAgreementMessage",outcome="acknowledged"} ${await count(berlin, 'negotiation.agreed')}`,
      'hansa_outbox_messages{state="dead"} 0',
      'hansa_data_requests_total{format="parquet",status="200"} 1',
      ...released.map(({ format, bytes }) => `hansa_data_released_bytes_total{format="${format}"} ${bytes}`),
    ])
      expect(provided).toContain(line);
    expect(provided.find((line) => line.startsWith('hansa_policy_decisions_total{outcome="permit"}'))).toBeDefined();
    for (const state of ['INITIAL', 'REQUESTED', 'AGREED', 'VERIFIED', 'FINALIZED'])
      expect(consumed).toContain(`hansa_negotiations_total{role="consumer",state="${state}"} ${finalized}`);
    expect([...provided, ...consumed].filter((line) => /^hansa_.*(did:|urn:|localhost)/.test(line))).toEqual([]);
  });

  test('a later state of a ledger is shown to continue an earlier one', async () => {
    const { berlin } = space;
    const key = await logKey(berlin);
    const checkpoint = async () =>
      must(verifyCheckpoint(await (await fetch(`${berlin.url}/ledger/checkpoint`)).text(), key));
    const earlier = await checkpoint();
    await agree(space.bruges, berlin, datasetId, fitting);
    const answer = (await (await fetch(`${berlin.url}/ledger/consistency/${earlier.size}`)).json()) as {
      readonly proof: readonly string[];
      readonly checkpoint: string;
    };
    const later = must(verifyCheckpoint(answer.checkpoint, key));
    const proof = answer.proof.map((hash) => Buffer.from(hash, 'base64'));
    expect(later.size).toBeGreaterThan(earlier.size);
    expect(verifyConsistency(earlier.size, later.size, earlier.root, later.root, proof)).toBe(true);
    const forged = Uint8Array.from(earlier.root, (byte, i) => (i === 0 ? byte ^ 1 : byte));
    expect(verifyConsistency(earlier.size, later.size, forged, later.root, proof)).toBe(false);
  });

  test('a policy that shapes the data gives exactly the rows and columns that it names', async () => {
    const { berlin, bruges } = space;
    const { path: file, stops } = await publicStops(berlin.directory);
    const rows = [{ leftOperand: 'https://w3id.org/hansa/v1#column/areaKey', operator: 'eq', rightOperand: '11000' }];
    const columns = { latitude: 'latitude', longitude: 'longitude', step: '0.01' };
    const parameters = { purpose: 'dpv:PublicBenefit', rows, drop: ['name', 'weight'], ...columns };
    const { dataset } = await publish(berlin, { title: 'Stops', path: file }, { name: 'coarse-location', parameters });
    const transfer = await openTransfer(bruges, await agree(bruges, berlin, dataset.id, fitting));
    const pulled = must(await bruges.manage.post<Pulled>(path`/transfers/${transfer.id}/pull`, { format: 'json' }));
    const given: readonly object[] = JSON.parse(await readFile(pulled.path, 'utf8'));
    const expected = stops
      .filter(({ areaKey }) => areaKey === '11000')
      .map(({ name: _, weight: __, areaKey, ...stop }) => ({
        ...stop,
        areaKey: Number(areaKey),
        latitude: downToHundredth(stop.latitude),
        longitude: downToHundredth(stop.longitude),
      }));
    expect(expected.length).toBeGreaterThan(1000);
    expect(given).toHaveLength(expected.length);
    expect(given.map((row) => ({ ...row, areaKey: Number((row as { areaKey: unknown }).areaKey) }))).toEqual(expected);
  });

  test('a purpose that the policy does not cover is refused with its reasons, and the ledger says why', async () => {
    const { berlin, bruges } = space;
    const refused = await negotiate(bruges, berlin, datasetId, unfitting);
    expect(refused).toMatchObject({ state: 'TERMINATED', termination: { by: 'provider', code: 'policy.denied' } });
    expect(JSON.stringify(refused.termination?.reason)).toMatch(/purpose/i);
    // The provider says so before it has heard that the consumer knows.
    const provided = await until(async () => {
      const [newest] = must(await berlin.manage.get<{ items: readonly Negotiation[] }>('/negotiations?limit=1')).items;
      return newest?.state === 'TERMINATED' ? newest : undefined;
    });
    expect(provided.decision).toMatchObject({ outcome: 'deny', unmet: [{ code: expect.anything() }] });
    const entries = await ledgerOf(berlin, `subject=${encodeURIComponent(provided.id)}`);
    expect(entries.map(({ entry }) => entry.kind)).toEqual(['negotiation.terminated', 'negotiation.requested']);
    expect(entries[1]?.entry.data).toMatchObject({ decision: { outcome: 'deny', trace: provided.decision?.trace } });
  });

  test('a stranger without a credential gets nothing and changes nothing', async () => {
    const { berlin } = space;
    const stranger = await Participant.appear();
    try {
      const consumer = new HandConsumer(stranger, berlin);
      const member = new HandConsumer(guest, berlin);
      const before = await ledgerOf(berlin, '');
      const catalog = await consumer.askCatalog();
      expect([catalog.status, catalog.body['@type']]).toEqual([401, 'CatalogError']);
      const request = {
        ...(await member.contractRequest(datasetId, fitting)),
        callbackAddress: stranger.callbackAddress,
      };
      const negotiation = await consumer.send('/negotiations/request', request);
      expect([negotiation.status, negotiation.body['@type']]).toEqual([404, 'ContractNegotiationError']);
      expect(JSON.stringify(negotiation.body)).not.toContain(datasetId);
      const transfer = await consumer.send('/transfers/request', {});
      expect([transfer.status, transfer.body['@type']]).toEqual([404, 'TransferError']);
      expect(await ledgerOf(berlin, '')).toEqual(before);
      expect(stranger.received).toEqual([]);
    } finally {
      await stranger.leave();
    }
  });

  test('a transfer is suspended, goes on and is completed, from either side', async () => {
    const { berlin, bruges } = space;
    for (const [pauser, resumer, finisher] of [
      [bruges, bruges, bruges],
      [berlin, berlin, berlin],
    ] as const) {
      const agreed = await agree(bruges, berlin, datasetId, fitting);
      const transfer = await openTransfer(bruges, agreed);
      const ids = new Map([
        [bruges, transfer.id],
        [berlin, (await sameTransfer(berlin, agreed)).id],
      ]);
      const both = async (state: string) => {
        for (const [node, id] of ids) await transferIn(node, id, state);
      };
      // By the command line, which ends when the other side knows.
      const tell = async (node: NodeProcess, goal: string, what: string, ...reason: readonly string[]) => {
        const told = node === bruges ? berlin : bruges;
        const at = ['--url', node.url, '--token', node.token];
        const { code, out } = await run(['transfer', what, ids.get(node) ?? '', ...reason, ...at]);
        expect([out, code]).toEqual([`The transfer is ${goal}; ${told.did} has acknowledged it.\n`, 0]);
      };
      const canPull = async () =>
        (await bruges.manage.post(path`/transfers/${transfer.id}/pull`, { format: 'csv' })).ok;
      await both('STARTED');
      await tell(pauser, 'SUSPENDED', 'suspend', '--reason', 'maintenance');
      await both('SUSPENDED');
      expect(await canPull()).toBe(false);
      await tell(resumer, 'STARTED', 'resume');
      await both('STARTED');
      expect(await canPull()).toBe(true);
      await tell(finisher, 'COMPLETED', 'complete');
      await both('COMPLETED');
      expect(await canPull()).toBe(false);
    }
  });

  test.each(['bruges', 'berlin'] as const)('%s can end a transfer, and the other side learns why', async (who) => {
    const { berlin, bruges } = space;
    const agreed = await agree(bruges, berlin, datasetId, fitting);
    const consumed = await openTransfer(bruges, agreed);
    const provided = await transferIn(berlin, (await sameTransfer(berlin, agreed)).id, 'STARTED');
    const ended = who === 'bruges' ? consumed.id : provided.id;
    must(await space[who].manage.post(path`/transfers/${ended}/terminate`, { reason: 'the study is over' }));
    for (const [node, id] of [
      [bruges, consumed.id],
      [berlin, provided.id],
    ] as const)
      expect((await transferIn(node, id, 'TERMINATED')).termination).toMatchObject({
        by: who === 'bruges' ? 'consumer' : 'provider',
        reason: ['the study is over'],
      });
  });

  test('a credential that is revoked opens nothing once the status list is asked for again', async () => {
    // A status list is used for a minute; the fast way, a provider that begins anew, is taken on the second database.
    if (database === 'server') await space.berlin.restart();
    const consumer = new HandConsumer(guest, space.berlin);
    const refused = await until(async () => ((await consumer.askCatalog()).status === 401 ? Date.now() : null), {
      limit: database === 'server' ? 1_000 : 90_000,
      every: 250,
      what: () => 'the revoked credential is still good',
    });
    expect(refused - revokedAt).toBeLessThan(65_000);
    expect((await consumer.send('/negotiations/request', {})).status).toBe(404);
  }, 120_000);

  test('a restart of both sides keeps everything', async () => {
    const { berlin, bruges } = space;
    const state = async (node: NodeProcess) => ({
      token: node.token,
      node: must(await node.manage.get('/node')),
      datasets: must(await node.manage.get('/datasets')),
      offers: must(await node.manage.get('/offers')),
      negotiations: must(await node.manage.get('/negotiations?limit=500')),
      agreements: must(await node.manage.get('/agreements?limit=500')),
      transfers: must(await node.manage.get('/transfers?limit=500')),
      ledger: await ledgerOf(node, ''),
      document: await (await fetch(`${node.url}/.well-known/did.json`)).json(),
    });
    const before = await Promise.all([state(berlin), state(bruges)]);
    await Promise.all([berlin.restart(), bruges.restart()]);
    expect(await Promise.all([state(berlin), state(bruges)])).toEqual(before);
    expect(await pull('csv')).toMatchObject({ matches: true, rows: table.rows.length });
  }, 60_000);

  test('when an agreement ends, its token is dead at once, on both sides', async () => {
    const { berlin, bruges } = space;
    must(await berlin.manage.post(path`/agreements/${agreementId}/terminate`, { reason: 'the programme has ended' }));
    const refused = await bruges.manage.post(path`/transfers/${transferId}/pull`, { format: 'csv' });
    expect(refused.ok).toBe(false);
    const { termination } = await transferIn(bruges, transferId, 'TERMINATED');
    // Both sides end the transfer: whichever message is faster counts.
    expect(termination).toMatchObject({ code: 'agreement.terminated', reason: ['the programme has ended'] });
    const told = await until(async () => {
      const agreement = await agreementOf(berlin, agreementId);
      return agreement.notice === 'acknowledged' && agreement;
    });
    expect((await agreementOf(bruges, agreementId)).end).toMatchObject({
      kind: 'terminated',
      by: 'provider',
      reason: told.end?.kind === 'terminated' ? told.end.reason : [],
    });
    const again = await berlin.manage.post(path`/agreements/${agreementId}/terminate`, { reason: 'once more' });
    expect(again.ok ? null : again.problem).toMatchObject({ kind: 'agreement.conflict', status: 409 });
  });

  test('a second process on the same directory is refused, and told what to do', async () => {
    const { berlin } = space;
    const before = berlin.log().length;
    expect(await exitOf(berlin.spawn())).toBe(1);
    expect(berlin.log().slice(before)).toMatch(
      new RegExp(`data directory .* is in use by process ${berlin.pid}\\. Stop that process, or give this node`),
    );
    expect(must(await berlin.manage.get('/node'))).toMatchObject({ did: berlin.did });
  });

  test('nothing is left to deliver, and every node stops cleanly', async () => {
    for (const node of [space.berlin, space.bruges, space.authority]) {
      expect(must(await node.manage.get('/deliveries/dead'))).toEqual({ items: [] });
      await node.stop();
      expect(node.log()).not.toMatch(/"level":(50|60|"error"|"fatal")/);
      expect(existsSync(dirname(node.dataDirectory))).toBe(true);
    }
  }, 60_000);
});

/** floor(x / 0.01) · 0.01 in whole numbers, from the decimal digits as they stand in the file. */
function downToHundredth(degrees: number): number {
  const [whole = '0', digits = ''] = String(degrees).split('.');
  const millionths = BigInt(whole) * 1_000_000n + BigInt(digits.padEnd(6, '0').slice(0, 6));
  return Number(millionths / 10_000n) / 100;
}
