import type { Did } from '@hansa/kernel';
import { FixedClock } from '@hansa/kernel/testing';
import { describe, expect, test } from '@jest/globals';
import { RefusalAllowance } from './refusal-allowance.js';

const peer: Did = 'did:web:peer.example';
const another: Did = 'did:web:another.example';
const minute = 60_000;

describe('the allowance for refusals in the ledger', () => {
  const setUp = () => {
    const clock = new FixedClock(new Date('2026-06-01T12:00:00Z'));
    return { clock, allowance: new RefusalAllowance(clock) };
  };
  const taken = (allowance: RefusalAllowance, tries: number, of = peer) =>
    Array.from({ length: tries }, () => allowance.take(of)).filter((skipped) => skipped !== null);

  test('records 200 at once, for each counterparty', () => {
    const { allowance } = setUp();
    expect([taken(allowance, 500).length, taken(allowance, 500, another).length]).toEqual([200, 200]);
  });

  test('then one a minute, which says how many were not recorded before it', () => {
    const { clock, allowance } = setUp();
    taken(allowance, 207);
    clock.advance(minute - 1);
    expect(allowance.take(peer)).toBeNull();
    clock.advance(1);
    expect([allowance.take(peer), allowance.take(peer)]).toEqual([8, null]);
    clock.advance(minute);
    expect(allowance.take(peer)).toBe(1);
  });

  test('fills to 200 again, and not further', () => {
    const { clock, allowance } = setUp();
    taken(allowance, 200);
    clock.advance(1_000 * minute);
    expect(taken(allowance, 1_000)).toHaveLength(200);
  });

  test('a day of a flood comes to 1,640 entries, and no refusal is left uncounted', () => {
    const { clock, allowance } = setUp();
    let [entries, counted] = [0, 0];
    for (let second = 0; second <= 24 * 3_600; second++) {
      for (const skipped of taken(allowance, 10)) {
        entries++;
        counted += 1 + skipped;
      }
      clock.advance(1_000);
    }
    clock.advance(minute);
    counted += 1 + (allowance.take(peer) ?? 0);
    expect([entries, counted]).toEqual([200 + 24 * 60, 10 * (24 * 3_600 + 1) + 1]);
  });

  test('takes back what was not written', () => {
    const { allowance } = setUp();
    taken(allowance, 199);
    allowance.giveBack(peer, allowance.take(peer) ?? 0);
    expect([allowance.take(peer), allowance.take(peer)]).toEqual([0, null]);
  });

  test('forgets counterparties that have nothing to be remembered, and no others', () => {
    const { clock, allowance } = setUp();
    taken(allowance, 300);
    for (let n = 0; n < 5_000; n++) {
      allowance.take(`did:web:n${n}.example`);
      clock.advance(1_000);
    }
    expect(allowance.take(peer)).toBe(100);
  });
});
