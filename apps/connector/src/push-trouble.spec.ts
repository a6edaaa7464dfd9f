import type { ConsumerPid, ProviderPid, TransferStep } from '@hansa/dsp';
import { serialize } from '@hansa/dsp';
import { type Did, must, uuids } from '@hansa/kernel';
import { databaseKinds, testServerUrl } from '@hansa/platform/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Dataset, Datasets } from './catalog/index.js';
import { peer, QuietNode } from './quiet-node.fixtures.js';
import { Pushes, TransferCommands, Transfers } from './transfer/index.js';
import { ReceiveTransferMessage } from './transfer/receive-message.js';

const stranger: Did = 'did:web:stranger.example';
const dataAddress = {
  endpointType: 'https://w3id.org/idsa/v4.1/HTTP',
  endpoint: 'https://sink.example/in',
  properties: [],
};
const expired = {
  permission: [
    { action: 'use', constraint: [{ leftOperand: 'dateTime', operator: 'lt', rightOperand: '2020-01-01T00:00:00Z' }] },
  ],
};

for (const kind of databaseKinds) {
  const available = kind === 'embedded' || testServerUrl !== undefined;
  if (!available) process.stderr.write('skipped: pushes in trouble on a server (HANSA_TEST_DATABASE_URL is not set)\n');

  (available ? describe : describe.skip)(`a push that cannot be, ${kind}`, () => {
    let node: QuietNode;
    beforeAll(async () => {
      node = await QuietNode.start(kind);
    }, 60_000);
    afterAll(() => node?.remove(), 60_000);

    const asked = (did: Did, agreementId: string, format = 'HttpData-PUSH') =>
      node.get(ReceiveTransferMessage).open(
        { did, credentials: [] },
        {
          type: 'TransferRequestMessage',
          consumerPid: uuids.next() as ConsumerPid,
          callbackAddress: 'https://peer.example/dsp',
          agreementId,
          format,
          dataAddress,
        },
      );
    const addDataset = (id: string, source: Dataset['source']) => {
      const about = { title: '', description: '', keywords: [], publisher: null, licence: null, profile: null };
      const dataset = { id, ...about, source, finite: true, intervalSeconds: null, createdAt: new Date() };
      return node.transaction((tx) => node.get(Datasets).add(tx, dataset));
    };
    const unreadable = { kind: 'file', path: '/not/there.csv', format: 'csv' } as const;
    const look = async (id: string) => must(await node.get(Transfers).find(id)).transfer;

    /** A push that the peer has asked for; our start is in flight. */
    async function requested(source: Dataset['source'] | null) {
      const agreement = await node.agree('provider');
      if (source) await addDataset(agreement.datasetId, source);
      const id = String(must(await asked(peer, agreement.id)).providerPid);
      const start = await node.next(id);
      if (start?.type !== 'TransferStartMessage') throw new Error(`there is ${start?.type}`);
      return { id, agreement, start };
    }

    async function said(id: string) {
      for (;;) {
        const message = await node.next(id);
        if (message) return message;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }

    test('because the data are gone ends the transfer', async () => {
      const { id, start } = await requested(null);
      await node.acknowledge(start);
      const message = await said(id);
      expect(JSON.parse(message.body)).toMatchObject({
        '@type': 'TransferTerminationMessage',
        code: 'data.gone',
        reason: [expect.stringContaining('removed')],
      });
      await node.acknowledge(message);
      expect(await look(id)).toMatchObject({ state: 'TERMINATED', termination: { by: 'provider', code: 'data.gone' } });
    });

    test('because the policy does not permit it any more suspends it, and says what is not met', async () => {
      const { id, agreement, start } = await requested(unreadable);
      const policy = JSON.stringify({ ...agreement.policy, ...expired });
      await node.transaction((tx) =>
        tx.manager.query('UPDATE agreement SET policy = $1 WHERE id = $2', [policy, agreement.id]),
      );
      await node.acknowledge(start);
      const message = await said(id);
      expect(JSON.parse(message.body)).toMatchObject({
        '@type': 'TransferSuspensionMessage',
        code: 'policy.denied',
        reason: [expect.stringContaining('2020')],
      });
      await node.acknowledge(message);
      expect(await look(id)).toMatchObject({ state: 'SUSPENDED', suspension: { by: 'provider' } });
      expect((await node.get(Pushes).find(id))?.dueAt).toBeNull();
    });

    test('for an hour suspends it, and the consumer lets it be tried again', async () => {
      const { id, start } = await requested(unreadable);
      await node.acknowledge(start);
      const failed = async (times: number) => {
        for (;;) {
          const push = await node.get(Pushes).find(id);
          if (push && push.failures >= times) return push;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      };
      expect(await failed(1)).toMatchObject({ problem: 'The provider cannot read its data at the moment.' });
      expect(await look(id)).toMatchObject({ state: 'STARTED', pending: null });
      await node.transaction((tx) =>
        tx.manager.query("UPDATE push SET failing_since = failing_since - interval '1 hour' WHERE transfer_id = $1", [
          id,
        ]),
      );
      const message = await said(id);
      expect(JSON.parse(message.body)).toMatchObject({
        '@type': 'TransferSuspensionMessage',
        code: 'push.failed',
        reason: [expect.stringContaining('cannot read'), expect.stringContaining('resume the transfer')],
      });
      await node.acknowledge(message);
      const { consumerPid, providerPid } = (await look(id)) as { consumerPid: ConsumerPid; providerPid: ProviderPid };
      const resume: TransferStep = { type: 'TransferStartMessage', consumerPid, providerPid, dataAddress: null };
      const step = node.get(ReceiveTransferMessage);
      must(await step.step({ did: peer, credentials: [] }, id, resume, serialize(resume, uuids.next())));
      expect(await failed(1)).toMatchObject({ failures: 1 });
    }, 30_000);

    test('begins anew in a new process', async () => {
      const { id, start } = await requested(unreadable);
      await node.acknowledge(start);
      const before = await node.get(Pushes).find(id);
      await node.restart();
      const after = await node.get(Pushes).find(id);
      expect([before?.dueAt !== null, after?.dueAt !== null]).toEqual([true, true]);
      if (kind === 'embedded') expect(after?.run).toBeGreaterThan(before?.run ?? 0);
      must(await node.get(TransferCommands).send(id, { move: 'suspension', code: null, reason: [] }));
      expect((await node.get(Pushes).find(id))?.dueAt).toBeNull();
    }, 60_000);

    test('is not begun by somebody else, nor moved by one', async () => {
      const { id, agreement, start } = await requested(unreadable);
      expect(await asked(stranger, agreement.id)).toMatchObject({ problem: { kind: 'agreement.not-found' } });
      await node.acknowledge(start);
      const { consumerPid, providerPid } = (await look(id)) as { consumerPid: ConsumerPid; providerPid: ProviderPid };
      const suspension = {
        type: 'TransferSuspensionMessage',
        consumerPid,
        providerPid,
        code: null,
        reason: [],
      } as const;
      const from = { did: stranger, credentials: [] };
      const heard = node.get(ReceiveTransferMessage).step(from, id, suspension, serialize(suspension, uuids.next()));
      expect(await heard).toMatchObject({ problem: { kind: 'transfer.not-found' } });
      expect((await look(id)).state).toBe('STARTED');
    });

    test('is not offered for a hosted model', async () => {
      const agreement = await node.agree('provider');
      await addDataset(agreement.datasetId, { kind: 'inference-service', modelId: 'urn:m' });
      expect(await asked(peer, agreement.id)).toMatchObject({
        problem: { kind: 'transfer.format-unsupported', detail: expect.stringMatching(/ask for HttpData-PULL\.$/) },
      });
    });
  });
}
