import { createGuardedClient } from '@hansa/platform';
import { afterAll, describe, expect, test } from '@jest/globals';
import { checkCallback } from './callback-address.js';

const strict = createGuardedClient();
const trial = createGuardedClient({ allowLoopback: true, allowInsecure: true });
afterAll(() => Promise.all([strict.close(), trial.close()]));

describe('a callback address', () => {
  test.each(['https://peer.example/dsp', 'https://peer.example:8443', 'https://9.9.9.9/dsp', 'https://[2620:fe::fe]/'])(
    'may be %s: names are looked up when they are called',
    (url) => {
      expect(checkCallback(strict, url)).toEqual({ ok: true, value: null });
    },
  );

  test.each<[string, RegExp]>([
    ['http://peer.example/dsp', /scheme is "http:"; https is required/],
    ['ftp://peer.example/', /scheme/],
    ['file:///etc/passwd', /scheme/],
    ['nowhere', /not an absolute URL/],
    ['https://user:secret@peer.example/', /user name or password/],
    ['https://peer.example/#part', /fragment/],
    [`https://peer.example/${'a'.repeat(2048)}`, /longer than 2048 characters/],
    ['https://localhost/dsp', /this machine/],
    ['https://127.0.0.1/dsp', /not a public address/],
    ['https://10.0.0.1/dsp', /not a public address/],
    ['https://0x0a000001/dsp', /not a public address/],
    ['https://169.254.169.254/latest', /not a public address/],
    ['https://[::ffff:10.0.0.1]/dsp', /not a public address/],
    ['https://[fe80::1]/dsp', /not a public address/],
  ])('may not be %s, and the sender is told why', (url, why) => {
    expect(checkCallback(strict, url)).toMatchObject({
      ok: false,
      problem: { kind: 'callback.refused', detail: expect.stringMatching(why), at: '/callbackAddress' },
    });
  });

  test('may be this machine, over http, where the node may reach it, and no other private address', () => {
    expect(checkCallback(trial, 'http://localhost:7001/dsp').ok).toBe(true);
    expect(checkCallback(trial, 'http://10.0.0.1/dsp').ok).toBe(false);
  });
});
