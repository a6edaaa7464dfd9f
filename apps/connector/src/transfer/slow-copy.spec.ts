import { type ConsumerPid, serialize, type TransferRequestMessage, type TransferStep } from '@hansa/dsp';
import { must, uuids } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { peer, QuietNode } from '../quiet-node.fixtures.js';
import { ReceiveTransferMessage } from './receive-message.js';
import { TransferCommands } from './transfer-commands.js';
import { Transfers } from './transfers.js';

const suspension = { move: 'suspension', code: 'operator', reason: ['for a while'] } as const;

describe('a message that was refused, and of which a slow copy arrives later', () => {
  let node: QuietNode;
  beforeAll(async () => {
    node = await QuietNode.start('embedded');
  }, 60_000);
  afterAll(() => node?.remove(), 60_000);

  const counterparty = { did: peer, credentials: [] };

  async function started() {
    const { id: agreementId } = await node.agree('provider');
    const request: TransferRequestMessage = {
      type: 'TransferRequestMessage',
      consumerPid: uuids.next() as ConsumerPid,
      callbackAddress: 'https://peer.example/dsp',
      agreementId,
      format: 'HttpData-PULL',
      dataAddress: null,
    };
    const answer = must(await node.get(ReceiveTransferMessage).open(counterparty, request));
    const pids = { consumerPid: String(answer.consumerPid), providerPid: String(answer.providerPid) };
    await accepted(pids.providerPid);
    return pids;
  }

  /** The consumer accepts what we say next. */
  async function accepted(id: string): Promise<void> {
    const message = await node.next(id);
    if (!message) throw new Error('there is nothing to say');
    await node.acknowledge(message);
  }

  test('is refused again, although the state would allow it now', async () => {
    const pids = await started();
    const { providerPid: id } = pids;
    const message = { type: 'TransferCompletionMessage', ...pids } as TransferStep;
    const arrive = (wire = serialize(message, 'urn:uuid:slow')) =>
      node.get(ReceiveTransferMessage).step(counterparty, id, message, wire);
    const stateOf = async () => must(await node.get(Transfers).find(id)).transfer.state;

    must(await node.get(TransferCommands).send(id, suspension));
    await accepted(id);
    const first = await arrive();
    expect(first).toMatchObject({ ok: false, problem: { kind: 'transfer.illegal-transition' } });

    must(await node.get(TransferCommands).resume(id));
    await accepted(id);
    expect(await arrive()).toEqual(first);
    expect(await stateOf()).toBe('STARTED');
    expect(await arrive(serialize(message, 'urn:uuid:new'))).toEqual({ ok: true, value: null });
    expect(await stateOf()).toBe('COMPLETED');
  });

  test('is not remembered when it was to come again', async () => {
    const pids = await started();
    const { providerPid: id } = pids;
    const message = { type: 'TransferCompletionMessage', ...pids } as TransferStep;
    const arrive = () =>
      node.get(ReceiveTransferMessage).step(counterparty, id, message, serialize(message, 'urn:uuid:crossing'));
    must(await node.get(TransferCommands).send(id, suspension));
    expect(await arrive()).toMatchObject({ problem: { kind: 'transfer.busy' } });
    const sent = await node.next(id);
    if (!sent) throw new Error('there is nothing to say');
    await node.refuse(sent);
    expect(await arrive()).toEqual({ ok: true, value: null });
  });
});
