import { describe, expect, test } from '@jest/globals';
import { maxJsonDepth, must, parseJson } from './index.js';

describe('parseJson', () => {
  test('reads ordinary JSON', () => {
    expect(must(parseJson('{"a":[1,"]",{"b":null}]}'))).toEqual({ a: [1, ']', { b: null }] });
  });

  test('accepts the deepest nesting allowed and refuses one level more', () => {
    const nested = (n: number) => '['.repeat(n) + ']'.repeat(n);
    expect(parseJson(nested(maxJsonDepth)).ok).toBe(true);
    expect(parseJson(nested(maxJsonDepth + 1))).toMatchObject({ ok: false, problem: { kind: 'json.too-deep' } });
  });

  test('refuses five million brackets without recursing', () => {
    expect(parseJson('['.repeat(5_000_000))).toMatchObject({ ok: false, problem: { kind: 'json.too-deep' } });
  });

  test('does not count brackets inside strings, also behind escaped quotes', () => {
    expect(parseJson(JSON.stringify('"'.concat('['.repeat(500)))).ok).toBe(true);
  });

  test.each(['{"__proto__":{"x":1}}', '{"a":{"constructor":{"prototype":{}}}}'])('refuses %s', (text) => {
    expect(parseJson(text)).toMatchObject({ ok: false, problem: { kind: 'json.forbidden-key' } });
  });

  test.each(['"a\\u0000b"', '["\\ud800"]', '{"a":{"b":"\\udc00\\ud800"}}', '{"\\u0000":1}'])('refuses %s', (text) => {
    expect(parseJson(text)).toMatchObject({ ok: false, problem: { kind: 'json.forbidden-character' } });
  });

  test.each(['', '{', 'nul', '{"a":1,}'])('refuses %j as malformed', (text) => {
    expect(parseJson(text)).toMatchObject({ ok: false, problem: { kind: 'json.malformed' } });
  });
});
