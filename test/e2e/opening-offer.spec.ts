import { existsSync } from 'node:fs';
import { serialize, validate } from '@hansa/dsp';
import { mutationsOf } from '@hansa/dsp/testing';
import { digestOfJson, isJsonObject, type Json, type JsonObject, must, uuids } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { brokenInEveryField, examples, hostileAddresses, messagesOf, overfull } from './support/broken.js';
import { type NodeProcess, startNode } from './support/node-process.js';
import { Participant, type Reply } from './support/participant.js';
import { Refusals } from './support/refusals.js';

const where = '/dsp/2025-1/negotiations/offers';
const error = 'ContractNegotiationError';
/** Milliseconds for one answer. */
const soon = 1_000;
/** Refusals of one counterparty that the ledger records one by one; then it is one a minute. */
const burst = 200;

let authority: NodeProcess;
let bruges: NodeProcess;
let provider: Participant;
let rival: Participant;
const others: Participant[] = [];
let refusals: Refusals;

async function joined(): Promise<Participant> {
  const participant = await Participant.appear();
  others.push(participant);
  await participant.join(authority);
  return participant;
}

beforeAll(async () => {
  authority = await startNode({ city: 'authority', authority: true });
  bruges = await startNode({ city: 'bruges', trust: [authority.did] });
  [provider, rival] = [await joined(), await joined()];
  refusals = new Refusals(bruges);
}, 120_000);
afterAll(() => Promise.all(others.map((participant) => participant.leave())));

const permission = [{ action: 'use' }];
const offer = { '@type': 'Offer', '@id': 'urn:x:offer', target: 'urn:x:data', permission };

/** A provider's unasked offer as it should be, but for the changes. */
function opening(from: Participant, changes: JsonObject = {}): JsonObject {
  const { callbackAddress } = from;
  const message = { type: 'ContractOfferMessage', providerPid: uuids.next(), callbackAddress, offer };
  return { ...serialize(message as never, uuids.next()), ...changes };
}

/** The ids of all negotiations that the node has stored. */
async function stored(): Promise<ReadonlySet<string>> {
  const ids: string[] = [];
  for (let offset = 0; ; offset += 500) {
    const page = await bruges.manage.get<{ items: readonly { id: string }[] }>(
      `/negotiations?limit=500&offset=${offset}`,
    );
    const { items } = must(page);
    ids.push(...items.map(({ id }) => id));
    if (items.length < 500) return new Set(ids);
  }
}

interface Recorded {
  readonly entry: { readonly subjects: readonly string[]; readonly data: JsonObject };
}
async function recordedOf({ did }: Participant): Promise<readonly Recorded['entry'][]> {
  const query = `kind=message.refused&limit=500&subject=${encodeURIComponent(did)}`;
  const found = must(await bruges.manage.get<{ items: readonly Recorded[] }>(`/ledger/entries?${query}`));
  return found.items.map(({ entry }) => entry);
}

async function bring(from: Participant, message: object): Promise<Reply> {
  const began = performance.now();
  const reply = await from.post(bruges, where, message);
  expect(performance.now() - began).toBeLessThan(soon);
  return reply;
}

function expectRefused(what: string, { status, body }: Reply, expected: number): void {
  refusals.expectDspError(what, { status, body }, error, expected);
  expect([what, validate(error, body)]).toEqual([what, expect.objectContaining({ ok: true })]);
}

/** Brings an offer that must be refused at the door: nothing is stored, and the ledger says what came and why not. */
async function expectTurnedAway(what: string, message: JsonObject, code?: string): Promise<void> {
  const before = await stored();
  const reply = await bring(provider, message);
  expectRefused(what, reply, 400);
  if (code !== undefined) expect([what, reply.body.code]).toEqual([what, code]);
  // A repeat is answered alike, and is no second refusal.
  expect([what, (await bring(provider, message)).body.code]).toEqual([what, reply.body.code]);
  expect(await stored()).toEqual(before);
  const digest = digestOfJson(message);
  const recorded = (await recordedOf(provider)).filter(({ data }) => data.digest === digest);
  expect(recorded).toMatchObject([{ subjects: [provider.did], data: { problem: reply.body.code, unrecorded: 0 } }]);
}

/** Each with a pid of its own, where a change has left that alone: a second offer under one pid opens nothing. */
const apart = (message: Json, pid: Json | undefined): Json =>
  isJsonObject(message) && message.providerPid === pid ? { ...message, providerPid: uuids.next() } : message;

