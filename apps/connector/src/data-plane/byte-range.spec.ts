import { describe, expect, test } from '@jest/globals';
import { byteRange } from './byte-range.js';

describe('byteRange', () => {
  test.each([
    ['bytes=0-0', 0, 0],
    ['bytes=500-', 500, 999],
    ['bytes=0-5000', 0, 999],
    ['bytes=-1', 999, 999],
    ['bytes=-5000', 0, 999],
    ['bytes=999-999', 999, 999],
  ])('reads %s of 1000 bytes', (header, first, last) => {
    expect(byteRange(header, 1000)).toEqual({ kind: 'part', first, last });
  });

  test.each(['bytes=1000-', 'bytes=1000-2000', 'bytes=-0'])('cannot satisfy %s of 1000 bytes', (header) => {
    expect(byteRange(header, 1000)).toEqual({ kind: 'unsatisfiable' });
  });

  test.each([undefined, '', 'bytes=', 'bytes=-', 'bytes=5-2', 'bytes=0-1,3-4', 'items=0-1', 'bytes=a-b', 'bytes=1e3-'])(
    'sends the whole for %p',
    (header) => {
      expect(byteRange(header, 1000)).toEqual({ kind: 'whole' });
    },
  );
});
