import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { didYouMean } from './index.js';

describe('didYouMean', () => {
  const keys = ['database', 'port', 'roles', 'HANSA_PORT'];

  test.each([
    ['databse', 'database'],
    ['prot', 'port'],
    ['ports', 'port'],
    ['Roles', 'roles'],
    ['HANSA_PROT', 'HANSA_PORT'],
    ['xyzzy', null],
    ['', null],
  ])('%j means %j', (word, meant) => {
    expect(didYouMean(word, keys)).toBe(meant);
  });

  test('finds any key behind one typing error', () => {
    let tried = 0;
    fc.assert(
      fc.property(
        fc.constantFrom('database', 'callback', 'timeout'),
        fc.nat(7),
        fc.constantFrom('lost', 'swap'),
        (key, at, how) => {
          const [head, a = '', b = '', tail] = [key.slice(0, at), key[at], key[at + 1], key.slice(at + 2)];
          expect(
            didYouMean(how === 'lost' ? head + b + tail : head + b + a + tail, [...keys, 'callback', 'timeout']),
          ).toBe(key);
          tried++;
        },
      ),
    );
    expect(tried).toBe(100);
  });
});
