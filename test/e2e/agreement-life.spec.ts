import { isJsonObject, type JsonObject, must, uuids } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Agreement, AgreementDependants, LedgerItem, Negotiation, Offer } from '../../apps/cli/src/api.js';
import { path } from '../../apps/cli/src/client.js';
import { HandConsumer } from './support/consumer.js';
import {
  agree,
  agreementOf,
  type Dataspace,
  openTransfer,
  publish,
  startDataspace,
  transferIn,
} from './support/dataspace.js';
import { HeldDownload, publishLargeTable } from './support/held-download.js';
import type { NodeProcess } from './support/node-process.js';
import { Participant, type Reply } from './support/participant.js';
import { bikeCounts } from './support/tables.js';
import { until } from './support/wait.js';

const purpose = 'dpv:ImproveTransportMobility';
const reason = 'the programme has ended';
const service = '/agreements/v1';

describe('agreements of two cities', () => {
  let space: Dataspace;
  let datasetId: string;
  let stranger: Participant;
  let member: Participant;
  beforeAll(async () => {
    space = await startDataspace();
    const table = await bikeCounts(space.berlin.directory);
    const terms = { name: 'purpose-bound', parameters: { purpose: 'dpv:PublicBenefit' } };
    datasetId = (await publish(space.berlin, { title: 'Bicycle counts', path: table.path }, terms)).dataset.id;
    [stranger, member] = [await Participant.appear(), await Participant.appear()];
    await member.join(space.authority);
  }, 120_000);
  afterAll(() => Promise.all([stranger?.leave(), member?.leave()]));

  const agreed = () => agree(space.bruges, space.berlin, datasetId, purpose);
  const terminate = (node: NodeProcess, id: string) => node.manage.post(path`/agreements/${id}/terminate`, { reason });
  const dependantsOf = async (node: NodeProcess, id: string) =>
    must(await node.manage.get<AgreementDependants>(path`/agreements/${id}/dependants`));
  const ended = (node: NodeProcess, id: string) =>
    until(async () => {
      const agreement = await agreementOf(node, id);
      return agreement.end !== null && agreement.notice !== 'pending' && agreement;
    });

  test('end on both sides when the consumer says so, and nothing is left to deliver', async () => {
    const { berlin, bruges } = space;
    const id = await agreed();
    const transfer = await openTransfer(bruges, id);
    must(await bruges.manage.post(path`/transfers/${transfer.id}/pull`, { format: 'csv' }));
    for (const node of [berlin, bruges])
      expect(await dependantsOf(node, id)).toMatchObject({
        negotiation: { state: 'FINALIZED' },
        transfers: { states: { STARTED: 1 }, open: [{ state: 'STARTED' }], tokens: 1 },
        receipts: 1,
        modelId: null,
      });
    must(await terminate(bruges, id));
    const told: Agreement = await ended(berlin, id);
    expect(told).toMatchObject({ state: 'terminated', end: { by: 'consumer', reason: [reason] }, notice: null });
    expect(await ended(bruges, id)).toMatchObject({ state: 'terminated', notice: 'acknowledged' });
    await transferIn(bruges, transfer.id, 'TERMINATED');
    expect(await dependantsOf(berlin, id)).toMatchObject({ transfers: { open: [], tokens: 0 } });
    for (const node of [berlin, bruges]) expect(must(await node.manage.get('/deliveries/dead'))).toEqual({ items: [] });
  }, 60_000);

  test('reach a peer that was away when they ended', async () => {
    const { berlin, bruges } = space;
    const id = await agreed();
    await bruges.kill('SIGKILL');
    must(await terminate(berlin, id));
    await berlin.kill('SIGKILL');
    await Promise.all([berlin.start(), bruges.start()]);
    expect(await ended(berlin, id)).toMatchObject({ notice: 'acknowledged' });
    expect((await agreementOf(bruges, id)).end).toMatchObject({ by: 'provider', reason: [reason] });
  }, 90_000);

  test('are renewed under the offer of the day', async () => {
    const { berlin, bruges } = space;
    const old = await agreed();
    const transfer = await openTransfer(bruges, old);
    const asked = { counterparty: berlin.did, datasetId, purpose, supersedes: old };
    const { id } = must(await bruges.manage.post<Negotiation>('/negotiations', asked));
    const renewed = await until(async () => {
      const found = must(await bruges.manage.get<Negotiation>(path`/negotiations/${id}`));
      return found.state === 'FINALIZED' && found.agreementId;
    });
    for (const node of [berlin, bruges]) {
      expect(await ended(node, old)).toMatchObject({ state: 'superseded', end: { by: renewed } });
      expect(await agreementOf(node, renewed)).toMatchObject({ state: 'active', supersedes: old });
      expect(await dependantsOf(node, old)).toMatchObject({ successors: [renewed] });
    }
    expect((await transferIn(bruges, transfer.id, 'TERMINATED')).termination).toMatchObject({
      code: 'agreement.superseded',
    });
    await openTransfer(bruges, renewed);
  }, 60_000);

  test('expire by themselves, and open nothing from that moment on', async () => {
    const { berlin, bruges } = space;
    const table = await bikeCounts(berlin.directory);
    const source = { kind: 'file', path: table.path };
    const dataset = must(await berlin.manage.post<{ id: string }>('/datasets', { title: 'Short', source }));
    const end = new Date(Date.now() + 6000).toISOString();
    const rightOperand = { '@value': end, '@type': 'xsd:dateTime' };
    const constraint = [{ leftOperand: 'odrl:dateTime', operator: 'lt', rightOperand }];
    const policy = { '@type': 'Set', permission: [{ action: 'use', constraint }] };
    must(await berlin.manage.post<Offer>('/offers', { datasetId: dataset.id, policy }));
    const { id: negotiationId } = must(
      await bruges.manage.post<Negotiation>('/negotiations', { counterparty: berlin.did, datasetId: dataset.id }),
    );
    const id = await until(async () => {
      const found = must(await bruges.manage.get<Negotiation>(path`/negotiations/${negotiationId}`));
      return found.state === 'FINALIZED' && found.agreementId;
    });
    expect(await agreementOf(bruges, id)).toMatchObject({ state: 'active', expiresAt: end });
    const transfer = await openTransfer(bruges, id);
    for (const node of [berlin, bruges]) {
      expect(await ended(node, id)).toMatchObject({ state: 'expired', end: { kind: 'expired', at: end } });
      const ledger = await node.manage.get<{ items: readonly LedgerItem[] }>(
        path`/ledger/entries?kind=agreement.expired&subject=${id}`,
      );
      expect(must(ledger).items).toHaveLength(1);
    }
    expect((await transferIn(bruges, transfer.id, 'TERMINATED')).termination).toMatchObject({
      code: 'agreement.expired',
    });
  }, 60_000);

  test('end by plain DSP where the other side does not know the message', async () => {
    const { berlin } = space;
    const consumer = new HandConsumer(member, berlin);
    const id = await consumer.agree(datasetId, purpose);
    const access = await consumer.open(id);
    must(await terminate(berlin, id));
    expect(await ended(berlin, id)).toMatchObject({ state: 'terminated', notice: 'refused' });
    expect(await consumer.arrival(access, '/termination')).toMatchObject({
      '@type': 'TransferTerminationMessage',
      code: 'agreement.terminated',
      reason: [reason],
    });
    expect(member.received.filter(({ path: to }) => to.includes('agreements'))).toEqual([]);
    const pulled = await fetch(access.endpoint, { headers: { authorization: `Bearer ${access.token}` } });
    expect(pulled.status).toBe(403);
  }, 60_000);

  test('break off a download under way when they end, or its transfer is suspended, and no other', async () => {
    const { berlin } = space;
    const { dataset } = await publishLargeTable(berlin);
    const consumer = new HandConsumer(member, berlin);
    const ids = await Promise.all([1, 2, 3].map(() => consumer.agree(dataset.id, purpose)));
    const accesses = await Promise.all(ids.map((id) => consumer.open(id)));
    const [ended, suspended, other] = await Promise.all(accesses.map((access) => HeldDownload.begin(access)));
    must(await terminate(berlin, ids[0] ?? ''));
    must(await berlin.manage.post(path`/transfers/${accesses[1]?.providerPid ?? ''}/suspend`, { reason }));
    const had = await Promise.all([ended?.brokenOff(), suspended?.brokenOff()]);
    expect(await other?.whole()).toBe(true);
    process.stderr.write(`${had[0]} had left when the agreement ended, ${had[1]} when the transfer was suspended\n`);
  }, 60_000);

  describe('and a message about one of them', () => {
    let own: string;
    let foreign: string;
    beforeAll(async () => {
      own = await new HandConsumer(member, space.berlin).agree(datasetId, purpose);
      foreign = await agreed();
    });

    const message = (agreementId: string, changes: object = {}): JsonObject => ({
      '@context': ['https://w3id.org/hansa/v1'],
      '@type': 'AgreementTerminationMessage',
      '@id': uuids.next(),
      agreementId,
      reason: ['enough'],
      ...changes,
    });
    const send = (from: Participant, id: string, body: object | string, token?: string): Promise<Reply> =>
      from.post(space.berlin, path`/agreements/v1/${id}/termination`, body, token);
    const expectError = ({ status, body }: Reply, expected: number, code: RegExp, id: string) => {
      expect([status, body]).toEqual([
        expected,
        expect.objectContaining({ '@type': 'AgreementError', agreementId: id }),
      ]);
      expect(body).toMatchObject({ code: expect.stringMatching(code), reason: [expect.stringMatching(/\w{3}/)] });
    };
    const newest = async (limit: number) => {
      const url = `/ledger/entries?limit=${limit}`;
      return must(await space.berlin.manage.get<{ items: readonly LedgerItem[] }>(url)).items;
    };

    test('is refused with an error object where it is broken, whoever sends it, and changes nothing', async () => {
      const before = [await agreementOf(space.berlin, own), await agreementOf(space.berlin, foreign)];
      const [last] = await newest(1);
      const { agreementId: _, ...unnamed } = message(own);
      const { reason: __, ...mute } = message(own);
      for (const body of [{}, [], unnamed, mute, message(own, { reason: [] }), message(own, { code: 5 })])
        expectError(await send(member, own, body), 400, /message-invalid/, own);
      expectError(await send(member, own, message(own, { '@context': ['https://x.example'] })), 400, /invalid/, own);
      expectError(await send(member, own, message(foreign)), 400, /id-mismatch/, own);
      expectError(await send(member, own, '{"@type":'), 400, /json/, own);
      expectError(await send(member, foreign, message(foreign)), 404, /not-found/, foreign);
      expectError(await send(member, 'urn:unknown', message('urn:unknown')), 404, /not-found/, 'urn:unknown');
      expectError(await send(stranger, own, message(own)), 404, /./, own);
      expectError(await send(member, own, message(own), 'nonsense'), 404, /./, own);
      expect([await agreementOf(space.berlin, own), await agreementOf(space.berlin, foreign)]).toEqual(before);
      const added = (await newest(500)).filter(({ index }) => index > (last?.index ?? -1));
      // Of a sender that is not known nothing is written down, nor of a body that is no JSON.
      expect(added.map(({ entry }) => entry.kind)).toEqual(Array(added.length).fill('message.refused'));
      expect(added.length).toBeGreaterThanOrEqual(9);
      expect(added.some(({ entry }) => entry.subjects.includes(own))).toBe(true);
    });

    test('ends it, once, where all is well', async () => {
      const said = message(own, { code: 'https://x.example/codes#budget', 'https://x.example/extra': 5 });
      expect((await send(member, own, said)).status).toBe(200);
      expect((await send(member, own, said)).status).toBe(200);
      expect((await send(member, own, message(own, { reason: ['and again'] }))).status).toBe(200);
      expect(await agreementOf(space.berlin, own)).toMatchObject({
        state: 'terminated',
        end: { by: 'consumer', code: 'https://x.example/codes#budget', reason: ['enough'] },
        notice: null,
      });
      const url = path`/ledger/entries?subject=${own}&kind=agreement.terminated`;
      expect(must(await space.berlin.manage.get<{ items: readonly LedgerItem[] }>(url)).items).toHaveLength(1);
    });

    test('goes where the DID document says', async () => {
      const document = (await (await fetch(`${space.berlin.url}/.well-known/did.json`)).json()) as JsonObject;
      const services = Array.isArray(document.service) ? document.service.filter(isJsonObject) : [];
      expect(services.find(({ type }) => type === 'HansaAgreementService')).toMatchObject({
        serviceEndpoint: `${space.berlin.url}${service}`,
      });
    });
  });
});
