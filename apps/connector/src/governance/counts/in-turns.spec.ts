import type { Steps } from '@hansa/fair';
import { describe, expect, test } from '@jest/globals';
import { inTurns } from './in-turns.js';

/** Works for so many milliseconds in steps of about one. */
function* work(milliseconds: number): Steps<string> {
  for (const end = performance.now() + milliseconds; performance.now() < end; ) {
    for (const step = performance.now() + 1; performance.now() < step; );
    yield;
  }
  return 'done';
}

describe('a long computation in turns', () => {
  test('lets others have their turn in between, and gives its result', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    expect(await inTurns(work(120), new AbortController().signal)).toBe('done');
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });

  test('ends between two turns when it is interrupted', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('the node is stopping')), 20);
    await expect(inTurns(work(60_000), stop.signal)).rejects.toThrow('the node is stopping');
  });
});
