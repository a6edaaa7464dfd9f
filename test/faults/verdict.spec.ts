import type { JsonObject } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { type Entry, histories, toldTwice } from './ledger-story.js';
import type { Told, View } from './side.js';
import { differences, isAtRest, judge, noFindings, type Witness } from './verdict.js';

const told = (id: string, story: string, changes: Partial<Told> = {}): Told => {
  const [state = '', agreementId = ''] = story.split(' ');
  return { id, state, atRest: true, agreementId, story, ...changes };
};
const view = (changes: Partial<View> = {}): View => ({
  negotiations: [told('n1', 'FINALIZED a1'), told('n2', 'TERMINATED  {"by":"consumer"}')],
  transfers: [told('t1', 'STARTED a1')],
  agreements: new Map([['a1', '{"permission":[]}']]),
  agreedTwice: [],
  withoutAgreement: [],
  messagesWaiting: 0,
  messagesGivenUp: 0,
  ...changes,
});
const entry = (kind: string, subjects: readonly string[], data: JsonObject = {}): Entry => ({
  index: 0,
  entry: { kind, subjects, data },
});
const pids = { consumerPid: 'c', providerPid: 'p' };
const provider = [
  entry('negotiation.requested', ['p'], { role: 'provider', decision: null }),
  entry('negotiation.agreed', ['p'], { role: 'provider', state: 'AGREED', message: pids }),
];
const consumer = [
  entry('negotiation.requested', ['c'], { role: 'consumer' }),
  entry('negotiation.requested', ['c'], { role: 'consumer', state: 'REQUESTED', message: { consumerPid: 'c' } }),
  entry('negotiation.agreed', ['c'], { role: 'consumer', state: 'AGREED', message: pids }),
];
const witness = (city: string, entries: readonly Entry[]): Witness => ({
  city,
  toldTwice: () => toldTwice(entries),
  histories: () => histories(entries),
});
const judged = (there: Partial<View>, entries: readonly Entry[] = consumer, seen = new Map<string, string>()) =>
  judge([witness('berlin', provider), witness('bruges', entries)], [view(), view(there)], seen);

describe('what a killed node is judged by', () => {
  test('finds nothing wrong with two sides that agree', () => {
    const seen = new Map<string, string>();
    expect(judged({}, consumer, seen)).toEqual(noFindings());
    expect([...seen.keys()]).toEqual(['a1']);
  });

  test.each<readonly [string, Partial<View>]>([
    ['another state', { negotiations: [told('n1', 'VERIFIED a1'), told('n2', 'TERMINATED  {"by":"consumer"}')] }],
    [
      'another who ended it',
      { negotiations: [told('n1', 'FINALIZED a1'), told('n2', 'TERMINATED  {"by":"provider"}')] },
    ],
    ['a process less', { transfers: [] }],
    ['a process twice', { transfers: [told('t1', 'STARTED a1'), told('t2', 'STARTED a1')] }],
    ['an agreement of other bytes', { agreements: new Map([['a1', '{"permission":[{}]}']]) }],
    ['messages that were given up', { messagesGivenUp: 1 }],
  ])('finds %s', (_, there) => {
    expect(judged(there).divergences).not.toEqual([]);
  });

  test('does not miss whom the other side has refused', () => {
    expect(differences(view(), view({ negotiations: [...view().negotiations, told('n3', 'REFUSED ')] }))).toEqual([]);
  });

  test('finds agreements that are lost, now or since an earlier look', () => {
    expect(judged({ withoutAgreement: ['n1'] }).lostAgreements).toHaveLength(1);
    expect(judged({}, consumer, new Map([['a0', '{}']])).lostAgreements).toHaveLength(2);
    expect(judged({}, consumer, new Map([['a1', '{}']])).lostAgreements).toHaveLength(2);
  });

  test('finds what happened twice', () => {
    expect(judged({ agreedTwice: ['n1'] }).duplicates).toHaveLength(1);
    expect(judged({}, [...consumer, ...consumer.slice(2)]).duplicates).toHaveLength(1);
    const concluded = entry('agreement.concluded', ['a1']);
    expect(toldTwice([concluded, concluded])).toHaveLength(1);
    const moves = ['STARTED', 'SUSPENDED', 'STARTED', 'STARTED'];
    expect(toldTwice(moves.map((state) => entry('transfer.x', ['t'], { role: 'provider', state })))).toHaveLength(1);
  });

  test('finds ledgers that tell different stories', () => {
    expect(judged({}, consumer.slice(0, 2)).divergences).not.toEqual([]);
    expect(histories(consumer)).toEqual(histories(provider));
  });

  test('waits for what is still in flight', () => {
    expect(isAtRest(view())).toBe(true);
    expect(isAtRest(view({ messagesWaiting: 1 }))).toBe(false);
    expect(isAtRest(view({ transfers: [told('t1', 'STARTED a1', { atRest: false })] }))).toBe(false);
  });
});
