import { gunzipSync, gzipSync } from 'node:zlib';
import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createStatusList, decodeStatusList, encodeStatusList, statusAt, statusListSize, withStatus } from './index.js';

describe('status lists', () => {
  // Bitstring Status List 1.0, example of a BitstringStatusListCredential.
  test('the list of the specification has 131,072 clear bits', () => {
    const list = must(decodeStatusList('uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA'));
    expect(Buffer.from(list).equals(Buffer.from(createStatusList()))).toBe(true);
    expect(list.length * 8).toBe(statusListSize);
  });

  test('bit 0 is the leftmost bit of the first byte', () => {
    expect(withStatus(createStatusList(), 0, true)[0]).toBe(0b1000_0000);
    expect(withStatus(createStatusList(), 15, true)[1]).toBe(0b0000_0001);
  });

  test('what is set is set after a round trip, and nothing else is', () => {
    let set = 0;
    let cleared = 0;
    const change = fc.tuple(fc.nat(statusListSize - 1), fc.boolean());
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const model = new Map<number, boolean>();
        let list = createStatusList();
        for (const [index, value] of changes) {
          list = withStatus(list, index, value);
          model.set(index, value);
        }
        const decoded = must(decodeStatusList(encodeStatusList(list)));
        const expected = [...model.values()].filter(Boolean).length;
        for (const [index, value] of model) expect(statusAt(decoded, index)).toBe(value);
        expect(decoded.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)).toBe(expected);
        set += expected;
        cleared += model.size - expected;
      }),
    );
    expect(Math.min(set, cleared)).toBeGreaterThan(100);
  });

  test('a change leaves the old list as it was', () => {
    const list = createStatusList();
    withStatus(list, 7, true);
    expect(statusAt(list, 7)).toBe(false);
  });

  test.each([-1, statusListSize, 1.5, Number.NaN])('there is no bit %p', (index) => {
    expect(() => withStatus(createStatusList(), index, true)).toThrow(RangeError);
    expect(statusAt(createStatusList(), statusListSize)).toBeUndefined();
  });

  test('either base64 alphabet is read, with or without the multibase letter', () => {
    const noise = Uint8Array.from({ length: 2048 }, (_, i) => (i * 73 + (i >> 3) * 31) & 255);
    const packed = gzipSync(noise);
    expect(packed.toString('base64')).toMatch(/[+/]/);
    for (const text of [packed.toString('base64'), packed.toString('base64url')])
      for (const prefix of ['', 'u']) expect(must(decodeStatusList(prefix + text))).toEqual(gunzipSync(packed));
  });

  test('a bomb of 64 MiB is stopped without unpacking it', () => {
    const bomb = `u${gzipSync(Buffer.alloc(64 * 1024 * 1024)).toString('base64url')}`;
    const before = process.memoryUsage().rss;
    expect(decodeStatusList(bomb)).toMatchObject({ ok: false, problem: { kind: 'status.list-invalid' } });
    expect(process.memoryUsage().rss - before).toBeLessThan(20 * 1024 * 1024);
  });

  test.each([undefined, 7, '', 'u', 'z6Mk', 'u!!', 'uAAAA', 'no gzip'])('refuses %p', (encoded) => {
    expect(decodeStatusList(encoded)).toMatchObject({ ok: false, problem: { kind: 'status.list-invalid' } });
  });
});
