import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Answer, type Asked, LoopbackServer, run, scratch } from '../testing/index.js';

const server = new LoopbackServer();
const folder = scratch();
const node = (args: readonly string[], changes: Parameters<typeof run>[1] = {}) =>
  run([...args, '--url', server.url, '--token', 'secret'], { directory: folder.path, ...changes });
const routes = (table: Record<string, Answer | ((asked: Asked) => Answer)>) => (asked: Asked) => {
  const found = table[`${asked.method} ${asked.url.replace('/management/v1', '')}`];
  return typeof found === 'function' ? found(asked) : (found ?? { status: 500, body: { unexpected: asked.url } });
};

beforeAll(() => server.listen());
afterAll(async () => {
  await server.close();
  folder.remove();
});
beforeEach(() => {
  server.asked.length = 0;
});

describe('waiting', () => {
  const base = {
    id: 'urn:n',
    role: 'consumer',
    counterparty: 'did:web:b.example',
    datasetId: 'd',
    purpose: null,
    decision: null,
    createdAt: 't',
    updatedAt: 't',
  };
  const states = (...list: readonly object[]) => {
    let look = 0;
    return () => ({ body: { ...base, ...list[Math.min(look++, list.length - 1)] } });
  };
  /** The first state up to the look that comes when a command is no longer silent, then the second. */
  const slowly = (first: object, then: object) => {
    let begun = 0;
    let late = 0;
    return () => {
      begun ||= performance.now();
      if (performance.now() - begun > 1100) late++;
      return { body: { ...base, ...(late <= 1 ? first : then) } };
    };
  };
  const start = ['negotiation', 'start', 'did:web:b.example', 'd'];
  const opened = { status: 201, body: { ...base, state: 'INITIAL', pending: 'ContractRequestMessage' } };

  test.each([
    ['says nothing else within a second', states, ''],
    ['shows progress beside the result after a second', slowly, 'Negotiating with did:web:b.example: REQUESTED …\n'],
  ])('for a negotiation goes on until it is finalised, and %s', async (_name, make, err) => {
    const look = make(
      { state: 'REQUESTED', pending: null },
      { state: 'FINALIZED', pending: null, agreementId: 'urn:a' },
    );
    server.respond = routes({ 'POST /negotiations': opened, 'GET /negotiations/urn%3An': look });
    expect(await node(start)).toEqual({
      code: 0,
      out: 'Agreed with did:web:b.example: urn:a\nFetch the data next: hansa transfer start urn:a\n',
      err,
    });
  });

  test('for one that ends prints the reasons and ends with exit code 1', async () => {
    const look = states({
      state: 'TERMINATED',
      pending: null,
      termination: { by: 'provider', code: 'x', reason: ['The purpose is not allowed.'] },
    });
    server.respond = routes({ 'POST /negotiations': opened, 'GET /negotiations/urn%3An': look });
    const { code, out } = await node(start);
    expect([code, out.split('\n')[0]]).toEqual([
      1,
      'The negotiation was terminated by did:web:b.example: The purpose is not allowed.',
    ]);
  });

  test('ends at its time limit and says what is not delivered', async () => {
    server.respond = routes({
      'POST /negotiations': opened,
      'GET /negotiations/urn%3An': states({ state: 'INITIAL', pending: 'ContractRequestMessage' }),
    });
    const { code, out } = await node([...start, '--timeout', '0']);
    expect([code, out]).toEqual([1, expect.stringContaining('is not delivered yet. The node goes on trying.')]);
  });

  test('is left out with --no-wait', async () => {
    server.respond = routes({ 'POST /negotiations': opened });
    const { code, out } = await node([...start, '--no-wait', '-o', 'json', '--purpose', 'dpv:Research']);
    expect([code, JSON.parse(out).state]).toEqual([0, 'INITIAL']);
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({
      counterparty: 'did:web:b.example',
      datasetId: 'd',
      purpose: 'dpv:Research',
    });
  });

  test('for an audit shows how far it is, on a screen in one line', async () => {
    folder.file('plan.json', { attributes: ['state'] });
    const audit = { id: 'urn:u', modelId: 'm', datasetId: 'd' };
    const looks = slowly(
      { ...audit, status: 'running', progress: { done: 1500, total: 3000 } },
      {
        ...audit,
        status: 'done',
        progress: { done: 3000, total: 3000 },
        verdict: 'fail',
        reasons: [{ text: 'The gap is 0.78.' }],
      },
    );
    server.respond = routes({
      'POST /audits': { status: 202, body: { ...audit, status: 'queued', progress: { done: 0, total: 0 } } },
      'GET /audits/urn%3Au': looks,
    });
    const args = [
      'audit',
      'run',
      '--model',
      'm',
      '--dataset',
      'd',
      '--label',
      'l',
      '--plan',
      'plan.json',
      '--where',
      'split=audit',
    ];
    const { code, out, err } = await node(args, { live: true });
    expect(code).toBe(0);
    expect(err).toBe('\r\u001b[2KAuditing: 1 500 of 3 000 (50 %) …\r\u001b[2K');
    expect(out).toContain('verdict  fail\n');
    expect(out).toContain('Reasons\n  The gap is 0.78.\n');
    expect(JSON.parse(server.asked[0]?.body ?? '')).toMatchObject({
      where: [{ column: 'split', operator: 'eq', value: 'audit' }],
    });
  });
});

