import { existsSync } from 'node:fs';
import { generateKeyPair, issueSelfIssuedToken, localSigner } from '@hansa/dcp';
import { type SchemaName, serialize, validate } from '@hansa/dsp';
import { digestOfJson, type JsonObject, must, uuids } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { brokenInEveryField, examples, hostileAddresses, messagesOf, overfull } from './support/broken.js';
import { HandConsumer, type Pids } from './support/consumer.js';
import { publish } from './support/dataspace.js';
import { type NodeProcess, startNode } from './support/node-process.js';
import { Participant } from './support/participant.js';
import { Canary, Tarpit, tarpitKinds } from './support/raw.js';
import { deep, privateAddresses, Refusals } from './support/refusals.js';
import { bikeCounts } from './support/tables.js';
import { until } from './support/wait.js';

const purpose = 'dpv:ImproveTransportMobility';
const terms = { name: 'purpose-bound', parameters: { purpose: 'dpv:PublicBenefit' } } as const;
const dsp = '/dsp/2025-1';

let authority: NodeProcess;
let berlin: NodeProcess;
let member: HandConsumer;
let rival: HandConsumer;
let stranger: Participant;
let canary: Canary;
const tarpits: Tarpit[] = [];
const slows: Participant[] = [];
let refusals: Refusals;
let datasetId: string;
let offerId: string;

beforeAll(async () => {
  authority = await startNode({ city: 'authority', authority: true });
  berlin = await startNode({ city: 'berlin', trust: [authority.did] });
  const [first, second] = [await Participant.appear(), await Participant.appear()];
  for (const participant of [first, second]) await participant.join(authority);
  [member, rival] = [new HandConsumer(first, berlin), new HandConsumer(second, berlin)];
  stranger = await Participant.appear();
  canary = await Canary.open();
  const table = await bikeCounts(berlin.directory);
  const { dataset, offer } = await publish(berlin, { title: 'Bicycle counts', path: table.path }, terms);
  [datasetId, offerId] = [dataset.id, offer.id];
  await member.agree(datasetId, purpose);
  refusals = new Refusals(berlin);
}, 120_000);
afterAll(async () => {
  await Promise.all([
    member?.participant.leave(),
    rival?.participant.leave(),
    stranger?.leave(),
    canary?.close(),
    ...tarpits.map((tarpit) => tarpit.close()),
    ...slows.map((slow) => slow.leave()),
  ]);
});

