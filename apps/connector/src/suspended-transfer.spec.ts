import { Readable } from 'node:stream';
import {
  type ConsumerPid,
  type DataAddress,
  type ProviderPid,
  parseMessage,
  type Role,
  serialize,
  type TransferStep,
} from '@hansa/dsp';
import { must, uuids } from '@hansa/kernel';
import { databaseKinds, testServerUrl } from '@hansa/platform/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Datasets } from './catalog/index.js';
import { Access } from './data-plane/access.js';
import { peer, QuietNode } from './quiet-node.fixtures.js';
import { Consume } from './transfer/consume.js';
import { Pushes, TransferCommands, Transfers } from './transfer/index.js';
import { ReceiveTransferMessage } from './transfer/receive-message.js';
import { ReceivePush } from './transfer/receive-push.js';

type Kind = 'pull' | 'push';

const counterparty = { did: peer, credentials: [] };
const suspension = { move: 'suspension', code: 'x', reason: ['the sensors are calibrated'] } as const;
const peersAddress: DataAddress = {
  endpointType: 'https://w3id.org/idsa/v4.1/HTTP',
  endpoint: 'https://peer.example/data',
  properties: [{ name: 'authorization', value: 'the-token-of-the-peer' }],
};
const sinkAddress: DataAddress = { ...peersAddress, endpoint: 'https://sink.example/in' };