describe('telling the other side', () => {
  const base = {
    id: 'urn:t',
    role: 'provider',
    counterparty: 'did:web:b.example',
    datasetId: 'd',
    agreementId: 'urn:a',
    createdAt: 't',
    updatedAt: 't',
  };
  const moves: readonly [string, readonly string[], string, string][] = [
    ['transfers/urn%3At/suspend', ['transfer', 'suspend', 'urn:t'], 'STARTED', 'SUSPENDED'],
    ['transfers/urn%3At/resume', ['transfer', 'resume', 'urn:t'], 'SUSPENDED', 'STARTED'],
    ['transfers/urn%3At/complete', ['transfer', 'complete', 'urn:t'], 'STARTED', 'COMPLETED'],
    ['transfers/urn%3At/terminate', ['transfer', 'terminate', 'urn:t', '--yes'], 'STARTED', 'TERMINATED'],
    [
      'negotiations/urn%3At/terminate',
      ['negotiation', 'terminate', 'urn:t', '--yes', '--reason', 'r'],
      'REQUESTED',
      'TERMINATED',
    ],
  ];
  const pending = 'SomeMessage';
  const answering = (url: string, sent: object, ...looks: readonly object[]) => {
    let look = 0;
    const now = () => ({ body: { ...base, ...looks[Math.min(look++, looks.length - 1)] } });
    server.respond = routes({
      [`POST /${url}`]: { body: { ...base, ...sent } },
      [`GET /${url.slice(0, url.lastIndexOf('/'))}`]: now,
    });
  };

  test.each(moves)('by %s waits until it has acknowledged', async (url, args, from, goal) => {
    answering(url, { state: from, pending }, { state: from, pending }, { state: goal, pending: null });
    const { code, out, err } = await node(args);
    expect([code, err, server.asked.length]).toEqual([0, '', 3]);
    expect(out).toBe(`The ${args[0]} is ${goal}; did:web:b.example has acknowledged it.\n`);
  });

  test.each(moves)('by %s ends with exit code 1 where it does not answer in time', async (url, args, from) => {
    answering(url, { state: from, pending }, { state: from, pending });
    const { code, out } = await node([...args, '--timeout', '0']);
    expect(code).toBe(1);
    expect(out).toContain('is not delivered yet. The node goes on trying.\n');
    expect(out).toContain(`Look again: hansa ${args[0]} show urn:t\n`);
  });

  test.each(moves)('by %s says so where it was refused', async (url, args, from, goal) => {
    answering(url, { state: from, pending }, { state: from, pending: null });
    const { code, out } = await node(args);
    expect([code, out]).toEqual([
      1,
      expect.stringContaining(`It was to be ${goal}; why it is not stands in the ledger`),
    ]);
  });

  test('is one JSON document, waited for or not', async () => {
    const [url, args, from, goal] = [
      'transfers/urn%3At/suspend',
      ['transfer', 'suspend', 'urn:t'],
      'STARTED',
      'SUSPENDED',
    ];
    answering(url, { state: from, pending }, { state: from, pending }, { state: goal, pending: null });
    expect(JSON.parse((await node([...args, '-o', 'json'])).out)).toMatchObject({ state: goal, pending: null });
    answering(url, { state: from, pending });
    const { code, out } = await node([...args, '-o', 'json', '--no-wait']);
    expect([code, JSON.parse(out).pending]).toEqual([0, pending]);
  });
});

