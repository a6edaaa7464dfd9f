import type { ConsumerPid } from '@hansa/dsp';
import { uuids } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ReceiveNegotiationMessage } from './negotiation/receive-message.js';
import { peer, QuietNode } from './quiet-node.fixtures.js';
import { ReceiveTransferMessage } from './transfer/receive-message.js';

describe('an opening message with a callback address that cannot be used', () => {
  let node: QuietNode;
  beforeAll(async () => {
    node = await QuietNode.start('embedded');
  }, 60_000);
  afterAll(() => node?.remove(), 60_000);

  const stored = () =>
    Promise.all((['negotiation', 'transfer', 'outbox', 'inbox'] as const).map((table) => node.count(table)));
  const counterparty = { did: peer, credentials: [] };
  const opening = (callbackAddress: string, consumerPid = uuids.next()) => ({
    consumerPid: consumerPid as ConsumerPid,
    callbackAddress,
  });
  const long = `https://peer.example/${'a'.repeat(1960)}`;

  const contract = (callbackAddress: string, consumerPid?: string) =>
    node.get(ReceiveNegotiationMessage).open(counterparty, {
      type: 'ContractRequestMessage',
      ...opening(callbackAddress, consumerPid),
      offer: { '@type': 'Offer', '@id': uuids.next(), permission: [{ action: 'use' }] },
    });
  const transfer = (agreementId: string, callbackAddress: string, consumerPid?: string) =>
    node.get(ReceiveTransferMessage).open(counterparty, {
      type: 'TransferRequestMessage',
      ...opening(callbackAddress, consumerPid),
      agreementId,
      format: 'HttpData-PULL',
      dataAddress: null,
    });

  test.each([
    'https://10.0.0.1/dsp',
    'https://127.1/dsp',
    'http://peer.example/dsp',
    'https://user:secret@peer.example/dsp',
    'https://peer.example/dsp#part',
  ])('%s opens neither a negotiation nor a transfer', async (address) => {
    const { id } = await node.agree('provider');
    const before = await stored();
    const refused = { ok: false, problem: { kind: 'callback.refused' } };
    expect(await contract(address)).toMatchObject(refused);
    expect(await transfer(id, address)).toMatchObject(refused);
    expect(await stored()).toEqual(before);
  });

  test('is judged together with the pid that every message to it will carry', async () => {
    const { id } = await node.agree('provider');
    const pid = 'p'.repeat(100);
    expect(await contract(long, pid)).toMatchObject({ ok: false, problem: { kind: 'callback.refused' } });
    expect(await transfer(id, long, pid)).toMatchObject({ ok: false, problem: { kind: 'callback.refused' } });
    expect(await transfer(id, long, 'p')).toMatchObject({ ok: true });
  });
});
