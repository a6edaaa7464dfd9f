import { describe, expect, test } from '@jest/globals';
import { playedNode } from '../testing/index.js';

const { node, routes, server } = playedNode();

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
