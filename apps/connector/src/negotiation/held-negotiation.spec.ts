import { type ConsumerPid, type MessageOffer, type NegotiationStep, type ProviderPid, serialize } from '@hansa/dsp';
import { digestOfJson, type JsonObject, must, type Result, uuids } from '@hansa/kernel';
import { databaseKinds, testServerUrl } from '@hansa/platform/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { administrator, type Person } from '../access/index.js';
import { Datasets, type NegotiationRules, plainRules } from '../catalog/index.js';
import { Ledger } from '../ledger/index.js';
import { peer, QuietNode } from '../quiet-node.fixtures.js';
import { nextActor } from './awaiting.js';
import { DecideHeld } from './decide-held.js';
import { NegotiationCommands } from './negotiation-commands.js';
import type { NegotiationRecord } from './negotiation-record.js';
import { Negotiations } from './negotiations.js';
import { ReceiveNegotiationMessage } from './receive-message.js';

const counterparty = { did: peer, credentials: [] };
const address = 'https://peer.example/dsp';
const person = (name: string): Person => ({ name, isAdministrator: false });
const [ann, ben] = [person('Ann'), person('Ben')];
const until = (day: string) => ({
  leftOperand: 'dateTime',
  operator: 'lteq',
  rightOperand: { '@value': day, '@type': 'xsd:date' },
});
const use = (day: string) => [{ action: 'use', constraint: [until(day)] }];
const set = (day: string): JsonObject => ({ '@type': 'Set', permission: use(day) });

