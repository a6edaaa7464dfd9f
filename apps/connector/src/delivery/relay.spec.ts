import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ok, type Result, refuse } from '@hansa/kernel';
import {
  type Answer,
  createGuardedClient,
  createLogger,
  type Database,
  Outage1763942400000,
  Outages,
  Outbox,
  Outbox1763856000000,
  openDatabase,
  UnitOfWork,
} from '@hansa/platform';
import { createTestDatabase, type TestDatabase } from '@hansa/platform/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type AttemptOutcome, Relay } from './relay.js';

/** A peer that answers what the test tells it to, in order; the last answer stays. */
class Peer {
  readonly bodies: string[] = [];
  readonly authorizations: string[] = [];
  answers: { status: number; body?: object; until?: Promise<void> }[] = [{ status: 200 }];
  readonly server: Server = createServer((request, response) => void this.#answer(request, response));

  async #answer(request: IncomingMessage, response: import('node:http').ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    this.bodies.push(body);
    this.authorizations.push(request.headers.authorization ?? '');
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    await answer?.until;
    response.writeHead(answer?.status ?? 200, { 'content-type': 'application/json' });
    response.end(answer?.body ? JSON.stringify(answer.body) : '');
  }
}

describe('the relay', () => {
  let home: TestDatabase;
  let database: Database;
  let outbox: Outbox;
  let outages: Outages;
  let unitOfWork: UnitOfWork;
  let peer: Peer;
  let url: string;
  let relay: Relay;
  const client = createGuardedClient({ allowLoopback: true, allowInsecure: true });
  const attempted: AttemptOutcome[] = [];
  /** What the next look-ups of an address give; after them every address is a URL. */
  const located: Result<string>[] = [];
  const settled: { outcome: string; body: string; answer?: Answer; reason?: string }[] = [];

  beforeAll(async () => {
    home = await createTestDatabase('embedded');
    database = await openDatabase(home.location, {
      entities: [],
      migrations: [Outbox1763856000000, Outage1763942400000],
    });
    outbox = new Outbox(database.dataSource);
    outages = new Outages(database.dataSource);
    unitOfWork = new UnitOfWork(database.dataSource);
    outbox.handle({
      topic: 'test',
      expectsReply: ({ body }) => body.startsWith('question'),
      acknowledged: async (_tx, { body }, answer) => void settled.push({ outcome: 'acknowledged', body, answer }),
      refused: async (_tx, { body }, reason) => void settled.push({ outcome: 'refused', body, reason }),
    });
  });
  afterAll(async () => {
    await client.close();
    await database.close();
    await home.remove();
  });
  afterEach(async () => {
    await relay.stop();
    await new Promise((resolve) => peer.server.close(resolve));
    peer.server.closeAllConnections();
    for (const table of ['outbox', 'outage']) await database.dataSource.query(`DELETE FROM ${table}`);
    settled.length = 0;
    attempted.length = 0;
  });

  /** Starts a peer and a relay that gives up after `attempts` failures. */
  async function begin(answers: Peer['answers'], attempts = 3): Promise<void> {
    peer = new Peer();
    peer.answers = answers;
    await new Promise<void>((resolve) => peer.server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(peer.server.address() as AddressInfo).port}/inbox`;
    relay = new Relay({
      outbox,
      outages,
      unitOfWork,
      client,
      authorize: async (did) => `Bearer for ${did}`,
      locate: async (address) => located.shift() ?? ok(address),
      log: createLogger({ level: 'silent', name: 'test' }),
      retry: ({ failures }) => (failures >= attempts ? null : 5),
      attempted: (_message, outcome) => void attempted.push(outcome),
    });
    relay.start();
  }

  const send = (processId: string, body: string, to = url): Promise<void> =>
    unitOfWork.run((tx) => outbox.add(tx, { topic: 'test', processId, counterparty: 'did:web:peer', url: to, body }));

  const until = (count: number): Promise<void> => eventually(async () => settled.length >= count);

  async function eventually(done: () => Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + 10_000; !(await done()); await new Promise((r) => setTimeout(r, 5)))
      if (Date.now() > deadline) throw new Error('it did not happen');
  }

  test('sends at once after the commit, with a token for the receiver, and hands over the answer', async () => {
    await begin([{ status: 201, body: { state: 'REQUESTED' } }]);
    await send('p1', '{"a":1}');
    await until(1);
    expect(settled).toEqual([
      { outcome: 'acknowledged', body: '{"a":1}', answer: { status: 201, body: { state: 'REQUESTED' } } },
    ]);
    expect(peer.authorizations).toEqual(['Bearer for did:web:peer']);
    expect(await outbox.claim(1)).toEqual([]);
  });

  test('leaves it to the reply to settle what was delivered', async () => {
    await begin([{ status: 200, body: { state: 'REQUESTED' } }]);
    await send('p1', 'question');
    await eventually(async () => outbox.deliveredOf('p1') !== undefined);
    const delivered = outbox.deliveredOf('p1');
    expect(delivered).toMatchObject({ message: { body: 'question' }, answer: { body: { state: 'REQUESTED' } } });
    await unitOfWork.run(async (tx) => {
      if (delivered) outbox.settleDelivered(tx, delivered);
      await outbox.add(tx, { topic: 'test', processId: 'p1', counterparty: 'did:web:peer', url, body: 'next' });
    });
    await until(1);
    expect(settled.map(({ body }) => body)).toEqual(['next']);
    expect([outbox.deliveredOf('p1'), await outbox.sizes()]).toEqual([undefined, { waiting: 0, dead: 0 }]);
    expect(peer.bodies).toEqual(['question', 'next']);
  });

  test('leaves what a reply has settled that was faster than the answer', async () => {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await begin([{ status: 200, until: answered }, { status: 200 }]);
    await send('p1', 'question 1');
    await eventually(async () => peer.bodies.length === 1);
    await unitOfWork.run(async (tx) => {
      outbox.settleImplied(tx, 'p1', 'question 1');
      await outbox.add(tx, { topic: 'test', processId: 'p1', counterparty: 'did:web:peer', url, body: 'next' });
    });
    await until(1);
    answer();
    await eventually(async () => attempted.length === 2);
    await relay.stop();
    expect(settled.map(({ body }) => body)).toEqual(['next']);
    expect(await outbox.sizes()).toEqual({ waiting: 0, dead: 0 });
  });

  test('settles without the reply when none comes in a moment, once when asked to, and before it stops', async () => {
    await begin([{ status: 200 }]);
    await send('p1', 'question 1');
    await until(1);
    await send('p2', 'question 2');
    await eventually(async () => outbox.deliveredOf('p2') !== undefined);
    await Promise.all([outbox.settleNow('p2'), outbox.settleNow('p2'), outbox.settleNow('p3')]);
    expect(settled.map(({ body }) => body)).toEqual(['question 1', 'question 2']);
    await send('p3', 'question 3');
    await eventually(async () => outbox.deliveredOf('p3') !== undefined);
    await relay.stop();
    expect(settled.map(({ body }) => body)).toEqual(['question 1', 'question 2', 'question 3']);
    expect([attempted, await outbox.sizes()]).toEqual([Array(3).fill('acknowledged'), { waiting: 0, dead: 0 }]);
  });

  test('repeats exactly the same bytes while the peer says "later"', async () => {
    await begin([{ status: 503 }, { status: 429 }, { status: 200 }], 10);
    await send('p1', '{"frozen":true}');
    await until(1);
    expect(settled[0]?.outcome).toBe('acknowledged');
    expect(peer.bodies).toEqual(['{"frozen":true}', '{"frozen":true}', '{"frozen":true}']);
    expect(attempted).toEqual(['repeated', 'repeated', 'acknowledged']);
  });

  test('sends the messages of one process in order, also behind a failure', async () => {
    await begin([{ status: 500 }, { status: 200 }], 10);
    for (const body of ['1', '2', '3']) await send('p1', body);
    await until(3);
    expect(settled.map(({ body }) => body)).toEqual(['1', '2', '3']);
    expect(peer.bodies).toEqual(['1', '1', '2', '3']);
  });

  test('takes a 4xx as final and gives the reason that the peer stated', async () => {
    await begin([{ status: 400, body: { '@type': 'ContractNegotiationError', reason: ['the offer has changed'] } }]);
    await send('p1', 'x');
    await until(1);
    expect(settled).toMatchObject([{ outcome: 'refused', reason: 'the peer answered 400: the offer has changed' }]);
    expect(peer.bodies).toHaveLength(1);
    expect(attempted).toEqual(['refused']);
    expect(await outbox.dead()).toEqual([]);
  });

  test('asks a peer again that is in conflict, which may be over in a moment, and then takes it as final', async () => {
    const conflict = { status: 409, body: { '@type': 'TransferError', reason: ['it cannot be started'] } };
    await begin([conflict, conflict, { status: 200 }, conflict], 1000);
    await send('p1', 'early');
    await until(1);
    expect(peer.bodies).toEqual(['early', 'early', 'early']);
    await send('p2', 'illegal');
    await until(2);
    expect(peer.bodies.slice(3)).toEqual(Array(6).fill('illegal'));
    expect(settled).toMatchObject([
      { outcome: 'acknowledged', body: 'early' },
      { outcome: 'refused', body: 'illegal', reason: 'the peer answered 409: it cannot be started' },
    ]);
  });

  test('gives a message up when the retry policy does, keeps it for the operator, and sends it when told to', async () => {
    await begin([{ status: 500 }, { status: 500 }, { status: 500 }, { status: 200 }], 3);
    await send('p1', 'x');
    await eventually(async () => (await outbox.dead()).length === 1);
    expect(peer.bodies).toHaveLength(3);
    expect(attempted).toEqual(['repeated', 'repeated', 'abandoned']);
    expect(await outbox.dead()).toMatchObject([{ body: 'x', lastError: 'the peer answered 500' }]);
    expect(settled).toEqual([]);
    expect(await outbox.redrive()).toBe(1);
    await until(1);
    expect(settled).toMatchObject([{ outcome: 'acknowledged', body: 'x' }]);
  });

  test('tries a peer that is away with one message at a time, and sends all when it is back', async () => {
    await begin([{ status: 200 }], 1000);
    const { port } = peer.server.address() as AddressInfo;
    await new Promise((resolve) => peer.server.close(resolve));
    for (let i = 0; i < 20; i++) await send(`p${i}`, String(i));
    await eventually(async () => ((await outages.list())[0]?.failures ?? 0) >= 5);
    // Twenty messages wait, and no more attempts were made than there were pauses, but for those that were under way.
    const [outage] = await outages.list();
    expect(attempted.length).toBeLessThan(20 + (outage?.failures ?? 0));
    await new Promise<void>((resolve) => peer.server.listen(port, '127.0.0.1', resolve));
    await until(20);
    expect(settled.every(({ outcome }) => outcome === 'acknowledged')).toBe(true);
    expect(await outages.list()).toEqual([]);
  });

  test('tries a peer at once that speaks itself, also after a restart of its own', async () => {
    await begin([{ status: 200 }], 1000);
    await relay.stop();
    await outages.note('did:web:peer', 'unreachable', () => 3_600_000);
    await send('p1', 'x');
    relay.start();
    await eventually(async () => {
      relay.heard('did:web:peer');
      return settled.length === 1;
    });
    expect(await outages.list()).toEqual([]);
  });

  test('never calls an address that the guard refuses, and does not try it twice', async () => {
    await begin([{ status: 200 }], 10);
    await send('p1', 'x', 'http://10.0.0.1/inbox');
    await until(1);
    expect(settled[0]).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('http.address-refused') });
  });

  test('looks up at each attempt where a message goes, and refuses it for good where there is no such place', async () => {
    await begin([{ status: 503 }, { status: 200 }], 10);
    located.push(refuse('did.unresolvable', 'away'), ok(`${url}/moved`), ok(`${url}/again`));
    await send('p1', 'x', 'did:web:peer?service=S&relativeRef=x');
    await until(1);
    expect(attempted).toEqual(['repeated', 'repeated', 'acknowledged']);
    located.push(refuse('did-document.no-service', 'no such service'));
    await send('p1', 'y');
    await until(2);
    expect(settled[1]).toMatchObject({ outcome: 'refused', reason: 'did-document.no-service: no such service' });
    expect(peer.bodies).toEqual(['x', 'x']);
  });

  test('goes on with other messages when the settling of one throws', async () => {
    await begin([{ status: 200 }], 10);
    await unitOfWork.run((tx) =>
      outbox.add(tx, { topic: 'unknown', processId: 'p0', counterparty: 'did:web:peer', url, body: 'lost' }),
    );
    await send('p1', 'x');
    await until(1);
    expect(settled.map(({ body }) => body)).toEqual(['x']);
    await expect(relay.check()).resolves.toBeUndefined();
  });

  test('delivers hundreds of messages of many processes, each once and each process in order', async () => {
    await begin([{ status: 200 }], 10);
    for (let i = 0; i < 300; i++) await send(`p${i % 40}`, `${i % 40}:${i}`);
    await until(300);
    expect(new Set(peer.bodies).size).toBe(300);
    for (let process = 0; process < 40; process++) {
      const own = peer.bodies
        .filter((body) => body.startsWith(`${process}:`))
        .map((body) => Number(body.split(':')[1]));
      expect(own).toEqual([...own].sort((a, b) => a - b));
    }
  });
});