describe('the protocol endpoints', () => {
  let pids: Pids;
  const own = () => `/negotiations/${encodeURIComponent(pids.providerPid)}`;
  const stateOf = async (consumer: HandConsumer) =>
    (await consumer.participant.get(berlin, `${dsp}${own()}`)).body.state;

  beforeAll(async () => {
    pids = await member.request(datasetId, purpose);
    await member.arrival(pids, '/agreement');
    await until(async () => (await stateOf(member)) === 'AGREED');
  });

  const errorTypes = [
    ['/catalog/request', 'CatalogError'],
    ['/negotiations/request', 'ContractNegotiationError'],
    ['/negotiations/offers', 'ContractNegotiationError'],
    ['/transfers/request', 'TransferError'],
  ] as const;

  test.each(errorTypes)('%s answers broken bodies in its own words', async (where, type) => {
    const post = (body: string | object) => member.participant.post(berlin, `${dsp}${where}`, body);
    refusals.expectDspError('malformed', await post('{"@type":'), type, 400);
    refusals.expectDspError('empty', await post(''), type, 400);
    refusals.expectDspError('deep', await post(deep(100_000)), type, 400);
    refusals.expectDspError('poisoned', await post('{"__proto__":{"x":1}}'), type, 400);
    refusals.expectDspError('an array', await post([]), type, 400);
    refusals.expectDspError('an empty object', await post({}), type, 400);
    refusals.expectDspError(
      'another type',
      await post({ '@context': ['https://w3id.org/dspace/2025/1/context.jsonld'], '@type': 'Nonsense' }),
      type,
      400,
    );
    refusals.expectDspError('too large', await post(JSON.stringify({ a: 'x'.repeat(2 << 20) })), type, 413);
    const authorization = `Bearer ${await member.participant.token(berlin.did)}`;
    const xml = await fetch(`${berlin.url}${dsp}${where}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/xml' },
      body: '<a/>',
    });
    refusals.expectDspError('XML', { status: xml.status, body: (await xml.json()) as JsonObject }, type, 415);
  });

  test('unknown processes are not found, and neither are those of somebody else', async () => {
    const steps = [
      ['/agreement/verification', { type: 'ContractAgreementVerificationMessage' }],
      ['/events', { type: 'ContractNegotiationEventMessage', eventType: 'ACCEPTED' }],
      ['/termination', { type: 'ContractNegotiationTerminationMessage', code: null, reason: [] }],
    ] as const;
    for (const [step, message] of steps) {
      const foreign = await rival.step(`${own()}${step}`, { ...message, ...pids });
      refusals.expectDspError(`foreign ${step}`, foreign, 'ContractNegotiationError', 404);
      const unknown = await member.step(`/negotiations/unknown${step}`, { ...message, ...pids });
      refusals.expectDspError(`unknown ${step}`, unknown, 'ContractNegotiationError', 404);
      const { '@id': _, reason: __, consumerPid: ___, providerPid: ____, ...told } = foreign.body;
      const { '@id': _a, reason: __a, consumerPid: ___a, providerPid: ____a, ...heard } = unknown.body;
      expect(told).toEqual(heard);
    }
    refusals.expectDspError(
      'foreign look',
      await rival.participant.get(berlin, `${dsp}${own()}`),
      'ContractNegotiationError',
      404,
    );
    for (const step of ['start', 'suspension', 'completion', 'termination']) {
      const type = `Transfer${step.charAt(0).toUpperCase()}${step.slice(1)}Message`;
      const answer = await rival.step(`/transfers/unknown/${step}`, {
        type,
        code: null,
        reason: [],
        dataAddress: null,
        ...pids,
      });
      refusals.expectDspError(step, answer, 'TransferError', 404);
    }
    expect(await stateOf(member)).toBe('AGREED');
  });

  test('a transfer that somebody else opened is closed to others', async () => {
    const access = await member.open(await member.agree(datasetId, purpose));
    const there = `/transfers/${encodeURIComponent(access.providerPid)}`;
    for (const step of ['suspension', 'completion', 'termination']) {
      const type = `Transfer${step.charAt(0).toUpperCase()}${step.slice(1)}Message`;
      const { consumerPid, providerPid } = access;
      const message = { type, consumerPid, providerPid, code: null, reason: [] };
      refusals.expectDspError(step, await rival.step(`${there}/${step}`, message), 'TransferError', 404);
    }
    const shown = await member.participant.get(berlin, `${dsp}${there}`);
    expect(shown.body).toMatchObject({ '@type': 'TransferProcess', state: 'STARTED' });
  });

  test('what the state does not allow is refused and changes nothing', async () => {
    const accepted = { type: 'ContractNegotiationEventMessage', eventType: 'ACCEPTED', ...pids };
    refusals.expectDspError(
      'accepted',
      await member.step(`${own()}/events`, accepted),
      'ContractNegotiationError',
      400,
    );
    const finalized = { ...accepted, eventType: 'FINALIZED' };
    refusals.expectDspError(
      'finalized',
      await member.step(`${own()}/events`, finalized),
      'ContractNegotiationError',
      400,
    );
    const crossed = {
      type: 'ContractAgreementVerificationMessage',
      consumerPid: 'another',
      providerPid: pids.providerPid,
    };
    const mismatch = await member.step(`${own()}/agreement/verification`, crossed);
    refusals.expectDspError('another pid', mismatch, 'ContractNegotiationError', 400);
    expect(await stateOf(member)).toBe('AGREED');
  });

  test.each([
    ['a NUL', 'a\u0000b'],
    ['half a character', 'a\ud800b'],
  ])('pids and reasons with %s are refused', async (what, text) => {
    const request = { ...(await member.contractRequest(datasetId, purpose)), consumerPid: text };
    refusals.expectDspError(what, await member.send('/negotiations/request', request), 'ContractNegotiationError', 400);
    const termination = { type: 'ContractNegotiationTerminationMessage', ...pids, code: text, reason: [text] };
    refusals.expectDspError(
      what,
      await member.step(`${own()}/termination`, termination),
      'ContractNegotiationError',
      400,
    );
    const transfer = {
      type: 'TransferRequestMessage',
      consumerPid: text,
      callbackAddress: member.participant.callbackAddress,
      agreementId: text,
      format: 'HttpData-PULL',
      dataAddress: null,
    };
    const asked = await member.step('/transfers/request', transfer);
    refusals.expectDspError(what, asked, 'TransferError', asked.status === 404 ? 404 : 400);
    const there = await member.participant.get(
      berlin,
      `${dsp}/negotiations/${text === 'a\u0000b' ? 'a%00b' : 'a%ED%A0%80b'}`,
    );
    refusals.expectDspError(what, there, 'ContractNegotiationError', there.status === 404 ? 404 : 400);
    expect(await stateOf(member)).toBe('AGREED');
  });

  test('an offer that is not ours comes to no agreement', async () => {
    const good = await member.contractRequest(datasetId, purpose);
    const offer = good.offer as JsonObject;
    const [permission] = offer.permission as readonly JsonObject[];
    const tampered: readonly (readonly [string, JsonObject])[] = [
      ['another offer', { ...offer, '@id': uuids.next() }],
      ['another dataset', { ...offer, target: uuids.next() }],
      ['no constraint', { ...offer, permission: [{ action: 'use' }] }],
      ['one more action', { ...offer, permission: [permission ?? {}, { action: 'sell' }] }],
      ['another action', { ...offer, permission: [{ ...permission, action: 'distribute' }] }],
      [
        'a prohibition less',
        { ...offer, permission: [...(offer.permission as readonly JsonObject[]), permission ?? {}] },
      ],
      ['no permission', { ...offer, permission: [] }],
    ];
    const count = async () =>
      must(await berlin.manage.get<{ items: readonly object[] }>('/negotiations?limit=500')).items.length;
    const had = await count();
    for (const [what, changed] of tampered) {
      const message = { ...good, '@id': uuids.next(), consumerPid: uuids.next(), offer: changed };
      const { status, body } = await member.send('/negotiations/request', message);
      refusals.expectDspError(what, { status, body }, 'ContractNegotiationError', status === 404 ? 404 : 400);
    }
    expect(await count()).toBe(had);
  });

  test('the same request twice opens one negotiation', async () => {
    const message = await member.contractRequest(datasetId, purpose);
    const [first, second] = [
      await member.send('/negotiations/request', message),
      await member.send('/negotiations/request', message),
    ];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.providerPid).toBe(first.body.providerPid);
    const fifty = await Promise.all(
      Array.from({ length: 20 }, () => member.send('/negotiations/request', { ...message, consumerPid: 'urn:x:once' })),
    );
    const opened = new Set(fifty.map(({ body }) => body.providerPid).filter((pid) => pid !== 'unknown'));
    expect([fifty.map(({ status }) => status).filter((status) => status >= 500), opened.size]).toEqual([[], 1]);
  });

  test('a token is good once, for us, in time, and signed by who it names', async () => {
    const { participant } = member;
    const once = await participant.token(berlin.did);
    const catalog = (token: string) => participant.post(berlin, `${dsp}/catalog/request`, {}, token);
    refusals.expectDspError('first use', await catalog(once), 'CatalogError', 400);
    const [header = '', claims = '', signature = ''] = (await participant.token(berlin.did)).split('.');
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const own = JSON.parse(Buffer.from(claims, 'base64url').toString());
    const keys = await generateKeyPair('participant', `${participant.did}#participant-1`);
    const request = {
      signer: localSigner(keys),
      did: participant.did,
      audience: berlin.did,
      now: new Date(),
      jti: uuids.next(),
    };
    const hour = 3_600_000;
    const refused: Readonly<Record<string, string>> = {
      'second use': once,
      'no signature': `${part({ ...JSON.parse(Buffer.from(header, 'base64url').toString()), alg: 'none' })}.${claims}.`,
      'another signature': `${header}.${claims}.${'A'.repeat(signature.length)}`,
      'another claim': `${header}.${part({ ...own, jti: uuids.next() })}.${signature}`,
      'another key': await issueSelfIssuedToken(request),
      'another audience': await participant.token(rival.participant.did),
      expired: await participant.token(berlin.did, { now: new Date(Date.now() - hour) }),
      'from the future': await participant.token(berlin.did, { now: new Date(Date.now() + hour) }),
      'without a grant': await issueSelfIssuedToken({ ...request, signer: participant.signer }),
      rubbish: 'a.b.c',
      nothing: '',
    };
    for (const [what, token] of Object.entries(refused)) {
      refusals.expectDspError(what, await catalog(token), 'CatalogError', 401);
      const hidden = await participant.post(berlin, `${dsp}/negotiations/request`, {}, token);
      refusals.expectDspError(what, hidden, 'ContractNegotiationError', 404);
    }
    const parallel = await participant.token(berlin.did);
    const uses = await Promise.all(Array.from({ length: 20 }, () => catalog(parallel)));
    expect(uses.filter(({ status }) => status !== 401)).toHaveLength(1);
  });

  test('a hostile callback address is refused at once: nothing is stored, and nothing is called', async () => {
    const { participant } = member;
    const agreementId = await member.agree(datasetId, purpose);
    const stored = async () => ({
      negotiations: must(await berlin.manage.get<JsonObject>('/negotiations?limit=500')),
      transfers: must(await berlin.manage.get<JsonObject>('/transfers?limit=500')),
    });
    const recorded = async () => (await recordedOf(participant.did, 'callback.refused')).length;
    await until(async () => !JSON.stringify(await stored()).includes('"pending":"'));
    const [before, heard, had] = [await stored(), participant.received.length, await recorded()];
    const contract = await member.contractRequest(datasetId, purpose);
    const transfer = { type: 'TransferRequestMessage', agreementId, format: 'HttpData-PULL', dataAddress: null };
    for (const callbackAddress of hostileAddresses(participant)) {
      const opening = { '@id': uuids.next(), consumerPid: uuids.next(), callbackAddress };
      const negotiated = await member.send('/negotiations/request', { ...contract, ...opening });
      refusals.expectDspError(callbackAddress, negotiated, 'ContractNegotiationError', 400);
      const transferred = await member.step('/transfers/request', { ...transfer, ...opening });
      refusals.expectDspError(callbackAddress, transferred, 'TransferError', 400);
    }
    expect(await stored()).toEqual(before);
    // Addresses that are none fail the schema of the message before anybody could call them.
    expect((await recorded()) - had).toBeGreaterThan(privateAddresses.length * 2 - 1);
    expect(participant.received.slice(heard)).toEqual([]);
  }, 60_000);

  test('a callback address that sends our messages elsewhere is not followed there', async () => {
    const message = await member.contractRequest(datasetId, purpose);
    for (const callbackAddress of canary.redirections) {
      const calls = canary.redirected;
      const opening = { '@id': uuids.next(), consumerPid: uuids.next(), callbackAddress };
      const { status } = await member.send('/negotiations/request', { ...message, ...opening });
      refusals.note(callbackAddress, status);
      expect(status).toBe(201);
      await until(async () => canary.redirected > calls);
    }
    expect(canary.calls).toEqual([]);
  }, 60_000);

  test.each(tarpitKinds)(
    'a callback address whose server is %s holds up neither its sender nor others',
    async (kind) => {
      const tarpit = await Tarpit.open(kind);
      tarpits.push(tarpit);
      // One of its own for each kind: after the first silence only one message at a time goes to a participant.
      const slow = await Participant.appear();
      slows.push(slow);
      await slow.join(authority);
      const hostile = new HandConsumer(slow, berlin);
      const message = await hostile.contractRequest(datasetId, purpose);
      const times: number[] = [];
      for (let n = 0; n < 20; n++) {
        const opening = { '@id': uuids.next(), consumerPid: uuids.next(), callbackAddress: tarpit.url };
        const began = performance.now();
        const { status } = await hostile.send('/negotiations/request', { ...message, ...opening });
        times.push(performance.now() - began);
        refusals.note(kind, status);
        expect(status).toBe(201);
      }
      await until(async () => tarpit.calls > 0);
      const began = performance.now();
      await rival.agree(datasetId, purpose);
      const agreed = performance.now() - began;
      const slowest = Math.max(...times);
      process.stderr.write(
        `${kind}: 20 openings, the slowest in ${Math.round(slowest)} ms, ${tarpit.calls} calls; an agreement with another meanwhile in ${Math.round(agreed)} ms\n`,
      );
      // Below the time limit of one delivery, so nothing has waited for one.
      expect([slowest < 1_000, agreed < 4_000]).toEqual([true, true]);
    },
    60_000,
  );

  test('a member that is refused stands in the ledger, with what it sent; a stranger leaves nothing there', async () => {
    const size = async () =>
      must(await berlin.manage.get<{ items: readonly object[] }>('/ledger/entries?kind=message.refused&limit=500'))
        .items.length;
    const steps = { type: 'ContractAgreementVerificationMessage', ...pids };
    const wire = serialize(steps as never, uuids.next());
    const where = `${dsp}${own()}/agreement/verification`;
    await rival.participant.post(berlin, where, wire);
    const [refused] = await recordedOf(rival.participant.did, 'negotiation.not-found');
    expect(refused).toMatchObject({
      subjects: [pids.providerPid, rival.participant.did],
      data: { message: wire['@type'], digest: digestOfJson(wire), detail: expect.stringContaining('no negotiation') },
    });
    const before = await size();
    const bodies = [
      wire,
      { ...wire, '@id': uuids.next() },
      '{"@type":',
      deep(10_000),
      JSON.stringify({ a: 'x'.repeat(2 << 20) }),
    ];
    for (const body of bodies) {
      const token = await stranger.token(berlin.did);
      refusals.note('a stranger', (await stranger.post(berlin, where, body, token)).status);
      refusals.note('nobody', (await stranger.post(berlin, where, body, 'x.y.z')).status);
    }
    // What cannot be read is refused before anybody has asked who sent it.
    for (const body of bodies.slice(2)) refusals.note('unread', (await rival.send(where, body as never)).status);
    expect(await size()).toBe(before);
  });

  test.each(overfull)('an offer with very many %s is refused, and soon', async (what, sizes, filled) => {
    const good = await member.contractRequest(datasetId, purpose);
    for (const size of sizes) {
      const offer = { ...(good.offer as JsonObject), ...filled(size) };
      const message = { ...good, '@id': uuids.next(), consumerPid: uuids.next(), offer };
      const began = performance.now();
      const { status, body } = await member.send('/negotiations/request', message);
      const ms = performance.now() - began;
      refusals.expectDspError(
        `${size} ${what}`,
        { status, body },
        'ContractNegotiationError',
        status === 413 ? 413 : 400,
      );
      expect(ms).toBeLessThan(1_000);
    }
  });

  if (!existsSync(examples)) test.skip('skipped: the examples of the specification are not present', () => {});
  else
    test('every example of the specification, broken in every field, is refused, and soon', async () => {
      const times: number[] = [];
      let left = 0;
      const state = await stateOf(member);
      for (const [message, where, error] of protocolMessages(own()))
        for (const [at, broken] of brokenInEveryField(message)) {
          const valid = validate(message['@type'] as SchemaName, broken).ok;
          const began = performance.now();
          const { status, body } = await member.send(where, broken);
          times.push(performance.now() - began);
          // A member that the schema leaves open may be anything: then what counts is what the message says.
          if (valid) left++;
          const expected = valid ? [200, 400, 404] : [400];
          expect([where, at, status]).toEqual([where, at, expected.includes(status) ? status : expected]);
          if (status === 200) refusals.note(`${where} ${at}`, status);
          else refusals.expectDspError(`${where} ${at}`, { status, body }, error, status);
        }
      const slowest = Math.round(Math.max(...times));
      process.stderr.write(
        `broken examples: ${times.length}, ${left} of them still valid; the slowest answer ${slowest} ms\n`,
      );
      expect([times.length > 500, left < times.length / 4, slowest < 1_000]).toEqual([true, true, true]);
      expect(await stateOf(member)).toBe(state);
      // A flood is recorded up to a limit: 200 at once, then one a minute.
      const minutes = Math.ceil(performance.now() / 60_000);
      const recorded = (await recordedOf(member.participant.did)).length;
      expect([recorded >= 200, recorded <= 200 + minutes]).toEqual([true, true]);
    }, 120_000);
});

test('none of this was answered with 5xx', () => refusals.expectNoServerError(existsSync(examples) ? 250 : 200));

test('after all this the node runs, healthy and hardly larger than before', async () => {
  expect(must(await berlin.manage.get('/offers'))).toMatchObject({ items: [{ id: offerId }] });
  await refusals.expectUnharmed();
}, 30_000);

const destinations: Readonly<Record<string, readonly [string, string]>> = {
  CatalogRequestMessage: ['/catalog/request', 'CatalogError'],
  ContractRequestMessage: ['/negotiations/request', 'ContractNegotiationError'],
  ContractOfferMessage: ['/offers', 'ContractNegotiationError'],
  ContractAgreementMessage: ['/agreement', 'ContractNegotiationError'],
  ContractAgreementVerificationMessage: ['/agreement/verification', 'ContractNegotiationError'],
  ContractNegotiationEventMessage: ['/events', 'ContractNegotiationError'],
  ContractNegotiationTerminationMessage: ['/termination', 'ContractNegotiationError'],
  TransferRequestMessage: ['/transfers/request', 'TransferError'],
  TransferStartMessage: ['/transfers/unknown/start', 'TransferError'],
  TransferCompletionMessage: ['/transfers/unknown/completion', 'TransferError'],
  TransferSuspensionMessage: ['/transfers/unknown/suspension', 'TransferError'],
  TransferTerminationMessage: ['/transfers/unknown/termination', 'TransferError'],
};

/** The examples that are messages, with where each goes, within a negotiation, and in which type it is refused. */
function protocolMessages(negotiation: string): readonly (readonly [JsonObject, string, string])[] {
  return messagesOf(['catalog', 'negotiation', 'transfer']).flatMap((message) => {
    const [where, error] = destinations[String(message['@type'])] ?? [];
    if (!where || !error) return [];
    const inside = error === 'ContractNegotiationError' && !where.startsWith('/negotiations');
    return [[message, inside ? `${negotiation}${where}` : where, error] as const];
  });
}

/** What the ledger has recorded of the refusals of a counterparty, for one reason or for all. */
async function recordedOf(subject: string, problem?: string) {
  interface Entry {
    readonly entry: { readonly subjects: readonly string[]; readonly data: JsonObject };
  }
  const query = `kind=message.refused&limit=500&subject=${encodeURIComponent(subject)}`;
  const { items } = must(await berlin.manage.get<{ items: readonly Entry[] }>(`/ledger/entries?${query}`));
  return items.map(({ entry }) => entry).filter(({ data }) => problem === undefined || data.problem === problem);
}
