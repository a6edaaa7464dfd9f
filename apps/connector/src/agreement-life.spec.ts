import { setTimeout as sleep } from 'node:timers/promises';
import { must, uuids } from '@hansa/kernel';
import { databaseKinds, testServerUrl } from '@hansa/platform/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Access } from './data-plane/access.js';
import { parseTermination } from './negotiation/agreements/termination-message.js';
import { AgreementDependants, Agreements, EndAgreement } from './negotiation/index.js';
import { peer, type QuietNode } from './quiet-node.fixtures.js';
import { agreementOf, entriesAbout, QuietPair, transferUnder } from './quiet-pair.fixtures.js';
import { TransferCommands } from './transfer/index.js';

const reason = 'the programme has ended';

/** Milliseconds until the agreements end that expire during a test. */
const soon = 1500;
const untilThen = (milliseconds: number) => [
  {
    leftOperand: 'odrl:dateTime',
    operator: 'lt',
    rightOperand: {
      '@value': new Date(Date.now() + milliseconds).toISOString(),
      '@type': 'xsd:dateTime',
    },
  },
];

async function until(look: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await look()); await new Promise((resolve) => setTimeout(resolve, 20)))
    if (Date.now() > deadline) throw new Error('what was waited for did not happen');
}

for (const kind of databaseKinds) {
  const available = kind === 'embedded' || testServerUrl !== undefined;
  if (!available) process.stderr.write('skipped: agreements on a server (HANSA_TEST_DATABASE_URL is not set)\n');

  (available ? describe : describe.skip)(`an agreement, ${kind}`, () => {
    let pair: QuietPair;
    beforeAll(async () => {
      pair = await QuietPair.start(kind);
    }, 60_000);
    afterAll(() => pair?.remove(), 60_000);

    const end = (node: QuietNode, id: string, why = reason) => node.get(EndAgreement).run(id, why);
    const ends = (id: string) => Promise.all(pair.nodes.map(async (node) => (await agreementOf(node, id)).end));
    async function said(node: QuietNode, id: string, type: string) {
      const message = await node.next(id);
      if (message?.type !== type) throw new Error(`expected ${type}, but there is ${message?.type ?? 'nothing'}`);
      return message;
    }
    const termination = (node: QuietNode, id: string) => said(node, id, 'AgreementTerminationMessage');

    describe.each(['provider', 'consumer'] as const)('that its %s terminates', (by) => {
      const sides = () => (by === 'provider' ? pair.nodes : [pair.consumer, pair.provider]);

      test('ends on both sides, with its transfers and tokens, and stands in both ledgers', async () => {
        const [ender, told] = sides() as [QuietNode, QuietNode];
        const id = await pair.agree();
        const pids = await pair.transfer(id);
        expect((await ender.get(AgreementDependants).of(await agreementOf(ender, id))).transfers).toMatchObject({
          states: { STARTED: 1 },
          tokens: 1,
        });
        expect(must(await end(ender, id))).toMatchObject({ end: { kind: 'terminated', by }, notice: 'pending' });
        const message = await termination(ender, id);
        expect(message.url).toBe(
          `${told.did}?service=HansaAgreementService&relativeRef=${encodeURIComponent(`${encodeURIComponent(id)}/termination`)}`,
        );
        must(await pair.carry(ender, message));
        expect(await agreementOf(ender, id)).toMatchObject({ notice: 'acknowledged' });
        expect(await agreementOf(told, id)).toMatchObject({
          end: { kind: 'terminated', by, code: 'operator', reason: [reason] },
          notice: null,
        });
        for (const node of pair.nodes) {
          const [entry, another] = await entriesAbout(node, id, 'agreement.terminated');
          expect(another).toBeUndefined();
          expect(entry?.entry.data).toMatchObject({ by, reason: [reason], code: 'operator' });
          expect(await transferUnder(node, id)).toMatchObject({
            transfer: { pending: { message: { type: 'TransferTerminationMessage', code: 'agreement.terminated' } } },
          });
        }
        expect(await entriesAbout(ender, id, 'agreement.termination-acknowledged')).toHaveLength(1);
        const refused = await told.get(TransferCommands).start(id);
        expect(refused.ok).toBe(false);
        await pair.carryAll(pair.provider, pids.provider);
        await pair.carryAll(pair.consumer, pids.consumer);
        for (const node of pair.nodes)
          expect(await transferUnder(node, id)).toMatchObject({
            transfer: { state: 'TERMINATED', pending: null, termination: { reason: [reason] } },
          });
      });
    });

    test('says exactly the same after a restart', async () => {
      const id = await pair.agree();
      must(await end(pair.provider, id));
      const [{ body }] = await pair.provider.transaction(({ manager }) =>
        manager.query('SELECT body FROM outbox WHERE process_id = $1', [id]),
      );
      await pair.provider.restart();
      const again = await termination(pair.provider, id);
      expect(again.body).toBe(body);
      must(await pair.carry(pair.provider, again));
    }, 60_000);

    test('takes the same termination again, and changes nothing by it', async () => {
      const id = await pair.agree();
      must(await end(pair.provider, id));
      const message = await termination(pair.provider, id);
      must(await pair.receive(pair.consumer, message));
      const before = await agreementOf(pair.consumer, id);
      must(await pair.receive(pair.consumer, message));
      must(await pair.carry(pair.provider, message));
      expect(await agreementOf(pair.consumer, id)).toEqual(before);
      expect(await entriesAbout(pair.consumer, id, 'agreement.terminated')).toHaveLength(1);
    });

    test('is not terminated twice by its own staff', async () => {
      const id = await pair.agree();
      must(await end(pair.consumer, id));
      expect(await end(pair.consumer, id)).toMatchObject({ ok: false, problem: { kind: 'agreement.conflict' } });
      expect(await end(pair.consumer, 'unknown')).toMatchObject({ problem: { kind: 'agreement.not-found' } });
    });

    test('is nothing that a third party could end, and an unknown one is not found either', async () => {
      const { id } = await pair.provider.agree('provider', { counterparty: peer });
      const stored = () =>
        Promise.all(['outbox', 'ledger_entry'].map((table) => pair.provider.count(table as 'outbox')));
      const before = await stored();
      for (const agreementId of [id, uuids.next()]) {
        const body = {
          '@context': ['https://w3id.org/hansa/v1'],
          '@type': 'AgreementTerminationMessage',
          '@id': uuids.next(),
          agreementId,
          reason: ['mine'],
        };
        const message = must(parseTermination(agreementId, body));
        const refused = await pair.provider.get(EndAgreement).receive(pair.consumer.did, message);
        const detail = `This node knows no agreement ${agreementId}.`;
        expect(refused).toEqual({ ok: false, problem: { kind: 'agreement.not-found', detail } });
      }
      expect(await stored()).toEqual(before);
      expect(await agreementOf(pair.provider, id)).toMatchObject({ end: null });
    });

    test.each(['provider first', 'consumer first'])(
      'has one end where both sides terminate it at once, %s',
      async (order) => {
        const id = await pair.agree();
        const pids = await pair.transfer(id);
        must(await end(pair.provider, id, 'of the provider'));
        must(await end(pair.consumer, id, 'of the consumer'));
        for (const node of order === 'provider first' ? pair.nodes : [...pair.nodes].reverse())
          must(await pair.carry(node, await termination(node, id)));
        await pair.carryAll(pair.consumer, pids.consumer);
        await pair.carryAll(pair.provider, pids.provider);
        const [provided, consumed] = await ends(id);
        const agreed = { kind: 'terminated', by: 'provider', reason: ['of the provider'] };
        expect([provided, consumed]).toMatchObject([agreed, agreed]);
        for (const node of pair.nodes) {
          expect(await agreementOf(node, id)).toMatchObject({ notice: 'acknowledged' });
          expect(await transferUnder(node, id)).toMatchObject({ transfer: { state: 'TERMINATED', pending: null } });
          expect(await node.next(id)).toBeNull();
        }
      },
    );

    test('ends by the transfers alone where the other side does not know the message', async () => {
      const id = await pair.agree();
      const pids = await pair.transfer(id);
      must(await end(pair.provider, id));
      await pair.provider.refuse(await termination(pair.provider, id));
      expect(await agreementOf(pair.provider, id)).toMatchObject({ end: { kind: 'terminated' }, notice: 'refused' });
      const [entry] = await entriesAbout(pair.provider, id, 'agreement.termination-refused');
      expect(entry?.entry.data).toEqual({ detail: 'refused' });
      await pair.carryAll(pair.provider, pids.provider);
      expect(await transferUnder(pair.consumer, id)).toMatchObject({ transfer: { state: 'TERMINATED' } });
      expect(await agreementOf(pair.consumer, id)).toMatchObject({ end: null });
    });

    test('asks to wait where it is being concluded, and waits a moment itself', async () => {
      const agreement = await pair.provider.agree('provider', { counterparty: pair.consumer.did });
      const { id, negotiationId } = agreement;
      const named = (name: string) => JSON.stringify({ '@id': name });
      const move = (from: string, to: string, state: string) =>
        pair.provider.transaction(async ({ manager }) => {
          await manager.query('UPDATE agreement SET id = $2 WHERE id = $1', [from, to]);
          const concluding = `jsonb_set(negotiation, '{agreement}', $2::jsonb)`;
          await manager.query(`UPDATE negotiation SET state = $3, negotiation = ${concluding} WHERE id = $1`, [
            negotiationId,
            named(id),
            state,
          ]);
        });
      await move(id, 'aside', 'VERIFIED');
      const message = {
        '@context': ['https://w3id.org/hansa/v1'],
        '@type': 'AgreementTerminationMessage' as const,
        '@id': uuids.next(),
        agreementId: id,
        reason: [reason],
      };
      const receive = () => pair.provider.get(EndAgreement).receive(pair.consumer.did, message);
      const received = await receive();
      expect(received).toMatchObject({ ok: false, problem: { kind: 'agreement.busy' } });
      const [late] = await Promise.all([receive(), sleep(50).then(() => move('aside', id, 'FINALIZED'))]);
      expect(late).toEqual({ ok: true, value: null });
      expect(await agreementOf(pair.provider, id)).toMatchObject({ end: { kind: 'terminated', by: 'consumer' } });
    });

    test('expires by itself on both sides, with its transfers', async () => {
      const id = await pair.agree(untilThen(soon));
      const pids = await pair.transfer(id);
      expect(await ends(id)).toEqual([null, null]);
      await until(async () => (await ends(id)).every((one) => one !== null));
      const [provided, consumed] = await Promise.all(pair.nodes.map((node) => agreementOf(node, id)));
      expect(provided?.end).toEqual({ kind: 'expired', at: provided?.expiresAt });
      expect(consumed?.end).toEqual(provided?.end);
      for (const node of pair.nodes) {
        expect(await node.next(id)).toBeNull();
        expect(await entriesAbout(node, id, 'agreement.expired')).toHaveLength(1);
        expect(await transferUnder(node, id)).toMatchObject({
          transfer: { pending: { message: { type: 'TransferTerminationMessage', code: 'agreement.expired' } } },
        });
      }
      await pair.carryAll(pair.consumer, pids.consumer);
      await pair.carryAll(pair.provider, pids.provider);
      for (const node of pair.nodes)
        expect(await transferUnder(node, id)).toMatchObject({ transfer: { state: 'TERMINATED', pending: null } });
      expect(await end(pair.provider, id)).toMatchObject({ ok: false, problem: { kind: 'agreement.conflict' } });
    });

    test('opens nothing from the very moment of its expiry, recorded or not', async () => {
      const id = await pair.agree();
      const { message } = await startOf(id);
      const token = message.dataAddress.endpointProperties[0].value;
      const pid = (await transferUnder(pair.provider, id)).id;
      const grant = () => pair.provider.get(Access).grant(pid, `Bearer ${token}`);
      // In force, so the request fails only for the data that this test has not registered.
      expect(await grant()).toMatchObject({ problem: { kind: 'data.gone' } });
      // Behind the back of the timer, as if it were late.
      await pair.provider.transaction(({ manager }) =>
        manager.query("UPDATE agreement SET expires_at = now() - interval '1 millisecond' WHERE id = $1", [id]),
      );
      expect(await grant()).toMatchObject({
        problem: { kind: 'data.denied', detail: expect.stringContaining('expired') },
      });
      const held = await pair.provider.transaction((tx) => pair.provider.get(Agreements).hold(tx, id));
      expect(held).toMatchObject({ ok: false, problem: { kind: 'agreement.conflict' } });
      expect(await agreementOf(pair.provider, id)).toMatchObject({ end: null });
    });

    async function startOf(id: string) {
      const { id: consumerPid } = must(await pair.consumer.get(TransferCommands).start(id));
      await pair.carryAll(pair.consumer, consumerPid);
      const message = await said(pair.provider, (await transferUnder(pair.provider, id)).id, 'TransferStartMessage');
      await pair.carry(pair.provider, message);
      return { message: JSON.parse(message.body) };
    }

    test('that expired while the node was down is recorded when it is back', async () => {
      const id = await pair.agree();
      await pair.provider.transaction(({ manager }) =>
        manager.query("UPDATE agreement SET expires_at = now() - interval '1 millisecond' WHERE id = $1", [id]),
      );
      await pair.provider.restart();
      await until(async () => (await agreementOf(pair.provider, id)).end !== null);
      expect(await agreementOf(pair.provider, id)).toMatchObject({ end: { kind: 'expired' } });
    }, 60_000);

    test('is terminated on both sides where one of them has seen it expire first', async () => {
      const id = await pair.agree();
      must(await end(pair.consumer, id));
      await pair.provider.transaction(({ manager }) =>
        manager.query("UPDATE agreement SET expires_at = now() - interval '1 millisecond' WHERE id = $1", [id]),
      );
      expect(await pair.provider.get(EndAgreement).expireNext()).toBe(true);
      must(await pair.carry(pair.consumer, await termination(pair.consumer, id)));
      const agreed = { kind: 'terminated', by: 'consumer', reason: [reason] };
      expect(await ends(id)).toMatchObject([agreed, agreed]);
    });

    if (kind === 'server')
      test('is recorded as expired once, by whichever of two instances comes first', async () => {
        const sibling = await pair.provider.sibling();
        try {
          const ids = await Promise.all(Array.from({ length: 12 }, () => pair.agree(untilThen(soon))));
          await until(async () => (await Promise.all(ids.map(ends))).flat().every((one) => one?.kind === 'expired'));
          for (const id of ids) expect(await entriesAbout(sibling, id, 'agreement.expired')).toHaveLength(1);
        } finally {
          await sibling.remove();
        }
      }, 60_000);
  });
}