interface Tally {
  readonly refused: readonly { readonly digest: string; readonly code: Json | undefined }[];
  readonly opened: readonly string[];
  readonly valid: number;
}

/** Brings all of them. What fails the schema is refused; what passes it, because it is open there, may open one. */
async function bringAll(from: Participant, messages: Iterable<readonly [string, Json]>): Promise<Tally> {
  const tally = { refused: [] as Tally['refused'][number][], opened: [] as string[], valid: 0 };
  for (const [what, message] of messages) {
    const isValid = validate('ContractOfferMessage', message).ok;
    if (isValid) tally.valid++;
    const reply = await bring(from, message as object);
    if (isValid && reply.status === 201) {
      refusals.note(what, reply.status);
      expect([what, validate('ContractNegotiation', reply.body).ok]).toEqual([what, true]);
      tally.opened.push(String(reply.body.consumerPid));
    } else {
      expectRefused(what, reply, 400);
      tally.refused.push({ digest: digestOfJson(message), code: reply.body.code });
    }
  }
  return tally;
}

const changesOf = (before: ReadonlySet<string>, after: ReadonlySet<string>) => [
  [...before].filter((id) => !after.has(id)),
  [...after].filter((id) => !before.has(id)).sort(),
];

describe('an offer that nobody asked for', () => {
  const whenPresent = existsSync(examples) ? test : test.skip;
  /** The example of the specification, and an offer that says more. */
  const bases = (from: Participant): readonly JsonObject[] => {
    const constraint = [{ leftOperand: 'purpose', operator: 'eq', rightOperand: { '@id': 'dpv:PublicBenefit' } }];
    const rules = { permission: [{ action: 'use', constraint }], prohibition: [{ action: 'distribute' }] };
    const parties = { assigner: from.did, assignee: bruges.did, profile: ['https://w3id.org/hansa/v1'] };
    const { callbackAddress } = from;
    const ofTheSpecification = messagesOf(['negotiation'])
      .filter((message) => message['@type'] === 'ContractOfferMessage' && 'callbackAddress' in message)
      .map((message) => ({ ...message, callbackAddress }));
    expect(ofTheSpecification).toHaveLength(1);
    return [...ofTheSpecification, opening(from, { offer: { ...offer, ...parties, ...rules } })];
  };
  const changed = (from: Participant, changes: (base: JsonObject) => Iterable<readonly [string, Json]>) =>
    bases(from).flatMap((base) =>
      [...changes(base)].map(([what, message]) => [what, apart(message, base.providerPid)] as const),
    );

  whenPresent(
    'is refused when it is broken in any field, and each refusal is recorded',
    async () => {
      const from = await joined();
      const before = await stored();
      const good = await bringAll(
        from,
        changed(from, (base) => [['unbroken', base]]),
      );
      expect(good).toMatchObject({ refused: [], opened: [expect.any(String), expect.any(String)] });
      const { refused, opened, valid } = await bringAll(from, changed(from, brokenInEveryField));
      process.stderr.write(
        `broken opening offers: ${refused.length} refused, ${opened.length} of ${valid} valid held\n`,
      );
      expect([refused.length > 60, opened.length < refused.length / 3]).toEqual([true, true]);
      expect(changesOf(before, await stored())).toEqual([[], [...good.opened, ...opened].sort()]);
      const recorded = new Map((await recordedOf(from)).map(({ data }) => [data.digest, data.problem]));
      for (const { digest, code } of refused) expect(recorded.get(digest)).toBe(code);
    },
    120_000,
  );

  whenPresent(
    'is refused or held in every mutation, and its refusals fill no ledger',
    async () => {
      const from = await joined();
      // The client of this test sends objects alone; other bodies are tried with all endpoints.
      const mutants = changed(from, (base) =>
        [...mutationsOf(base)].filter(isJsonObject).map((mutant, i) => [`mutant ${i}`, mutant]),
      );
      const before = await stored();
      const { refused, opened, valid } = await bringAll(from, mutants);
      process.stderr.write(
        `mutated opening offers: ${refused.length} refused, ${opened.length} of ${valid} valid held\n`,
      );
      expect([refused.length > 2 * burst, opened.length > 50]).toEqual([true, true]);
      expect(changesOf(before, await stored())).toEqual([[], [...new Set(opened)].sort()]);
      const minutes = Math.ceil(performance.now() / 60_000);
      const recorded = (await recordedOf(from)).length;
      expect([recorded >= burst, recorded <= burst + minutes]).toEqual([true, true]);
    },
    180_000,
  );

  test('is refused with a callback address that cannot be used, and nobody is called', async () => {
    const heard = provider.received.length;
    for (const callbackAddress of hostileAddresses(provider))
      await expectTurnedAway(callbackAddress, opening(provider, { callbackAddress }));
    expect(provider.received.slice(heard)).toEqual([]);
  }, 60_000);

  test.each(overfull)('is refused with very many %s, and soon', async (what, sizes, filled) => {
    const before = await stored();
    // Tens of rules are no flood: a person may look at them.
    for (const size of sizes.filter((many) => what !== 'permissions' || many > 100)) {
      const reply = await bring(provider, opening(provider, { offer: { ...offer, ...filled(size) } }));
      expectRefused(`${size} ${what}`, reply, reply.status === 413 ? 413 : 400);
    }
    expect(await stored()).toEqual(before);
  });

  test.each([
    ['a NUL', 'a\u0000b'],
    ['half a character', 'a\ud800b'],
    ['a text without end', `urn:x:${'x'.repeat(70_000)}`],
  ])('is refused with %s in its pid, its id or its target', async (what, text) => {
    const before = await stored();
    const broken: readonly JsonObject[] = [
      { providerPid: text },
      { offer: { ...offer, '@id': text } },
      { offer: { ...offer, target: text } },
    ];
    for (const changes of broken) expectRefused(what, await bring(provider, opening(provider, changes)), 400);
    expect(await stored()).toEqual(before);
  });

  test('is refused when it is an offer between others', async () => {
    const strangers: readonly JsonObject[] = [
      { assigner: rival.did },
      { assigner: bruges.did },
      { assignee: rival.did },
      { assigner: bruges.did, assignee: provider.did },
      { permission: [{ action: 'use', assignee: rival.did }] },
    ];
    for (const parties of strangers)
      await expectTurnedAway(
        JSON.stringify(parties),
        opening(provider, { offer: { ...offer, ...parties } }),
        'policy.other-parties',
      );
  });

  test('is refused at the endpoint of another message, and another message at its own', async () => {
    const { callbackAddress: _, ...within } = opening(provider, { consumerPid: uuids.next() });
    await expectTurnedAway('an offer within a negotiation', within, 'dsp.content');
    await expectTurnedAway('both', opening(provider, { consumerPid: uuids.next() }), 'dsp.schema');
    const { providerPid: __, ...request } = opening(provider, { consumerPid: uuids.next() });
    const asked = { ...request, '@type': 'ContractRequestMessage' };
    await expectTurnedAway('a request', asked, 'dsp.unexpected-type');
    const held = await bring(provider, opening(provider));
    const before = await stored();
    for (const at of [`/negotiations/${held.body.consumerPid}/offers`, '/negotiations/request'])
      expectRefused(at, await provider.post(bruges, `/dsp/2025-1${at}`, opening(provider)), 400);
    expect(await stored()).toEqual(before);
  });

  test('under a pid that another provider uses too is another negotiation', async () => {
    const providerPid = uuids.next();
    const own = await bring(provider, opening(provider, { providerPid }));
    const foreign = await bring(rival, opening(rival, { providerPid }));
    expect([own.status, foreign.status]).toEqual([201, 201]);
    expect(foreign.body.consumerPid).not.toBe(own.body.consumerPid);
    const shown = await rival.get(bruges, `/dsp/2025-1/negotiations/${own.body.consumerPid}`);
    expectRefused('a foreign look', shown, 404);
  });

  test('of a stranger is refused, and leaves nothing behind', async () => {
    const stranger = await Participant.appear();
    others.push(stranger);
    const before = await stored();
    for (const message of [opening(stranger), opening(stranger, { callbackAddress: 'http://10.0.0.1/dsp' })])
      expectRefused('a stranger', await bring(stranger, message), 404);
    expectRefused('nobody', await stranger.post(bruges, where, opening(stranger), 'x.y.z'), 404);
    expect([await stored(), await recordedOf(stranger)]).toEqual([before, []]);
  });
});

test('none of this was answered with 5xx', () => refusals.expectNoServerError(existsSync(examples) ? 400 : 40));

test('after all this the node runs, healthy and hardly larger than before', () => refusals.expectUnharmed(), 30_000);
