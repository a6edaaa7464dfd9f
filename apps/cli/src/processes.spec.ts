import type { Json } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import type { Negotiation, Process } from './api.js';
import { reasonsOf, restDetector, standing } from './processes.js';

const process: Process = {
  id: 'urn:uuid:1',
  role: 'consumer',
  counterparty: 'did:web:berlin.example',
  datasetId: 'urn:uuid:2',
  state: 'REQUESTED',
  pending: null,
  createdAt: '2026-11-23T04:05:06.789Z',
  updatedAt: '2026-11-23T04:05:06.789Z',
};

describe('a process is at rest', () => {
  const detector = (clock: { now: number }) =>
    restDetector<Process>(
      ({ state }) => state === 'FINALIZED',
      () => clock.now,
    );

  test.each(['FINALIZED', 'TERMINATED', 'REFUSED'])('at once when it is %s', (state) => {
    expect(detector({ now: 0 })({ ...process, state })).toBe(true);
  });

  test('when nothing is in flight and nothing happened for three seconds', () => {
    const clock = { now: 0 };
    const isAtRest = detector(clock);
    expect(isAtRest(process)).toBe(false);
    clock.now = 2_900;
    expect(isAtRest(process)).toBe(false);
    expect(isAtRest({ ...process, updatedAt: 'later' })).toBe(false);
    clock.now = 5_000;
    expect(isAtRest({ ...process, updatedAt: 'later' })).toBe(false);
    clock.now = 5_900;
    expect(isAtRest({ ...process, updatedAt: 'later' })).toBe(true);
  });

  test('never while a message of ours is in flight', () => {
    const clock = { now: 0 };
    const isAtRest = detector(clock);
    isAtRest({ ...process, pending: 'ContractRequestMessage' });
    clock.now = 60_000;
    expect(isAtRest({ ...process, pending: 'ContractRequestMessage' })).toBe(false);
  });
});

describe('where a process stands', () => {
  test.each<[string, Partial<Negotiation>, string]>([
    ['waits for the other side', {}, 'The negotiation is REQUESTED and waits for did:web:berlin.example.'],
    ['waits for us', { state: 'AGREED' }, 'The negotiation is AGREED and waits for somebody at this node.'],
    [
      'waits for us, and why',
      {
        awaiting: {
          who: 'us',
          code: 'rule',
          text: 'By its rules a person here decides on it.',
          since: '',
          deadline: null,
        },
      },
      'The negotiation is REQUESTED and waits for somebody at this node: By its rules a person here decides on it.',
    ],
    [
      'is not delivered',
      { pending: 'ContractRequestMessage' },
      'The negotiation is REQUESTED; a ContractRequestMessage for did:web:berlin.example is not delivered yet. The node goes on trying.',
    ],
    [
      'was ended by the peer, with its reasons',
      {
        state: 'TERMINATED',
        termination: { by: 'provider', code: 'x', reason: ['The purpose is not allowed.', { text: 'Ask again.' }] },
      },
      'The negotiation was terminated by did:web:berlin.example: The purpose is not allowed. Ask again.',
    ],
    [
      'was ended by us',
      { state: 'TERMINATED', termination: { by: 'consumer', code: null, reason: [] } },
      'The negotiation was terminated by this node, without a reason',
    ],
    [
      'was refused at the door',
      { state: 'REFUSED', detail: 'A membership credential is missing.' },
      'did:web:berlin.example refused the negotiation: A membership credential is missing.',
    ],
    ['is where it should be', { state: 'FINALIZED' }, 'The negotiation is FINALIZED.'],
  ])('%s', (_name, changes, text) => {
    expect(standing('negotiation', { ...process, ...changes })).toBe(text);
  });

  test('reasons are read in every form that peers write them in', () => {
    const reasonsIn = (reason: Json) => reasonsOf({ by: 'provider', code: null, reason });
    expect(reasonsIn('one')).toEqual(['one']);
    expect(reasonsIn([{ '@value': 'two' }, { code: 3 }, null, ''])).toEqual(['two', '{"code":3}']);
    expect(reasonsOf(null)).toEqual([]);
  });
});
