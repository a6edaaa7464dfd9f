import { canonicalJson, type JsonObject, must } from '@hansa/kernel';
import { testServerUrl } from '@hansa/platform/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AdmittedPerson, Agreement, Dataset, Negotiation, Offer, PeerCatalog } from '../../apps/cli/src/api.js';
import { createManagementClient, type ManagementClient, path } from '../../apps/cli/src/client.js';
import { type Dataspace, startDataspace } from './support/dataspace.js';
import { freePort, type NodeProcess } from './support/node-process.js';
import { Participant } from './support/participant.js';
import { bikeCounts } from './support/tables.js';
import { TcpProxy } from './support/tcp-proxy.js';
import { until } from './support/wait.js';

const untilDay = (day: string) => ({
  leftOperand: 'dateTime',
  operator: 'lteq',
  rightOperand: { '@value': day, '@type': 'xsd:date' },
});
const termsUntil = (day: string): JsonObject => ({
  '@type': 'Set',
  permission: [{ action: 'use', constraint: [untilDay(day)] }],
});

const kind = testServerUrl === undefined ? 'embedded' : 'server';

describe(`negotiations between two nodes, ${kind}`, () => {
  // Where two instances of a node run, others reach both under one address.
  const proxy = new TcpProxy();
  let space: Dataspace;
  let table: string;
  beforeAll(async () => {
    const [publicPort, port] = [await proxy.open(), await freePort()];
    proxy.targets = [port];
    space = await startDataspace({ database: kind, berlin: { publicPort, port } });
    table = (await bikeCounts(space.berlin.directory)).path;
  }, 120_000);
  afterAll(() => proxy.close());

  /** A dataset of Berlin, on offer until 2096-12-31 under rules. */
  async function offered(negotiation: object): Promise<{ readonly datasetId: string; readonly offerId: string }> {
    const { manage } = space.berlin;
    const dataset = must(
      await manage.post<Dataset>('/datasets', { title: 'Counts', source: { kind: 'file', path: table } }),
    );
    const template = { name: 'time-limited', parameters: { until: '2096-12-31' } };
    const offer = must(await manage.post<Offer>('/offers', { datasetId: dataset.id, template, negotiation }));
    return { datasetId: dataset.id, offerId: offer.id };
  }

  const one = async (node: NodeProcess, id: string) =>
    must(await node.manage.get<Negotiation>(path`/negotiations/${id}`));

  /** What a node has about a dataset, once it is as wanted. */
  function seen(node: NodeProcess, datasetId: string, isWanted: (n: Negotiation) => boolean): Promise<Negotiation> {
    let last: Negotiation | undefined;
    return until(
      async () => {
        const { items } = must(await node.manage.get<{ items: readonly Negotiation[] }>('/negotiations?limit=500'));
        last = items.find((negotiation) => negotiation.datasetId === datasetId);
        return last && isWanted(last) && last;
      },
      { what: () => `the negotiation is not as wanted: ${JSON.stringify(last)}` },
    );
  }

  const isHeld = ({ awaiting, pending }: Negotiation) => pending === null && awaiting?.who === 'us';
  const isIn = (state: string) => (n: Negotiation) => n.state === state && n.pending === null;

  /** Both sides have finalised it, and have the same agreement. */
  async function concluded(datasetId: string): Promise<Agreement> {
    const sides = [space.berlin, space.bruges];
    const [ours, theirs] = await Promise.all(
      sides.map(async (node) => {
        const { agreementId } = await seen(node, datasetId, isIn('FINALIZED'));
        return must(await node.manage.get<Agreement>(path`/agreements/${agreementId ?? ''}`));
      }),
    );
    if (!ours || !theirs) throw new Error('there is no agreement');
    expect(canonicalJson(ours.policy)).toBe(canonicalJson(theirs.policy));
    return ours;
  }

  const ask = async (datasetId: string, changes: object = {}) =>
    must(
      await space.bruges.manage.post<Negotiation>('/negotiations', {
        counterparty: space.berlin.did,
        datasetId,
        ...changes,
      }),
    );

  /** A person with a token of their own. */
  async function person(node: NodeProcess, name: string): Promise<ManagementClient> {
    const { token } = must(await node.manage.post<AdmittedPerson>('/people', { name }));
    return createManagementClient({ url: node.url, token });
  }

  const kindsOf = async (node: NodeProcess, id: string) => {
    const found = await node.manage.get<{ items: readonly { entry: { kind: string; data: JsonObject } }[] }>(
      path`/ledger/entries?subject=${id}`,
    );
    return must(found).items.map(({ entry }) => entry);
  };

  test('an offer that nobody asked for is held, and becomes an agreement when a person says so', async () => {
    const { berlin, bruges } = space;
    const { datasetId } = await offered({});
    const sent = must(
      await berlin.manage.post<Negotiation>('/negotiations/offers', { counterparty: bruges.did, datasetId }),
    );
    expect(sent).toMatchObject({ role: 'provider', state: 'INITIAL', awaiting: { who: 'them', code: 'delivery' } });
    const { id } = await seen(bruges, datasetId, isHeld);
    const { items } = must(await bruges.manage.get<{ items: readonly Negotiation[] }>('/negotiations?awaiting=us'));
    expect(items.map((held) => held.id)).toContain(id);
    expect(await one(bruges, id)).toMatchObject({
      role: 'consumer',
      state: 'OFFERED',
      unasked: true,
      awaiting: { code: 'unasked', deadline: null },
      sentences: [expect.any(String)],
    });
    must(await bruges.manage.post(path`/negotiations/${id}/approve`, {}));
    const agreement = await concluded(datasetId);
    expect(agreement.policy).toMatchObject({ assigner: berlin.did, assignee: bruges.did, target: datasetId });
  }, 60_000);

  test('an unasked offer that could not be enforced is refused in the words of the protocol, and one is stored once', async () => {
    const { authority, bruges } = space;
    const stranger = await Participant.appear();
    try {
      await stranger.join(authority);
      const offer = { '@type': 'Offer', '@id': 'urn:x:offer', target: 'urn:x:data', permission: [{ action: 'use' }] };
      const opening = (providerPid: string, changes: object = {}) => ({
        '@context': ['https://w3id.org/dspace/2025/1/context.jsonld'],
        '@type': 'ContractOfferMessage',
        '@id': `${providerPid}:1`,
        providerPid,
        callbackAddress: stranger.callbackAddress,
        offer: { ...offer, ...changes },
      });
      const bring = (message: object) => stranger.post(bruges, '/dsp/2025-1/negotiations/offers', message);
      const mood = [{ leftOperand: 'https://x.example/mood', operator: 'eq', rightOperand: 'good' }];
      const refused = await bring(opening('urn:p:1', { permission: [{ action: 'use', constraint: mood }] }));
      expect([refused.status, refused.body]).toMatchObject([
        400,
        { '@type': 'ContractNegotiationError', code: 'policy.unknown-operand', reason: [expect.any(String)] },
      ]);
      const both = await bring({ ...opening('urn:p:2'), consumerPid: 'urn:c:2' });
      expect([both.status, both.body['@type']]).toEqual([400, 'ContractNegotiationError']);
      const [first, second] = [await bring(opening('urn:p:3')), await bring(opening('urn:p:3'))];
      expect([first.status, first.body]).toMatchObject([201, { '@type': 'ContractNegotiation', state: 'OFFERED' }]);
      expect(second.body.consumerPid).toBe(first.body.consumerPid);
      const held = await one(bruges, String(first.body.consumerPid));
      expect(held).toMatchObject({ counterparty: stranger.did, awaiting: { who: 'us', code: 'unasked' } });
    } finally {
      await stranger.leave();
    }
  }, 60_000);

  test('the agreement on an unasked offer can be used: the credentials came with the acceptance', async () => {
    const { berlin, bruges } = space;
    const dataset = must(
      await berlin.manage.post<Dataset>('/datasets', { title: 'Members', source: { kind: 'file', path: table } }),
    );
    must(
      await berlin.manage.post('/offers', {
        datasetId: dataset.id,
        template: { name: 'members-only', parameters: {} },
      }),
    );
    must(await berlin.manage.post('/negotiations/offers', { counterparty: bruges.did, datasetId: dataset.id }));
    const { id } = await seen(bruges, dataset.id, isHeld);
    must(await bruges.manage.post(path`/negotiations/${id}/accept`, {}));
    const { id: agreementId } = await concluded(dataset.id);
    const transfer = must(await bruges.manage.post<{ id: string }>('/transfers', { agreementId }));
    await until(
      async () => must(await bruges.manage.get<{ state: string }>(path`/transfers/${transfer.id}`)).state === 'STARTED',
      { what: () => 'the transfer did not start' },
    );
  }, 60_000);

  test('terms within bounds are agreed to without a person, others are refused and say why', async () => {
    const { datasetId } = await offered({
      bounds: { template: { name: 'time-limited', parameters: { until: '2097-12-31' } } },
    });
    const member = [{ leftOperand: 'hansa:credential', operator: 'eq', rightOperand: 'MembershipCredential' }];
    const within = (day: string) => ({
      policy: {
        '@type': 'Set',
        profile: 'https://w3id.org/hansa/v1',
        permission: [{ action: 'use', constraint: [...member, untilDay(day)] }],
      },
    });
    const refused = await ask(datasetId, within('2098-01-01'));
    const why = await until(async () => {
      const { state, detail } = await one(space.bruges, refused.id);
      return state === 'REFUSED' && detail;
    });
    expect(why).toContain('the time is not after 2097-12-31');
    const { id } = await ask(datasetId, within('2097-06-30'));
    const done = await until(async () => {
      const negotiation = await one(space.bruges, id);
      return isIn('FINALIZED')(negotiation) && negotiation;
    });
    const agreement = must(await space.bruges.manage.get<Agreement>(path`/agreements/${done.agreementId ?? ''}`));
    expect(JSON.stringify(agreement.policy)).toContain('2097-06-30');
  }, 60_000);

  test('who has read an offer in the catalogue asks with it, and is refused when it is not that offer any more', async () => {
    const { datasetId, offerId } = await offered({});
    const { berlin, bruges } = space;
    const listed = must(
      await bruges.manage.post<PeerCatalog>('/catalog/request', { counterparty: berlin.did }),
    ).datasets.find(({ id }) => id === datasetId);
    const offer = listed?.offers[0]?.policy;
    await ask(datasetId, { offer });
    expect(await concluded(datasetId)).toMatchObject({ policy: { target: datasetId } });

    const wrong = async (changes: object) => {
      const asked = { counterparty: berlin.did, datasetId, ...changes };
      const answer = await bruges.manage.post<Negotiation>('/negotiations', asked);
      return answer.ok ? answer.value : answer.problem;
    };
    expect(await wrong({ offer, offerId })).toMatchObject({ status: 400 });
    expect(await wrong({ offer: {} })).toMatchObject({ status: 400 });
    expect(await wrong({ offer: { ...offer, permission: 'all' } })).toMatchObject({ status: 400 });
    const other = await wrong({ offer: { ...offer, target: 'urn:another' } });
    expect(other).toMatchObject({ status: 400, detail: expect.stringContaining('not about') });

    must(await berlin.manage.delete(path`/offers/${offerId}`));
    const late = await ask(datasetId, { offer });
    const why = await until(async () => {
      const { state, detail } = await one(bruges, late.id);
      return state === 'REFUSED' && detail;
    });
    expect(why).toContain(offerId);
  }, 60_000);

  test('a provider that counters and a consumer that knows what it needs agree without anybody', async () => {
    const { datasetId } = await offered({ otherTerms: 'counter' });
    const needed = {
      policy: {
        ...termsUntil('2090-12-31'),
        permission: [
          {
            action: 'use',
            constraint: [
              untilDay('2090-12-31'),
              { leftOperand: 'hansa:credential', operator: 'eq', rightOperand: 'MembershipCredential' },
            ],
          },
        ],
        profile: 'https://w3id.org/hansa/v1',
      },
    };
    await ask(datasetId, { policy: termsUntil('2099-12-31'), negotiation: { bounds: needed } });
    const agreement = await concluded(datasetId);
    expect(JSON.stringify(agreement.policy)).toContain('2096-12-31');
  }, 60_000);

  test('a provider that counters and a consumer that insists come to rest, and a person refuses with a reason', async () => {
    const { berlin, bruges } = space;
    const { datasetId } = await offered({ otherTerms: 'counter' });
    const { id } = await ask(datasetId, { policy: termsUntil('2099-12-31') });
    await until(async () => isHeld(await one(bruges, id)));
    must(await bruges.manage.post(path`/negotiations/${id}/offer`, { policy: termsUntil('2098-12-31') }));
    const held = await seen(berlin, datasetId, isHeld);
    expect(held).toMatchObject({ role: 'provider', state: 'REQUESTED', awaiting: { code: 'countered-again' } });
    await until(async () => (await one(bruges, id)).awaiting?.code === 'answer');
    must(await berlin.manage.post(path`/negotiations/${held.id}/refuse`, { reason: 'No later than 2096.' }));
    const termination = { by: 'provider', code: 'negotiation.refused', reason: ['No later than 2096.'] };
    expect(await seen(bruges, datasetId, isIn('TERMINATED'))).toMatchObject({
      awaiting: null,
      termination: { ...termination, side: 'them' },
    });
    expect(await seen(berlin, datasetId, isIn('TERMINATED'))).toMatchObject({
      termination: { ...termination, side: 'us' },
    });
  }, 60_000);

  test('four eyes are two people with tokens of their own, and the ledger names them', async () => {
    const { berlin } = space;
    const { datasetId } = await offered({ repeated: 'hold', approvals: 2 });
    const [ann, ben] = [await person(berlin, 'Ann Peters'), await person(berlin, 'Ben Maes')];
    expect(await ann.post('/people', { name: 'Ann again' })).toMatchObject({ ok: false, problem: { status: 403 } });
    expect(await berlin.manage.post('/people', { name: 'Ann Peters' })).toMatchObject({ problem: { status: 409 } });
    await ask(datasetId);
    const { id } = await seen(berlin, datasetId, isHeld);
    const approve = (who: ManagementClient) => who.post<Negotiation>(path`/negotiations/${id}/approve`, {});
    expect(await approve(berlin.manage)).toMatchObject({
      ok: false,
      problem: { status: 403, kind: 'approval.forbidden' },
    });
    expect(must(await approve(ann))).toMatchObject({
      pending: null,
      awaiting: { approvals: { needed: 2, given: [{ by: 'Ann Peters' }] } },
    });
    expect(await approve(ann)).toMatchObject({ ok: false, problem: { status: 409, kind: 'approval.conflict' } });
    must(await approve(ben));
    await concluded(datasetId);
    const decisions = (await kindsOf(berlin, id)).filter((entry) => entry.kind === 'negotiation.decided');
    expect(decisions.map(({ data }) => data.by).sort()).toEqual(['Ann Peters', 'Ben Maes']);
    must(await berlin.manage.delete(path`/people/${'Ann Peters'}`));
    expect(await ann.get('/negotiations')).toMatchObject({ ok: false, problem: { status: 401 } });
  }, 60_000);

  test('what nobody decides on ends at its deadline, also when the node was killed meanwhile', async () => {
    const { berlin, bruges } = space;
    const { datasetId } = await offered({ repeated: 'hold', decideWithin: 'PT4S' });
    await ask(datasetId);
    const held = await seen(berlin, datasetId, isHeld);
    await berlin.kill('SIGKILL');
    await berlin.start();
    const ended = await seen(bruges, datasetId, isIn('TERMINATED'));
    expect(ended.termination).toMatchObject({ by: 'provider', code: 'negotiation.expired', side: 'them' });
    expect((await kindsOf(berlin, held.id)).filter((entry) => entry.kind === 'negotiation.expired')).toHaveLength(1);
  }, 90_000);

  (kind === 'server' ? test : test.skip)(
    'two instances of a node end each of them once',
    async () => {
      const { berlin } = space;
      const sibling = await (await berlin.sibling()).start();
      proxy.targets = [berlin.port, sibling.port];
      const datasets = await Promise.all(
        Array.from({ length: 8 }, () => offered({ repeated: 'hold', decideWithin: 'PT5S' })),
      );
      await Promise.all(datasets.map(({ datasetId }) => ask(datasetId)));
      for (const { datasetId } of datasets) {
        const ended = await seen(berlin, datasetId, isIn('TERMINATED'));
        const entries = await kindsOf(berlin, ended.id);
        expect(entries.filter((entry) => entry.kind === 'negotiation.expired')).toHaveLength(1);
      }
      expect(must(await berlin.manage.get<{ items: readonly object[] }>('/deliveries/dead')).items).toEqual([]);
      await sibling.stop();
    },
    120_000,
  );
});
