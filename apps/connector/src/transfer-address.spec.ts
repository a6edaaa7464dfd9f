import { type ConsumerPid, type DataAddress, type ProviderPid, serialize } from '@hansa/dsp';
import { must, uuids } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { peer, QuietNode } from './quiet-node.fixtures.js';
import { TransferCommands, Transfers } from './transfer/index.js';
import { ReceiveTransferMessage } from './transfer/receive-message.js';

const counterparty = { did: peer, credentials: [] };
const secret = 'nobody-else-may-see-this';
const sink = (changes: Partial<DataAddress> = {}): DataAddress => ({
  endpointType: 'https://w3id.org/idsa/v4.1/HTTP',
  endpoint: `https://sink.example/in?key=${secret}`,
  properties: [{ name: 'authorization', value: secret }],
  ...changes,
});
const hostile = [
  'http://sink.example/in',
  'https://10.0.0.1/in',
  'https://0x7f.1/in',
  'https://169.254.169.254/latest',
  'https://[::ffff:10.0.0.1]/in',
  'https://localhost/in',
  'https://user:secret@sink.example/in',
  'file:///etc/passwd',
  'nowhere',
];

describe('the data address of a transfer', () => {
  let node: QuietNode;
  beforeAll(async () => {
    node = await QuietNode.start('embedded');
  }, 60_000);
  afterAll(() => node?.remove(), 60_000);

  const stored = () => Promise.all((['transfer', 'outbox', 'inbox'] as const).map((table) => node.count(table)));
  const ask = async (format: string, dataAddress: DataAddress | null) => {
    const { id } = await node.agree('provider');
    return node.get(ReceiveTransferMessage).open(counterparty, {
      type: 'TransferRequestMessage',
      consumerPid: uuids.next() as ConsumerPid,
      callbackAddress: 'https://peer.example/dsp',
      agreementId: id,
      format,
      dataAddress,
    });
  };
  const expectRefused = async (format: string, address: DataAddress | null, kind: string, text: RegExp) => {
    const before = await stored();
    const refused = await ask(format, address);
    expect(refused).toMatchObject({ ok: false, problem: { kind, detail: expect.stringMatching(text) } });
    expect(JSON.stringify(refused)).not.toContain(secret);
    expect(await stored()).toEqual(before);
  };

  test.each(hostile)('is refused with the request of a push, and nothing is stored: %s', (endpoint) =>
    expectRefused('HttpData-PUSH', sink({ endpoint }), 'transfer.address-refused', /dataAddress cannot be used/),
  );

  test.each<[string, Partial<DataAddress>]>([
    ['of a type that is not spoken', { endpointType: 'AmazonS3' }],
    ['without an endpoint', { endpoint: null }],
    ['with a method that brings nothing', { properties: [{ name: 'method', value: 'DELETE' }] }],
    ['with a media type that is not made', { properties: [{ name: 'mediaType', value: 'image/png' }] }],
    ['with a header in its authorization', { properties: [{ name: 'authorization', value: `a\r\nx: ${secret}` }] }],
    [
      'with an authorization of an unknown kind',
      {
        properties: [
          { name: 'authorization', value: secret },
          { name: 'authType', value: 'digest' },
        ],
      },
    ],
  ])('is refused %s', (_, changes) =>
    expectRefused('HttpData-PUSH', sink(changes), 'transfer.address-refused', /dataAddress cannot be used/),
  );

  test('must come with a push, must not come with a pull, and the formats that there are are told', async () => {
    await expectRefused('HttpData-PUSH', null, 'transfer.address-missing', /needs a dataAddress/);
    await expectRefused('HttpData-PULL', sink(), 'transfer.address-unexpected', /takes no dataAddress/);
    const text = /"Kafka-PUSH" is not offered; ask for HttpData-PULL or HttpData-PUSH/;
    await expectRefused('Kafka-PUSH', null, 'transfer.format-unsupported', text);
  });

  test('of a push is kept by the provider until the transfer is over, and then without its secrets', async () => {
    const id = String(must(await ask('HttpData-PUSH', sink())).providerPid);
    const look = async () => must(await node.get(Transfers).find(id)).transfer;
    const start = await node.next(id);
    if (!start) throw new Error('there is no start');
    expect(JSON.parse(start.body)).not.toHaveProperty('dataAddress');
    expect((await look()).destination).toEqual(sink());
    await node.acknowledge(start);
    must(await node.get(TransferCommands).send(id, { move: 'termination', code: null, reason: [] }));
    let last = await node.next(id);
    while (last) {
      await node.acknowledge(last);
      last = await node.next(id);
    }
    const over = await look();
    expect(over).toMatchObject({ state: 'TERMINATED', destination: { endpoint: 'https://sink.example/in' } });
    expect(JSON.stringify(over)).not.toContain(secret);
  });

  test('of a push is known to its consumer without the secrets; they stand in the message alone', async () => {
    const { id: agreementId } = await node.agree('consumer');
    const asked = { endpoint: `https://sink.example/in?key=${secret}`, authorization: secret } as const;
    const wish = { ...asked, authType: 'basic', method: 'PUT', format: 'arrow' } as const;
    const { id } = must(await node.get(TransferCommands).start(agreementId, wish));
    expect(JSON.stringify(await node.get(Transfers).find(id))).not.toContain(secret);
    const message = await node.next(id);
    expect(JSON.parse(message?.body ?? '{}').dataAddress).toMatchObject({
      endpoint: asked.endpoint,
      endpointProperties: [
        { name: 'authorization', value: secret },
        { name: 'authType', value: 'basic' },
        { name: 'method', value: 'PUT' },
        { name: 'mediaType', value: 'application/vnd.apache.arrow.stream' },
      ],
    });
  });

  describe('of a start message', () => {
    let id: string;
    let pids: { consumerPid: ConsumerPid; providerPid: ProviderPid };
    beforeAll(async () => {
      const agreement = await node.agree('consumer');
      id = must(await node.get(TransferCommands).start(agreement.id)).id;
      pids = { consumerPid: id as ConsumerPid, providerPid: uuids.next() as ProviderPid };
      const request = await node.next(id);
      if (!request) throw new Error('there is no request');
      await node.acknowledge(
        request,
        serialize({ type: 'TransferProcess', ...pids, state: 'REQUESTED' }, uuids.next()),
      );
    });
    const start = (endpoint: string, wireId = uuids.next()) => {
      const message = { type: 'TransferStartMessage', ...pids, dataAddress: sink({ endpoint }) } as const;
      return node.get(ReceiveTransferMessage).step(counterparty, id, message, serialize(message, wireId));
    };

    test.each(hostile)('is judged when it comes, and changes nothing: %s', async (endpoint) => {
      const wireId = uuids.next();
      const unmoved = () => Promise.all([node.count('transfer'), node.count('outbox')]);
      const before = await unmoved();
      // A repeat is no way around it.
      for (const answer of [await start(endpoint, wireId), await start(endpoint, wireId)])
        expect(answer).toMatchObject({ ok: false, problem: { kind: 'transfer.address-refused' } });
      expect(await unmoved()).toEqual(before);
      expect(must(await node.get(Transfers).find(id)).transfer).toMatchObject({ state: 'REQUESTED', pending: null });
    });

    test('starts the transfer where it can be used', async () => {
      must(await start('https://provider.example/data'));
      expect(must(await node.get(Transfers).find(id)).transfer.state).toBe('STARTED');
    });
  });
});
