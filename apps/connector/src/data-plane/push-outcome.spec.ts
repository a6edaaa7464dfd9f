import { type HttpProblem, peerText } from '@hansa/platform';
import { describe, expect, test } from '@jest/globals';
import type { Push } from '../transfer/index.js';
import { answered, notGranted, settle, unanswered } from './push-outcome.js';
import type { StoredRepresentation } from './representations.js';

const now = new Date('2026-11-23T12:00:00Z');
const retry = ({ failures }: { failures: number }) => (failures > 3 ? null : 1000 * failures);
const stored: StoredRepresentation = {
  file: '/f',
  format: 'csv',
  digest: `sha-256:${'0'.repeat(64)}`,
  bytes: 9,
  rows: 2,
};
const push: Push = {
  transferId: 't',
  run: 4,
  dueAt: now,
  failures: 0,
  failingSince: null,
  problem: null,
  deliveries: 0,
  delivered: null,
};
const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe('the answer of a sink', () => {
  test.each([200, 201, 204])('%d: the data have arrived', (status) => {
    expect(answered(status, stored, null)).toMatchObject({ kind: 'delivered', isNew: true });
  });
  test.each([408, 409, 425, 429, 500, 503])('%d: not now', (status) => {
    expect(answered(status, stored, null)).toEqual({
      kind: 'later',
      problem: `The sink answered with status ${status}.`,
    });
  });
  test.each([400, 401, 403, 404, 413, 415])('%d: never', (status) => {
    expect(answered(status, stored, null)).toMatchObject({ kind: 'ended', code: 'push.refused' });
  });
});

test.each<[HttpProblem['kind'], string]>([
  ['http.address-refused', 'ended'],
  ['http.redirect-refused', 'ended'],
  ['http.timeout', 'later'],
  ['http.unreachable', 'later'],
  ['http.cut-off', 'later'],
  ['http.aborted', 'void'],
])('no answer because of %s: %s, and the consumer is not told what this node found', (kind, expected) => {
  const outcome = unanswered({ kind, detail: '10.0.0.7:22 refused the connection' } as HttpProblem);
  expect(outcome.kind).toBe(expected);
  expect(JSON.stringify(outcome)).not.toContain('10.0.0.7');
  if (expected !== 'void') expect(JSON.stringify(outcome)).toContain(peerText);
});

test('what a policy does not permit pauses, what is gone ends, and anything else is tried again', () => {
  expect(notGranted({ kind: 'data.denied', detail: 'why' })).toEqual({
    kind: 'paused',
    code: 'policy.denied',
    reason: 'why',
  });
  expect(notGranted({ kind: 'data.gone', detail: 'why' })).toMatchObject({ kind: 'ended', code: 'data.gone' });
  expect(notGranted({ kind: 'http.timeout', detail: 'status list at 10.0.0.1' })).toMatchObject({
    kind: 'later',
    problem: expect.not.stringContaining('10.0.0.1'),
  });
});

describe('after a turn', () => {
  test('finite data complete the transfer, and others are looked at again', () => {
    const facts = { digest: stored.digest, bytes: 9, rows: 2, format: 'csv' };
    const finite = settle({ ...push, failures: 2, problem: 'x' }, answered(200, stored, null), retry, now);
    expect(finite).toMatchObject({
      next: { dueAt: null, failures: 0, problem: null, deliveries: 1, delivered: facts },
      intent: { move: 'completion' },
      entry: facts,
    });
    const changing = settle(push, answered(200, stored, 30), retry, now);
    expect(changing).toMatchObject({ next: { dueAt: inSeconds(30), deliveries: 1 }, intent: null, entry: facts });
  });

  test('data that the sink has are neither counted nor recorded again', () => {
    const known = { ...push, deliveries: 3, delivered: { ...stored, at: 'then' } };
    const outcome = { kind: 'delivered', stored, isNew: false, every: 30 } as const;
    expect(settle(known, outcome, retry, now)).toMatchObject({
      next: { dueAt: inSeconds(30), deliveries: 3, delivered: { at: 'then' } },
      intent: null,
      entry: null,
    });
  });

  test('a failure is tried again with growing pauses, then the transfer is suspended with the reason', () => {
    let at: Push = push;
    const dues: (Date | null)[] = [];
    let intent: unknown = null;
    for (let turn = 0; turn < 4; turn++) {
      const settled = settle(at, { kind: 'later', problem: 'The sink answered with status 500.' }, retry, now);
      at = { ...at, ...settled.next };
      dues.push(settled.next.dueAt);
      intent = settled.intent;
    }
    expect(dues).toEqual([inSeconds(1), inSeconds(2), inSeconds(3), null]);
    expect(at).toMatchObject({ failures: 4, failingSince: now });
    expect(intent).toMatchObject({
      move: 'suspension',
      code: 'push.failed',
      reason: ['The sink answered with status 500.', expect.stringContaining('after 4 attempts')],
    });
  });

  test('what ended or is not permitted is said to the consumer', () => {
    expect(settle(push, { kind: 'ended', code: 'c', reason: 'r' }, retry, now)).toMatchObject({
      next: { dueAt: null, problem: 'r' },
      intent: { move: 'termination', code: 'c', reason: ['r'] },
    });
    expect(settle(push, { kind: 'paused', code: 'c', reason: 'r' }, retry, now).intent).toMatchObject({
      move: 'suspension',
    });
    expect(settle(push, { kind: 'void' }, retry, now)).toMatchObject({ intent: null, entry: null });
  });
});