describe('an agreement', () => {
  const base = {
    id: 'urn:a',
    role: 'provider',
    counterparty: 'did:web:b.example',
    datasetId: 'd',
    negotiationId: 'urn:n',
    purpose: 'https://w3id.org/dpv#AcademicResearch',
    sentences: [],
    agreedAt: '2026-11-23T08:00:00Z',
    expiresAt: '2027-11-23T08:00:00Z',
    state: 'active',
    end: null,
    notice: null,
    supersedes: null,
  };
  const termination = { kind: 'terminated', at: '2026-11-24T08:00:00Z', by: 'provider', code: 'operator' };
  const ended = { ...base, state: 'terminated', end: { ...termination, reason: ['It is over.'] } };
  const dependants = {
    negotiation: { id: 'urn:n', state: 'FINALIZED' },
    successors: ['urn:b'],
    renewals: [],
    transfers: { states: { STARTED: 1, TERMINATED: 3 }, open: [{ id: 'urn:t', state: 'STARTED' }], tokens: 1 },
    receipts: 17,
    modelId: null,
  };
  const terminate = ['agreement', 'terminate', 'urn:a', '--reason', 'It is over.'];
  const answering = (...notices: readonly string[]) => {
    let look = 0;
    const now = () => ({ body: { ...ended, notice: notices[Math.min(look++, notices.length - 1)] } });
    server.respond = routes({
      'GET /agreements/urn%3Aa/dependants': { body: dependants },
      'POST /agreements/urn%3Aa/terminate': { body: { ...ended, notice: 'pending' } },
      'GET /agreements/urn%3Aa': now,
    });
  };

  test('is terminated only when a person has seen what ends with it', async () => {
    answering('acknowledged');
    const declined = await node(terminate, { interactive: true, answer: 'n' });
    expect([declined.code, server.asked.map(({ method }) => method)]).toEqual([1, ['GET']]);
    expect(declined.err).toBe(
      'Terminate the agreement urn:a? With it ends:\n  transfer urn:t STARTED\n  access tokens: 1\nThis cannot be undone. [y/N] hansa: Nothing was changed.\n',
    );
    const { code, out } = await node(terminate, { interactive: true, answer: 'y' });
    expect([code, out]).toEqual([0, expect.stringContaining('did:web:b.example has acknowledged the end')]);
  });

  test.each([
    ['acknowledged', 0, 'has acknowledged the end'],
    ['refused', 0, 'does not take messages about agreements'],
    ['pending', 1, 'has not acknowledged it yet'],
  ])('says of its termination that the message is %s', async (notice, code, words) => {
    answering('pending', notice);
    const result = await node([...terminate, '--yes', '--timeout', notice === 'pending' ? '0' : '5']);
    expect([result.code, result.out]).toEqual([code, expect.stringContaining(words)]);
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({ reason: 'It is over.' });
  });

  test('is not waited for with --no-wait', async () => {
    answering('pending');
    const { code, out } = await node([...terminate, '--yes', '--no-wait', '-o', 'json']);
    expect([code, JSON.parse(out).notice, server.asked.length]).toEqual([0, 'pending', 1]);
  });

  test('shows how it stands, and what stands on it', async () => {
    answering('acknowledged');
    const { out } = await node(['agreement', 'show', 'urn:a']);
    expect(out).toMatch(/^state +terminated$/m);
    expect(out).toMatch(/^ended +2026-11-24 08:00.*, terminated by the provider: It is over\.$/m);
    expect(out).toMatch(/^expires +2027-11-23/m);
    const listed = (await node(['agreement', 'dependants', 'urn:a'])).out;
    expect(listed).toMatch(/^superseded by +urn:b$/m);
    expect(listed).toMatch(/^transfers +1 STARTED, 3 TERMINATED$/m);
    expect(listed).toMatch(/^receipts +17$/m);
    expect(listed).toContain('\nEnds with it\n  transfer urn:t STARTED\n');
  });

  test('is renewed by a negotiation about the same dataset, for the same purpose', async () => {
    const opened = {
      id: 'urn:m',
      state: 'FINALIZED',
      pending: null,
      agreementId: 'urn:b',
      counterparty: 'did:web:b.example',
    };
    server.respond = routes({
      'GET /agreements/urn%3Aa': { body: base },
      'POST /negotiations': { status: 201, body: opened },
      'GET /negotiations/urn%3Am': { body: opened },
    });
    expect(await node(['agreement', 'renew', 'urn:a'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('Agreed with did:web:b.example: urn:b'),
    });
    expect(JSON.parse(server.asked[1]?.body ?? '')).toEqual({
      counterparty: 'did:web:b.example',
      datasetId: 'd',
      purpose: base.purpose,
      supersedes: 'urn:a',
    });
  });
});

describe('pulling', () => {
  const pulled = { path: '/d/x.parquet', format: 'parquet', bytes: 2048, rows: 7, digest: 'sha-256:a' };

  test.each<[string, object, number, string]>([
    ['equal', { providerDigest: 'sha-256:a', matches: true }, 0, 'The digest is the one that the provider states.'],
    ['different', { providerDigest: 'sha-256:b', matches: false }, 1, 'do not use the file'],
    ['absent', { providerDigest: null, matches: false }, 0, 'The provider states no digest'],
  ])('with a digest that is %s', async (_name, facts, code, text) => {
    server.respond = routes({ 'POST /transfers/t/pull': { body: { ...pulled, ...facts } } });
    const result = await node(['transfer', 'pull', 't', '--format', 'parquet']);
    expect([result.code, result.out]).toEqual([code, expect.stringContaining(text)]);
  });
});

describe('documents', () => {
  test('of an audit go out byte by byte, whatever output is asked for', async () => {
    const body = '{"b":1,"a":"\u009b"}';
    server.respond = routes({ 'GET /audits/x/report': { body }, 'GET /audits/x/credential': { body: '{"proof":{}}' } });
    expect((await node(['audit', 'report', 'x'])).out).toBe(body);
    expect((await node(['audit', 'report', 'x', '--credential', '-o', 'json'])).out).toBe('{"proof":{}}');
  });

  test('of the ledger are asked for from the saved size on', async () => {
    folder.file('monday.checkpoint', 'did:web:a.example\n12\nAAAA\n\n— did:web:a.example Zm9v\n');
    server.respond = routes({ 'GET /ledger/consistency/12': { body: { proof: [], checkpoint: 'c' } } });
    expect(JSON.parse((await node(['ledger', 'checkpoint', '--since', 'monday.checkpoint'])).out)).toEqual({
      proof: [],
      checkpoint: 'c',
    });
  });
});

test.each([
  [['dataset', 'add'], /either a file or URL, or a hosted model with --model/],
  [['dataset', 'add', '--model', 'urn:m'], /An inference service needs a --title/],
  [['model', 'add', 'm.onnx'], /give --name, --model-version, --intended-use, or --card/],
  [['model', 'add', 'm.onnx', '--name', 'm', '--model-version', '1'], /give --intended-use, or --card/],
])('hansa %j says what to add before it asks the node', async (args, message) => {
  const { code, err } = await node(args);
  expect([code, server.asked]).toEqual([2, []]);
  expect(err).toMatch(message);
});

describe('deliveries', () => {
  test('that failed are listed, sent again and withdrawn', async () => {
    const message = {
      id: '17',
      type: 'ContractAgreementMessage',
      processId: 'urn:n',
      counterparty: 'did:web:b.example',
      createdAt: '2026-11-23T08:00:00Z',
      lastError: 'http.unreachable: b.example',
    };
    server.respond = routes({
      'GET /deliveries/dead': { body: { items: [message] } },
      'POST /deliveries/dead/17/redrive': { body: { redriven: 1 } },
      'POST /deliveries/dead/redrive': { body: { redriven: 0 } },
      'DELETE /deliveries/dead/17': { status: 204 },
    });
    expect((await node(['delivery', 'list'])).out).toMatch(/17 {2}ContractAgreementMessage {2}did:web:b.example/);
    expect((await node(['delivery', 'redrive', '17'])).out).toMatch(/^Sent again: 1/);
    expect((await node(['delivery', 'redrive', '--all'])).out).toBe('There was nothing to send again.\n');
    expect((await node(['delivery', 'withdraw', '17', '--yes'])).out).toMatch(/^Withdrawn: 17/);
  });

  test.each([[[]], [['17', '--all']]])('are sent again one or all, not %j', async (args) => {
    expect(await node(['delivery', 'redrive', ...args])).toMatchObject({ code: 2, out: '' });
    expect(server.asked).toEqual([]);
  });

  test('that wait show who cannot be reached', async () => {
    const times = { since: '2026-11-23T08:00:00Z', until: '2026-11-23T08:00:30Z' };
    const outage = { counterparty: 'did:web:b.example', failures: 7, lastError: 'http.timeout: b.example', ...times };
    server.respond = routes({ 'GET /deliveries/outages': { body: { items: [outage] } } });
    expect((await node(['delivery', 'outages'])).out).toMatch(/did:web:b\.example .* 7 .*http\.timeout/);
    server.respond = routes({ 'GET /deliveries/outages': { body: { items: [] } } });
    expect((await node(['delivery', 'outages'])).out).toMatch(/^Every counterparty can be reached/);
  });
});

describe('deciding', () => {
  const base = {
    id: 'urn:n',
    role: 'provider',
    counterparty: 'did:web:b.example',
    datasetId: 'd',
    purpose: null,
    decision: null,
    createdAt: '2026-11-23T08:00:00Z',
    updatedAt: '2026-11-23T08:00:00Z',
  };
  const held = {
    who: 'us',
    code: 'other-terms',
    text: 'The end is too late.',
    since: '2026-11-23T08:00:00Z',
    deadline: '2026-11-26T08:00:00Z',
    approvals: { needed: 2, given: [{ by: 'Ann', at: '2026-11-23T08:00:00Z' }] },
  };
  const waitingForUs = { ...base, state: 'REQUESTED', pending: null, awaiting: held };
  const them = { who: 'them', code: 'answer', text: 'It has to answer.', since: '', deadline: null };

  test('list asks for what waits, and shows for whom', async () => {
    server.respond = routes({ 'GET /negotiations?limit=50&awaiting=us': { body: { items: [waitingForUs] } } });
    expect((await node(['negotiation', 'list', '--awaiting', 'us'])).out).toMatch(/REQUESTED {2}provider {2}us /);
    expect((await node(['negotiation', 'list', '--awaiting', 'me'])).code).toBe(2);
  });

  test('show says who must act, why, by when, and who has approved; and what is on the table', async () => {
    const body = { ...waitingForUs, unasked: false, sentences: ['Whoever asks may use the data until 2030.'] };
    server.respond = routes({ 'GET /negotiations/urn%3An': { body } });
    const { out } = await node(['negotiation', 'show', 'urn:n']);
    for (const line of [
      /^waits for +somebody at this node$/m,
      /^why +The end is too late\.$/m,
      /^decide by +2026-11-26/m,
      /^approvals +1 of 2: Ann$/m,
      /^ {2}Whoever asks may use the data until 2030\.$/m,
    ])
      expect(out).toMatch(line);
  });

  test('show says who has ended it, by which code and why', async () => {
    const termination = { by: 'provider', code: 'negotiation.expired', reason: ['Nobody has decided.'] };
    server.respond = routes({
      'GET /negotiations/urn%3An': {
        body: { ...base, state: 'TERMINATED', pending: null, awaiting: null, termination },
      },
    });
    const { out } = await node(['negotiation', 'show', 'urn:n']);
    expect(out).toMatch(/^ended by +this node$/m);
    expect(out).toMatch(/^code +negotiation\.expired$/m);
    expect(out).toContain('was terminated by this node: Nobody has decided.');
  });

  test.each([
    ['approve', 'AGREED'],
    ['agree', 'AGREED'],
    ['accept', 'ACCEPTED'],
  ])('%s waits until the other side has it', async (verb, state) => {
    const sent = { ...base, state: 'REQUESTED', pending: 'SomeMessage', awaiting: them };
    server.respond = routes({
      [`POST /negotiations/urn%3An/${verb}`]: { body: sent },
      'GET /negotiations/urn%3An': { body: { ...base, state, pending: null, awaiting: them } },
    });
    const { code, out } = await node(['negotiation', verb, 'urn:n']);
    expect([code, out.split('\n')[0]]).toEqual([0, expect.stringContaining(`The negotiation is ${state}`)]);
  });

  test('approve of the first of two ends at once and says that another must', async () => {
    server.respond = routes({
      'POST /negotiations/urn%3An/approve': { body: waitingForUs },
      'GET /negotiations/urn%3An': { body: waitingForUs },
    });
    const { code, out } = await node(['negotiation', 'approve', 'urn:n']);
    expect([code, out]).toEqual([0, expect.stringContaining('waits for somebody at this node: The end is too late.')]);
  });

  test('approve can be of the terms that were read, and no others', async () => {
    server.respond = routes({ 'POST /negotiations/urn%3An/approve': { body: waitingForUs } });
    await node(['negotiation', 'approve', 'urn:n', '--terms', 'sha-256:x', '--no-wait']);
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({ terms: 'sha-256:x' });
  });

  test('approve of what the other side refuses ends with exit code 1', async () => {
    const refused = { ...waitingForUs, awaiting: { ...held, code: 'peer.refused', text: 'It refused our message.' } };
    server.respond = routes({
      'POST /negotiations/urn%3An/approve': { body: { ...waitingForUs, pending: 'SomeMessage' } },
      'GET /negotiations/urn%3An': { body: refused },
    });
    const { code, out } = await node(['negotiation', 'approve', 'urn:n']);
    expect([code, out]).toEqual([1, expect.stringContaining('It refused our message.')]);
  });

  test('offers send a policy out of a file, within a negotiation or to somebody who has not asked', async () => {
    folder.file('terms.json', { '@type': 'Set', permission: [{ action: 'use' }] });
    const sent = { ...base, state: 'INITIAL', pending: 'ContractOfferMessage', awaiting: them };
    server.respond = routes({
      'POST /negotiations/urn%3An/offer': { body: sent },
      'POST /negotiations/offers': { body: sent, status: 201 },
    });
    await node(['negotiation', 'offer', 'urn:n', '--policy', 'terms.json', '--no-wait']);
    const rules = ['--hold', '--approvals', '2', '--decide-within', 'P3D', '--bounds', 'terms.json'];
    const to = ['did:web:b.example', 'd', '--policy', 'terms.json', '--no-wait'];
    await node(['negotiation', 'offer-to', ...to, ...rules]);
    const policy = { '@type': 'Set', permission: [{ action: 'use' }] };
    expect(server.asked.map(({ body }) => JSON.parse(body ?? ''))).toEqual([
      { policy },
      {
        counterparty: 'did:web:b.example',
        datasetId: 'd',
        policy,
        negotiation: { repeated: 'hold', approvals: 2, decideWithin: 'P3D', bounds: { policy } },
      },
    ]);
  });

  test('refuse tells the reason', async () => {
    server.respond = routes({
      'POST /negotiations/urn%3An/refuse': { body: { ...base, state: 'REQUESTED', pending: 'SomeMessage' } },
      'GET /negotiations/urn%3An': { body: { ...base, state: 'TERMINATED', pending: null } },
    });
    const { code, out } = await node(['negotiation', 'refuse', 'urn:n', '--reason', 'Too wide.', '--yes']);
    expect([code, out]).toEqual([0, 'The negotiation is TERMINATED; did:web:b.example has acknowledged it.\n']);
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({ reason: 'Too wide.' });
  });

  test('rules of an offer: bounds by a parameter of its template', async () => {
    const offer = { id: 'urn:o', datasetId: 'd', sentences: [] };
    server.respond = routes({ 'POST /offers': { status: 201, body: offer } });
    const terms = ['--template', 'time-limited', '--set', 'until=2026-12-31'];
    await node(['offer', 'add', 'd', ...terms, '--bound', 'until=2027-12-31', '--other-terms', 'counter']);
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({
      datasetId: 'd',
      template: { name: 'time-limited', parameters: { until: '2026-12-31' } },
      negotiation: {
        otherTerms: 'counter',
        bounds: { template: { name: 'time-limited', parameters: { until: '2027-12-31' } } },
      },
    });
    folder.file('own.json', {});
    const { code, err } = await node(['offer', 'add', 'd', '--policy', 'own.json', '--bound', 'until=2027-12-31']);
    expect([code, err]).toEqual([2, expect.stringContaining('--bound changes a parameter of a --template')]);
  });
});

test('people get a token that is shown once, and lose it', async () => {
  server.respond = routes({
    'POST /people': { status: 201, body: { name: 'Ann', token: 'hansa_person_x' } },
    'GET /people': { body: { items: [{ name: 'Ann', admittedAt: '2026-11-23T08:00:00Z' }] } },
    'DELETE /people/Ann': { status: 204 },
  });
  expect((await node(['person', 'admit', 'Ann'])).out).toMatch(/^hansa_person_x\n\nThis is the token of Ann/);
  expect((await node(['person', 'list'])).out).toMatch(/Ann {3}2026-11-23/);
  expect((await node(['person', 'remove', 'Ann', '--yes'])).out).toMatch(/^Removed: Ann\./);
});
