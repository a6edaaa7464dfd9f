import { describe, expect, test } from '@jest/globals';
import { playedNode } from '../testing/index.js';

const { folder, node, routes, server } = playedNode();

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

  const [ghent, bruges] = ['did:web:ghent.example', 'did:web:bruges.example'];
  const command = ['audit', 'federate', '--plan', 'plan.json', '--city', 'urn:a', '--city', 'urn:b', '--label', 'y'];

  test('for an audit of several cities asks each for the same counts, shows how far each is, and names who gave none', async () => {
    folder.file('plan.json', { attributes: ['sex'] });
    const head = { id: 'urn:f', modelId: null, datasetId: 'd e' };
    const received = { counterparty: ghent, status: 'received', rows: 1500 };
    const looks = slowly(
      {
        ...head,
        status: 'running',
        cities: [received, { counterparty: bruges, status: 'counting', done: 10, total: 20 }],
      },
      {
        ...head,
        status: 'done',
        verdict: 'pass',
        cities: [received, { counterparty: bruges, status: 'refused', problem: { detail: 'Too few rows.' } }],
      },
    );
    server.respond = routes({
      'POST /federated-audits': { status: 202, body: { ...head, status: 'queued', cities: [] } },
      'GET /federated-audits/urn%3Af': looks,
    });
    const decided = ['--prediction', 'risk', '--positive-prediction', 'Medium,High', '--minimum-cities', '1'];
    const { code, out, err } = await node([...command, ...decided], { live: true });
    expect(code).toBe(0);
    expect(err).toContain(`${ghent} has counted 1 500 rows; ${bruges} counts: 10 of 20 rows …`);
    expect(out).toContain(`Cities\n  ${ghent} has counted 1 500 rows\n  ${bruges} gave no counts: Too few rows.\n`);
    const decision = { column: 'risk', positive: ['Medium', 'High'] };
    const asked = { label: { column: 'y' }, decision, where: [] };
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({
      plan: { attributes: ['sex'] },
      cities: [
        { agreementId: 'urn:a', ...asked },
        { agreementId: 'urn:b', ...asked },
      ],
      minimumCities: 1,
      waitSeconds: 3600,
    });
  });

  test('for an audit of several cities needs to know whose decisions it is about', async () => {
    folder.file('plan.json', {});
    const { code, err } = await node(command);
    expect(code).toBe(2);
    expect(err).toContain('either --prediction or --model');
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

  test('a finding is answered by the beginning of its digest, and only when that names one', async () => {
    const finding = (digest: string) => ({
      finding: digest,
      severity: 'high',
      text: 'Harm.',
      state: 'open',
      owner: null,
      due: null,
      reason: null,
      evidence: null,
      isOverdue: true,
    });
    const items = [finding('sha-256:aa1'), finding('sha-256:ab2')];
    server.respond = routes({
      'GET /audits/x/findings': { body: { items } },
      'PUT /audits/x/findings/sha-256%3Aab2': { body: { items } },
    });
    expect((await node(['audit', 'findings', 'x'])).out).toMatch(/sha-256:aa1 +high +open, overdue/);
    const answered = await node(['audit', 'answer', 'x', 'ab', '--owner', 'Head of Stations', '--due', '2026-12-23']);
    expect([answered.code, JSON.parse(server.asked.at(-1)?.body ?? '')]).toEqual([
      0,
      { owner: 'Head of Stations', due: '2026-12-23' },
    ]);
    const unclear = await node(['audit', 'answer', 'x', 'a', '--state', 'open']);
    expect([unclear.code, unclear.err]).toEqual([2, expect.stringContaining('2 findings begin with a')]);
  });

  test('of another party are counter-signed, and a counter-signature is taken in', async () => {
    folder.file('credential.json', { id: 'urn:c' });
    folder.file('report.json', { type: 'AuditReport' });
    folder.file('findings.json', { items: [{ finding: 'sha-256:a' }] });
    server.respond = routes({
      'POST /audits/countersign': { body: { id: 'urn:c', proof: [{}, {}] } },
      'POST /audits/x/countersignatures': { body: { signers: ['did:web:hamburg.example'] } },
    });
    const args = ['audit', 'countersign', 'credential.json', '--report', 'report.json', '--findings', 'findings.json'];
    expect(JSON.parse((await node(args)).out)).toEqual({ id: 'urn:c', proof: [{}, {}] });
    expect(JSON.parse(server.asked.at(-1)?.body ?? '')).toEqual({
      credential: { id: 'urn:c' },
      report: { type: 'AuditReport' },
      answers: [{ finding: 'sha-256:a' }],
    });
    const taken = await node(['audit', 'countersign', 'x', '--signature', 'credential.json']);
    expect(taken.out).toBe('Counter-signed by did:web:hamburg.example.\n');
    expect((await node(['audit', 'countersign', 'credential.json'])).code).toBe(2);
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
