import {
  type ConsumerPid,
  type ProviderPid,
  serialize,
  type TransferIntent,
  type TransferRequestMessage,
} from '@hansa/dsp';
import { type Json, must, uuids } from '@hansa/kernel';
import { Outbox } from '@hansa/platform';
import { databaseKinds, testServerUrl } from '@hansa/platform/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AgreementRecord, EndAgreement } from '../negotiation/index.js';
import { peer, QuietNode } from '../quiet-node.fixtures.js';
import { ReceiveTransferMessage } from './receive-message.js';
import { TransferCommands } from './transfer-commands.js';
import { Transfers } from './transfers.js';

const reason = 'the programme has ended';
const ended = { by: 'provider', code: 'agreement.terminated', reason: [reason] };

for (const kind of databaseKinds) {
  const available = kind === 'embedded' || testServerUrl !== undefined;
  if (!available) process.stderr.write('skipped: ended agreements on a server (HANSA_TEST_DATABASE_URL is not set)\n');

  (available ? describe : describe.skip)(`a transfer whose agreement has ended, ${kind}`, () => {
    let node: QuietNode;
    beforeAll(async () => {
      node = await QuietNode.start(kind);
    }, 60_000);
    afterAll(() => node?.remove(), 60_000);

    const request = ({ id }: AgreementRecord): TransferRequestMessage => ({
      type: 'TransferRequestMessage',
      consumerPid: uuids.next() as ConsumerPid,
      callbackAddress: 'https://peer.example/dsp',
      agreementId: id,
      format: 'HttpData-PULL',
      dataAddress: null,
    });
    const receive = (message: TransferRequestMessage) =>
      node.get(ReceiveTransferMessage).open({ did: peer, credentials: [] }, message);
    const end = (agreement: AgreementRecord) => node.get(EndAgreement).run(agreement.id, reason);
    const look = async (id: string) => must(await node.get(Transfers).find(id)).transfer;

    /** A transfer that the peer has requested, with our start in flight. */
    async function requested() {
      const agreement = await node.agree('provider');
      const { providerPid } = must(await receive(request(agreement)));
      return { agreement, id: String(providerPid) };
    }

    /** The next message of the process, which must be of this type. */
    async function said(id: string, type: string) {
      const message = await node.next(id);
      if (message?.type !== type) throw new Error(`expected ${type}, but there is ${message?.type ?? 'nothing'}`);
      return message;
    }

    async function started() {
      const { agreement, id } = await requested();
      await node.acknowledge(await said(id, 'TransferStartMessage'));
      expect(await look(id)).toMatchObject({ state: 'STARTED', pending: null });
      return { agreement, id };
    }

    async function expectTermination(id: string, by: 'consumer' | 'provider' = 'provider'): Promise<void> {
      const termination = await said(id, 'TransferTerminationMessage');
      expect(JSON.parse(termination.body)).toMatchObject({ code: ended.code, reason: ended.reason });
      await node.acknowledge(termination);
      expect(await look(id)).toMatchObject({ state: 'TERMINATED', pending: null, termination: { ...ended, by } });
      expect(await node.next(id)).toBeNull();
    }

    test('is terminated at once where none of our messages is in flight', async () => {
      const { agreement, id } = await started();
      must(await end(agreement));
      await expectTermination(id);
    });

    test('is terminated when the peer acknowledges the start that was in flight', async () => {
      const { agreement, id } = await requested();
      must(await end(agreement));
      await node.acknowledge(await said(id, 'TransferStartMessage'));
      await expectTermination(id);
    });

    test('is terminated when the peer refuses the start that was in flight', async () => {
      const { agreement, id } = await requested();
      must(await end(agreement));
      await node.refuse(await said(id, 'TransferStartMessage'));
      expect(await look(id)).toMatchObject({ state: 'REQUESTED' });
      await expectTermination(id);
    });

    test('waits while the start that was in flight is given up, and is terminated when that is withdrawn', async () => {
      const { agreement, id } = await requested();
      must(await end(agreement));
      const start = await said(id, 'TransferStartMessage');
      await node.giveUp(start);
      expect([(await look(id)).state, await node.next(id)]).toEqual(['REQUESTED', null]);
      await node.withdraw(start);
      await expectTermination(id);
    });

    test('is terminated when a start that was given up arrives after all', async () => {
      const { agreement, id } = await requested();
      must(await end(agreement));
      await node.giveUp(await said(id, 'TransferStartMessage'));
      expect(await node.get(Outbox).redrive()).toBe(1);
      await node.acknowledge(await said(id, 'TransferStartMessage'));
      await expectTermination(id);
    });

    test.each<[string, TransferIntent]>([
      ['suspension', { move: 'suspension', code: 'operator', reason: [] }],
      ['completion', { move: 'completion' }],
    ])('follows a %s that was in flight', async (move, intent) => {
      const { agreement, id } = await started();
      must(await node.get(TransferCommands).send(id, intent));
      must(await end(agreement));
      const inFlight = await node.next(id);
      if (!inFlight) throw new Error(`no ${move} was sent`);
      await node.acknowledge(inFlight);
      // What is completed is over: there is nothing left to terminate.
      if (move === 'suspension') await expectTermination(id);
      else expect([(await look(id)).state, await node.next(id)]).toEqual(['COMPLETED', null]);
    });

    test('is terminated by a node that was stopped while the start was in flight', async () => {
      const { agreement, id } = await requested();
      must(await end(agreement));
      await node.restart();
      await node.acknowledge(await said(id, 'TransferStartMessage'));
      await expectTermination(id);
    }, 60_000);

    test('is not terminated again when the peer refuses the termination', async () => {
      const { agreement, id } = await started();
      must(await end(agreement));
      await node.refuse(await said(id, 'TransferTerminationMessage'));
      expect([(await look(id)).state, await node.next(id)]).toEqual(['STARTED', null]);
    });

    test('stays as it is when a start is refused while the agreement holds', async () => {
      const { id } = await requested();
      await node.refuse(await said(id, 'TransferStartMessage'));
      expect([(await look(id)).state, await node.next(id)]).toEqual(['REQUESTED', null]);
    });

    test('is terminated by its consumer when the provider acknowledges the request that was in flight', async () => {
      const agreement = await node.agree('consumer');
      const { id } = must(await node.get(TransferCommands).start(agreement.id));
      must(await end(agreement));
      const opening = await said(id, 'TransferRequestMessage');
      const process: Json = {
        '@context': ['https://w3id.org/dspace/2025/1/context.jsonld'],
        '@type': 'TransferProcess',
        consumerPid: id,
        providerPid: uuids.next(),
        state: 'REQUESTED',
      };
      await node.acknowledge(opening, process);
      expect(await look(id)).toMatchObject({ state: 'REQUESTED' });
      await expectTermination(id, 'consumer');
    });

    test('is terminated by its consumer when the start of the provider is faster than its answer', async () => {
      const agreement = await node.agree('consumer');
      const { id } = must(await node.get(TransferCommands).start(agreement.id));
      must(await end(agreement));
      const opening = await said(id, 'TransferRequestMessage');
      const pids = { consumerPid: id as ConsumerPid, providerPid: uuids.next() as ProviderPid };
      const start = { type: 'TransferStartMessage', ...pids, dataAddress: null } as const;
      const wire = serialize(start, uuids.next());
      must(await node.get(ReceiveTransferMessage).step({ did: peer, credentials: [] }, id, start, wire));
      expect(await look(id)).toMatchObject({ state: 'STARTED' });
      await expect(node.acknowledge(opening)).rejects.toThrow('settled before');
      await expectTermination(id, 'consumer');
    });

    test('is nothing to terminate where the provider refuses the request that was in flight', async () => {
      const agreement = await node.agree('consumer');
      const { id } = must(await node.get(TransferCommands).start(agreement.id));
      must(await end(agreement));
      await node.refuse(await said(id, 'TransferRequestMessage'));
      expect([(await look(id)).state, await node.next(id)]).toEqual(['REFUSED', null]);
    });

    test('is refused, and not stored, when it is requested afterwards', async () => {
      const agreement = await node.agree('provider');
      must(await end(agreement));
      const before = [await node.count('transfer'), await node.count('outbox')];
      expect(await receive(request(agreement))).toMatchObject({ ok: false, problem: { kind: 'agreement.conflict' } });
      expect([await node.count('transfer'), await node.count('outbox')]).toEqual(before);
    });

    test('is not started by its consumer afterwards', async () => {
      const agreement = await node.agree('consumer');
      must(await end(agreement));
      const before = [await node.count('transfer'), await node.count('outbox')];
      const refused = await node.get(TransferCommands).start(agreement.id);
      expect(refused).toMatchObject({ ok: false, problem: { kind: 'agreement.conflict' } });
      expect([await node.count('transfer'), await node.count('outbox')]).toEqual(before);
    });

    test('answers the repeat of a request as it answered the request', async () => {
      const agreement = await node.agree('provider');
      const message = request(agreement);
      const first = must(await receive(message));
      must(await end(agreement));
      expect(must(await receive(message)).providerPid).toBe(first.providerPid);
    });

    test('is terminated or was never there, when requests arrive while the agreement ends', async () => {
      const rounds = 10;
      let [opened, refused] = [0, 0];
      for (let round = 0; round < rounds; round++) {
        const agreement = await node.agree('provider');
        const ask = () => receive(request(agreement));
        const first = ask();
        const ending = first.then(() => end(agreement));
        const racing = first.then(() => Promise.all([ask(), ask(), ask()]));
        const last = ending.then(ask);
        must(await ending);
        const answers = [await first, ...(await racing), await last];
        for (const answer of answers) {
          if (!answer.ok) {
            expect(answer.problem.kind).toBe('agreement.conflict');
            refused++;
            continue;
          }
          const id = String(answer.value.providerPid);
          await node.acknowledge(await said(id, 'TransferStartMessage'));
          await expectTermination(id);
          opened++;
        }
      }
      process.stderr.write(`while agreements ended: ${opened} transfers opened, ${refused} refused (${kind})\n`);
      expect(opened).toBeGreaterThanOrEqual(rounds);
      expect(refused).toBeGreaterThanOrEqual(rounds);
    }, 60_000);
  });
}