for (const kind of databaseKinds) {
  const available = kind === 'embedded' || testServerUrl !== undefined;
  if (!available) process.stderr.write('skipped: held negotiations on a server (HANSA_TEST_DATABASE_URL is not set)\n');

  (available ? describe : describe.skip)(`negotiations by rules and by people, ${kind}`, () => {
    let node: QuietNode;
    beforeAll(async () => {
      node = await QuietNode.start(kind);
    }, 60_000);
    afterAll(() => node?.remove(), 60_000);

    const decide = (): DecideHeld => node.get(DecideHeld);
    const find = async (id: string): Promise<NegotiationRecord> => must(await node.get(Negotiations).find(id));

    /** What the ledger has about a negotiation, the oldest first. */
    async function recorded(id: string): Promise<readonly (readonly [kind: string, data: JsonObject])[]> {
      const entries = await node.get(Ledger).entries({ subject: id, limit: 50 });
      return entries.map(({ entry }) => [entry.kind, entry.data as JsonObject] as const).toReversed();
    }

    async function receive(id: string, said: object): Promise<Result<null>> {
      const { negotiation } = await find(id);
      const { consumerPid, providerPid } = negotiation as unknown as { consumerPid: string; providerPid: string };
      const message = { consumerPid, providerPid, ...said } as unknown as NegotiationStep;
      const wire = serialize(message, uuids.next()) as JsonObject;
      return node.get(ReceiveNegotiationMessage).step(counterparty, id, message, wire);
    }

    async function acknowledged(id: string, answer?: JsonObject): Promise<JsonObject> {
      const message = await node.next(id);
      if (!message) throw new Error(`nothing was said in ${id}: ${JSON.stringify(await find(id))}`);
      await node.acknowledge(message, answer);
      return JSON.parse(message.body);
    }

    /** An offer of ours until the end of 2026, under rules. */
    async function offered(rules: Partial<NegotiationRules>): Promise<MessageOffer> {
      const [datasetId, id, createdAt] = [uuids.next(), uuids.next(), new Date()];
      const policy = { '@type': 'Offer', '@id': id, permission: use('2096-12-31') } as const;
      await node.transaction(async (tx) => {
        const source = { kind: 'file', path: 'trees.csv', format: 'csv' } as const;
        const empty = { description: '', keywords: [], publisher: null, licence: null, profile: null };
        const data = { finite: true, intervalSeconds: null, createdAt };
        await node.get(Datasets).add(tx, { id: datasetId, title: 'Trees', source, ...data, ...empty });
        const negotiation = { ...plainRules, ...rules };
        const rest = { template: null, createdAt, withdrawnAt: null };
        await node.get(Datasets).addOffer(tx, { id, datasetId, policy, negotiation, ...rest });
      });
      return { ...policy, target: datasetId };
    }

    const ask = (offer: MessageOffer): Promise<Result<JsonObject>> => {
      const consumerPid = uuids.next() as ConsumerPid;
      const request = { type: 'ContractRequestMessage', consumerPid, callbackAddress: address, offer } as const;
      return node.get(ReceiveNegotiationMessage).open(counterparty, request);
    };
    const asked = async (offer: MessageOffer) => String(must(await ask(offer)).providerPid);
    const later = (offer: MessageOffer, day: string): MessageOffer => ({ ...offer, permission: use(day) });

    describe('a provider', () => {
      test('refuses other terms at the door, unless the rules of the offer say otherwise', async () => {
        const offer = await offered({});
        const kindOf = async (terms: MessageOffer) => {
          const answer = await ask(terms);
          return answer.ok ? 'ok' : answer.problem.kind;
        };
        expect(await kindOf(offer)).toBe('ok');
        expect(await kindOf(later(offer, '2097-01-01'))).toBe('policy.offer-changed');
        const bounded = await offered({ bounds: set('2097-12-31') });
        expect(await kindOf(later(bounded, '2098-01-01'))).toBe('policy.offer-changed');
        expect(await kindOf(later(await offered({ otherTerms: 'hold' }), '2098-01-01'))).toBe('ok');
      });

      test('agrees to terms within its bounds, as they were asked for', async () => {
        const offer = await offered({ bounds: set('2097-12-31') });
        const id = await asked(later(offer, '2097-06-30'));
        const { '@type': type, agreement } = await acknowledged(id);
        expect([type, JSON.stringify(agreement)]).toEqual([
          'ContractAgreementMessage',
          expect.stringContaining('2097-06-30'),
        ]);
        expect(await find(id)).toMatchObject({ handling: { comparison: { kind: 'within-bounds' } }, awaiting: null });
      });

      test('holds other terms for a person and says why, and who must act', async () => {
        const offer = await offered({ otherTerms: 'hold', bounds: set('2097-12-31') });
        const id = await asked(later(offer, '2098-06-30'));
        expect(await node.next(id)).toBeNull();
        expect(nextActor(await find(id))).toMatchObject({
          who: 'us',
          code: 'other-terms',
          text: expect.stringContaining('the time is not after 2097-12-31'),
          deadline: null,
          approvals: { needed: 1, given: [] },
        });
        const listed = async (who: 'us' | 'them') =>
          (await node.get(Negotiations).list(500, 0, who)).map((one) => one.id).includes(id);
        expect([await listed('us'), await listed('them')]).toEqual([true, false]);
        must(await decide().approve(id, administrator));
        expect(nextActor(await find(id))).toMatchObject({ who: 'them', code: 'delivery' });
        expect([await listed('us'), await listed('them')]).toEqual([false, true]);
        expect(JSON.stringify(await acknowledged(id))).toContain('2098-06-30');
        expect(nextActor(await find(id))).toMatchObject({ who: 'them', code: 'answer' });
        expect((await recorded(id)).map(([entry, data]) => [entry, data.by ?? data.code ?? ''])).toEqual([
          ['negotiation.requested', ''],
          ['negotiation.held', 'other-terms'],
          ['negotiation.decided', 'administrator'],
          ['negotiation.agreed', ''],
        ]);
      });

      test('does not hold what nobody here could enforce', async () => {
        const offer = await offered({ otherTerms: 'hold' });
        const mood = { leftOperand: 'https://example.org/mood', operator: 'eq', rightOperand: 'good' };
        const wish = { ...offer, permission: [{ action: 'use', constraint: [mood] }] };
        expect(await ask(wish)).toMatchObject({ ok: false, problem: { kind: 'policy.unknown-operand' } });
      });

      test('counters with its own terms once, then holds', async () => {
        const offer = await offered({ otherTerms: 'counter' });
        const id = await asked(later(offer, '2098-06-30'));
        const first = await acknowledged(id);
        expect([first['@type'], JSON.stringify(first.offer)]).toEqual([
          'ContractOfferMessage',
          expect.stringContaining('2096-12-31'),
        ]);
        must(await receive(id, { type: 'ContractRequestMessage', offer: later(offer, '2099-06-30') }));
        expect(await node.next(id)).toBeNull();
        expect(await find(id)).toMatchObject({ awaiting: { code: 'countered-again' }, handling: { counters: 1 } });

        const other = await asked(later(offer, '2098-06-30'));
        await acknowledged(other);
        must(await receive(other, { type: 'ContractNegotiationEventMessage', eventType: 'ACCEPTED' }));
        expect(JSON.stringify(await acknowledged(other))).toContain('2096-12-31');
      });

      test('refuses with a reason that the other side is told, and only what is held', async () => {
        const id = await asked(await offered({ repeated: 'hold' }));
        expect(await find(id)).toMatchObject({ awaiting: { code: 'rule' }, decision: { outcome: 'permit' } });
        must(await decide().refuse(id, 'The data are being revised.', ann));
        const told = await acknowledged(id);
        expect(told).toMatchObject({ code: 'negotiation.refused', reason: ['The data are being revised.'] });
        const { negotiation } = await find(id);
        expect(negotiation).toMatchObject({ state: 'TERMINATED', termination: { by: 'provider' } });
        expect(nextActor(await find(id))).toBeNull();
        expect(await recorded(id)).toContainEqual([
          'negotiation.decided',
          { role: 'provider', by: 'Ann', decision: 'refused', reason: 'The data are being revised.' },
        ]);
        const agreed = await asked(await offered({}));
        expect(await decide().refuse(agreed, 'no', ann)).toMatchObject({ problem: { kind: 'negotiation.conflict' } });
      });

      test('holds what the other side has refused for good, with its words', async () => {
        const id = await asked(await offered({}));
        const agreement = await node.next(id);
        if (agreement) await node.refuse(agreement);
        expect(nextActor(await find(id))).toMatchObject({
          who: 'us',
          code: 'peer.refused',
          text: `${peer} refused our ContractAgreementMessage: refused`,
        });
      });
    });

    describe('four eyes', () => {
      test('need two different names', async () => {
        const id = await asked(await offered({ repeated: 'hold', approvals: 2 }));
        const refusalOf = async (by: Person) => {
          const answer = await decide().approve(id, by);
          return answer.ok ? null : answer.problem.kind;
        };
        expect(await refusalOf(administrator)).toBe('approval.forbidden');
        expect(await refusalOf(ann)).toBeNull();
        expect(await node.next(id)).toBeNull();
        expect(nextActor(await find(id))).toMatchObject({
          who: 'us',
          approvals: { needed: 2, given: [{ by: 'Ann' }] },
        });
        expect(await refusalOf(ann)).toBe('approval.conflict');
        expect(await decide().agree(id, ann)).toMatchObject({ problem: { kind: 'approval.conflict' } });
        expect(await refusalOf(ben)).toBeNull();
        expect((await acknowledged(id))['@type']).toBe('ContractAgreementMessage');
        const decisions = (await recorded(id)).filter(([entry]) => entry === 'negotiation.decided');
        expect(decisions.map(([, data]) => [data.by, data.approvals])).toEqual([
          ['Ann', ['Ann']],
          ['Ben', ['Ann', 'Ben']],
        ]);
      });

      test('also look at what one person has offered, before it is agreed to', async () => {
        const offer = await offered({ otherTerms: 'hold', approvals: 2 });
        const id = await asked(later(offer, '2099-06-30'));
        must(await decide().offer(id, set('2098-06-30'), ann));
        await acknowledged(id);
        must(await receive(id, { type: 'ContractNegotiationEventMessage', eventType: 'ACCEPTED' }));
        expect(await node.next(id)).toBeNull();
        expect(await find(id)).toMatchObject({ negotiation: { state: 'ACCEPTED' }, awaiting: { code: 'approval' } });
        expect(await decide().approve(id, ann)).toMatchObject({ problem: { kind: 'approval.conflict' } });
        must(await decide().approve(id, ben));
        expect(JSON.stringify(await acknowledged(id))).toContain('2098-06-30');
      });

      test('start again when the terms change', async () => {
        const offer = await offered({ otherTerms: 'hold', approvals: 2 });
        const id = await asked(later(offer, '2099-06-30'));
        must(await decide().approve(id, ann));
        const read = digestOfJson((await find(id)).negotiation.offer);
        must(await decide().offer(id, set('2098-06-30'), ben));
        await acknowledged(id);
        must(await receive(id, { type: 'ContractRequestMessage', offer: later(offer, '2098-12-31') }));
        expect(await decide().approve(id, ann, read)).toMatchObject({ problem: { kind: 'negotiation.conflict' } });
        expect(await find(id)).toMatchObject({ handling: { approvals: [] }, awaiting: { code: 'other-terms' } });
      });
    });

    describe('a deadline', () => {
      const terminated = async (id: string) => {
        for (let look = 0; look < 200; look++) {
          const said = await node.next(id);
          if (said) return JSON.parse(said.body) as JsonObject;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        throw new Error('nobody ended it');
      };

      test('ends what nobody has decided on, and the other side is told', async () => {
        const id = await asked(await offered({ repeated: 'hold', decideWithin: 'PT1S' }));
        const deadline = (await find(id)).awaiting?.deadline ?? '';
        expect(await terminated(id)).toMatchObject({
          '@type': 'ContractNegotiationTerminationMessage',
          code: 'negotiation.expired',
          reason: [`Nobody has decided by ${deadline}.`],
        });
        expect(await recorded(id)).toContainEqual(['negotiation.expired', { role: 'provider', deadline }]);
      }, 20_000);

      test('that passes while the node is down is kept at its start', async () => {
        const id = await asked(await offered({ repeated: 'hold', decideWithin: 'PT2S' }));
        await node.restart();
        expect(await terminated(id)).toMatchObject({ code: 'negotiation.expired' });
      }, 30_000);

      test('leaves alone what was decided in time, and is kept once by whoever comes first', async () => {
        const waiting = await Promise.all(
          Array.from({ length: 6 }, async () => asked(await offered({ repeated: 'hold', decideWithin: 'PT12H' }))),
        );
        const [first = '', ...rest] = waiting;
        expect(await decide().expire(first)).toBeNull();
        must(await decide().approve(first, ann));
        await node.transaction(async (tx) => {
          const awaiting = `awaiting || '{"deadline":"2020-01-01T00:00:00.000Z"}'`;
          await tx.manager.query(`UPDATE negotiation SET awaiting = ${awaiting} WHERE id = ANY($1)`, [rest]);
        });
        // As two instances of a node would, at the same time.
        const ended = await Promise.all([...waiting, ...waiting].map((id) => decide().expire(id)));
        expect(
          ended
            .filter((one) => one !== null)
            .map((one) => one?.id)
            .sort(),
        ).toEqual([...rest].sort());
        expect((await acknowledged(first))['@type']).toBe('ContractAgreementMessage');
      });
    });

    describe('an offer that nobody asked for', () => {
      const providerPid = () => uuids.next() as ProviderPid;
      const unasked: MessageOffer = {
        '@type': 'Offer',
        '@id': 'urn:peer:offer',
        target: 'urn:peer:trees',
        permission: use('2096-12-31'),
      };
      const bring = (pid: ProviderPid, offer: MessageOffer = unasked, callbackAddress = address) =>
        node
          .get(ReceiveNegotiationMessage)
          .openOffer(counterparty, { type: 'ContractOfferMessage', providerPid: pid, callbackAddress, offer });

      test('is held, however often it comes, and accepted by a person', async () => {
        const pid = providerPid();
        const answers = [must(await bring(pid)), must(await bring(pid))];
        const id = String(answers[0]?.consumerPid);
        expect(answers[0]).toMatchObject({ '@type': 'ContractNegotiation', providerPid: pid, state: 'OFFERED' });
        expect(answers[1]).toMatchObject({ consumerPid: id, state: 'OFFERED' });
        expect(nextActor(await find(id))).toMatchObject({ who: 'us', code: 'unasked' });
        expect(await decide().agree(id, ann)).toMatchObject({ problem: { kind: 'negotiation.illegal-transition' } });
        must(await decide().approve(id, ann));
        expect(await acknowledged(id)).toMatchObject({ eventType: 'ACCEPTED', providerPid: pid });
        const parties = { assigner: peer, assignee: node.did, timestamp: new Date().toISOString() };
        const agreement = { ...unasked, '@type': 'Agreement', '@id': uuids.next(), ...parties };
        must(await receive(id, { type: 'ContractAgreementMessage', agreement }));
        expect((await acknowledged(id))['@type']).toBe('ContractAgreementVerificationMessage');
        expect((await recorded(id)).map(([entry]) => entry)).toEqual(
          ['offered', 'held', 'decided', 'accepted', 'agreed', 'verified'].map((what) => `negotiation.${what}`),
        );
      });

      test.each<[string, MessageOffer, string, string]>([
        [
          'without a target',
          { '@type': 'Offer', '@id': 'urn:o', permission: use('2096-12-31') },
          address,
          'policy.no-target',
        ],
        [
          'with a condition that nobody understands',
          {
            ...unasked,
            permission: [
              { action: 'use', constraint: [{ leftOperand: 'x:mood', operator: 'eq', rightOperand: 'good' }] },
            ],
          },
          address,
          'policy.unknown-operand',
        ],
        ['that is no policy', { ...unasked, permission: 'all' }, address, 'odrl.malformed'],
        ['from nowhere', unasked, 'https://10.0.0.1/dsp', 'callback.refused'],
      ])('%s is refused at the door', async (_what, offer, from, problem) => {
        const before = await node.count('negotiation');
        expect(await bring(providerPid(), offer, from)).toMatchObject({ ok: false, problem: { kind: problem } });
        expect(await node.count('negotiation')).toBe(before);
      });

      test('is answered with terms of our own, and the provider may meet them', async () => {
        const id = String(must(await bring(providerPid())).consumerPid);
        must(await decide().offer(id, set('2099-12-31'), ann));
        expect(await acknowledged(id)).toMatchObject({
          '@type': 'ContractRequestMessage',
          offer: { '@id': unasked['@id'] },
        });
        must(await receive(id, { type: 'ContractOfferMessage', offer: { ...unasked, permission: use('2099-12-31') } }));
        expect((await acknowledged(id)).eventType).toBe('ACCEPTED');
      });
    });

    test('a consumer accepts what gives it what it needs, and holds what does not', async () => {
      const wanted = { '@type': 'Offer', '@id': 'urn:peer:offer', permission: use('2099-12-31') } as const;
      const begin = async () => {
        const rules = { ...plainRules, bounds: set('2097-12-31') };
        const datasetId = 'urn:peer:trees';
        const request = { counterparty: peer, address, datasetId, offer: wanted, rules };
        const { id } = must(await node.get(NegotiationCommands).request(request));
        const pids = { consumerPid: id, providerPid: uuids.next() };
        await acknowledged(
          id,
          serialize({ type: 'ContractNegotiation', ...pids, state: 'REQUESTED' } as never, uuids.next()) as JsonObject,
        );
        return id;
      };
      const [enough, tooShort] = [await begin(), await begin()];
      const offerOf = (day: string) => ({
        type: 'ContractOfferMessage',
        offer: { ...wanted, target: 'urn:peer:trees', permission: use(day) },
      });
      must(await receive(enough, offerOf('2098-06-30')));
      expect((await acknowledged(enough)).eventType).toBe('ACCEPTED');
      must(await receive(tooShort, offerOf('2097-06-30')));
      expect(await node.next(tooShort)).toBeNull();
      expect(nextActor(await find(tooShort))).toMatchObject({
        who: 'us',
        text: expect.stringContaining('It does not give what is needed'),
      });
    });
  });
}
