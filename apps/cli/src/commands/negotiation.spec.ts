import { describe, expect, test } from '@jest/globals';
import { playedNode } from '../testing/index.js';

const { folder, node, routes, server } = playedNode();

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
