import { describe, expect, test } from '@jest/globals';
import { checkTarget } from './request-guard.js';

describe('the target of a request', () => {
  test.each([
    ['/', ['Host', 'a']],
    ['*', ['Host', 'a']],
    ['/a?b=%2500', ['host', 'a', 'x-host', 'b']],
    // A value that looks like the name of the header is none.
    ['/a', ['Host', 'host', 'Via', 'host']],
  ])('%s with %j is accepted', (url, headers) => {
    expect(checkTarget(url, headers)).toBeNull();
  });

  test.each([
    ['/', ['Host', 'a', 'host', 'b'], /Host/],
    ['http://elsewhere/', ['Host', 'a'], /path/],
    ['', ['Host', 'a'], /path/],
    ['/a%00b', ['Host', 'a'], /U\+0000/],
    ['/a?after=%00', ['Host', 'a'], /U\+0000/],
  ])('%s with %j is refused', (url, headers, detail) => {
    expect(checkTarget(url, headers)).toMatchObject({
      kind: 'request.invalid',
      detail: expect.stringMatching(detail),
    });
  });
});