for (const database of databaseKinds) {
  const available = database === 'embedded' || testServerUrl !== undefined;
  if (!available)
    process.stderr.write('skipped: suspended transfers on a server (HANSA_TEST_DATABASE_URL is not set)\n');

  (available ? describe : describe.skip)(`a suspended transfer, ${database}`, () => {
    let node: QuietNode;
    beforeAll(async () => {
      node = await QuietNode.start(database);
    }, 60_000);
    afterAll(() => node?.remove(), 60_000);

    const look = async (id: string) => must(await node.get(Transfers).find(id)).transfer;
    const commands = () => node.get(TransferCommands);

    async function acknowledgeNext(id: string, type: string): Promise<DataAddress | null> {
      const message = await node.next(id);
      if (message?.type !== type) throw new Error(`expected ${type}, but there is ${message?.type ?? 'nothing'}`);
      await node.acknowledge(message);
      const parsed = parseMessage(['TransferStartMessage', 'TransferRequestMessage'], JSON.parse(message.body));
      return parsed.ok ? parsed.value.dataAddress : null;
    }

    async function hear(id: string, message: TransferStep): Promise<void> {
      const wire = serialize(message, uuids.next());
      must(await node.get(ReceiveTransferMessage).step(counterparty, id, message, wire));
    }

    /** A started transfer with the address that opens it. Its dataset is there, and cannot be read. */
    async function started(kind: Kind, role: Role): Promise<{ id: string; address: DataAddress | null }> {
      const agreement = await node.agree(role);
      const [createdAt, source] = [new Date(), { kind: 'file', path: '/not/there.csv', format: 'csv' } as const];
      const about = { title: '', description: '', keywords: [], publisher: null, licence: null, profile: null };
      const dataset = { id: agreement.datasetId, ...about, source, finite: true, intervalSeconds: null, createdAt };
      await node.transaction((tx) => node.get(Datasets).add(tx, dataset));
      const format = kind === 'push' ? 'HttpData-PUSH' : 'HttpData-PULL';
      if (role === 'provider') {
        const process = await node.get(ReceiveTransferMessage).open(counterparty, {
          type: 'TransferRequestMessage',
          consumerPid: uuids.next() as ConsumerPid,
          callbackAddress: 'https://peer.example/dsp',
          agreementId: agreement.id,
          format,
          dataAddress: kind === 'push' ? sinkAddress : null,
        });
        const id = String(must(process).providerPid);
        return { id, address: await acknowledgeNext(id, 'TransferStartMessage') };
      }
      const { id } = must(await commands().start(agreement.id, kind === 'push' ? { format: 'csv' } : null));
      const providerPid = uuids.next();
      const opening = await node.next(id);
      if (!opening) throw new Error('there is no request');
      const process = { type: 'TransferProcess', ...pids(id, providerPid), state: 'REQUESTED' } as const;
      await node.acknowledge(opening, serialize(process, uuids.next()));
      const dataAddress = kind === 'push' ? null : peersAddress;
      await hear(id, { type: 'TransferStartMessage', ...pids(id, providerPid), dataAddress });
      const { dataAddress: own } = must(parseMessage('TransferRequestMessage', JSON.parse(opening.body)));
      return { id, address: own ?? dataAddress };
    }

    const pids = (consumerPid: string, providerPid: string) => ({
      consumerPid: consumerPid as ConsumerPid,
      providerPid: providerPid as ProviderPid,
    });
    const both = async (id: string) => {
      const transfer = await look(id);
      if (!('providerPid' in transfer)) throw new Error('the peer has not named its pid');
      return pids(transfer.consumerPid, transfer.providerPid);
    };
    const tokenOf = (address: DataAddress | null) =>
      address?.properties.find(({ name }) => name === 'authorization')?.value ?? '';

    /** Whether data may flow now, by the part that decides it; and what it says where they may not. */
    async function flow(kind: Kind, role: Role, id: string, address: DataAddress | null): Promise<true | string> {
      if (role === 'provider' && kind === 'pull') {
        const granted = await node.get(Access).grant(id, `Bearer ${tokenOf(address)}`);
        return granted.ok || `${granted.problem.kind}: ${granted.problem.detail}`;
      }
      if (role === 'provider') return (await node.get(Pushes).find(id))?.dueAt ? true : 'nothing is due';
      if (kind === 'push') {
        const headers = { authorization: `Bearer ${tokenOf(address)}`, 'content-type': 'text/csv' };
        const taken = await node
          .get(ReceivePush)
          .accept(id, headers, Readable.from([Buffer.from(`a\n${uuids.next()}\n`)]));
        return taken.ok || `${taken.problem.kind}: ${taken.problem.detail}`;
      }
      const pulled = await node.get(Consume).pull(id, 'csv', false);
      // The peer does not exist: that it was asked is all that there can be.
      return (
        (!pulled.ok && pulled.problem.kind === 'http.unreachable') ||
        `${pulled.ok || pulled.problem.kind}: ${pulled.ok || pulled.problem.detail}`
      );
    }

    const cells = (['pull', 'push'] as const).flatMap((kind) =>
      (['consumer', 'provider'] as const).flatMap((role) =>
        (['consumer', 'provider'] as const).flatMap((suspender) =>
          (['consumer', 'provider'] as const).map((resumer) => [kind, role, suspender, resumer] as const),
        ),
      ),
    );

    test.each(cells)(
      '(%s, we are %s) is suspended by the %s and resumed by the %s',
      async (kind, role, by, resumer) => {
        const { id, address } = await started(kind, role);
        expect(await look(id)).toMatchObject({ state: 'STARTED', pending: null });
        expect(await flow(kind, role, id, address)).toBe(true);

        if (by === role) {
          must(await commands().send(id, suspension));
          // At once, not when the other side has answered.
          expect(await flow(kind, role, id, address)).not.toBe(true);
          await acknowledgeNext(id, 'TransferSuspensionMessage');
        } else
          await hear(id, {
            type: 'TransferSuspensionMessage',
            ...(await both(id)),
            code: 'x',
            reason: suspension.reason,
          });
        expect(await look(id)).toMatchObject({ state: 'SUSPENDED', suspension: { by, reason: suspension.reason } });
        expect(await flow(kind, role, id, address)).toMatch(/SUSPENDED|nothing is due/);

        let fresh: DataAddress | null = null;
        if (resumer === role) {
          must(await commands().resume(id));
          fresh = await acknowledgeNext(id, 'TransferStartMessage');
        } else {
          const given =
            resumer === 'provider' && kind === 'pull'
              ? { ...peersAddress, properties: [{ name: 'authorization', value: 'another' }] }
              : null;
          await hear(id, { type: 'TransferStartMessage', ...(await both(id)), dataAddress: given });
        }
        expect(await look(id)).toMatchObject({ state: 'STARTED', pending: null });
        const renewed = kind === 'pull' && role === 'provider' && resumer === 'provider';
        expect(fresh !== null).toBe(renewed);
        expect(await flow(kind, role, id, fresh ?? address)).toBe(true);
        if (renewed) expect(await flow(kind, role, id, address)).toMatch(/^data.unauthorized/);
      },
    );
  });
}
