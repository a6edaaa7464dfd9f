import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, maxJsonDepth, must, parseJson } from './index.js';

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

describe('canonicalJson', () => {
  test('gives the example of RFC 8785 section 3.2.2', () => {
    const value = {
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test('sorts members by UTF-16 code units, as in RFC 8785 section 3.2.3', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(Object.values(JSON.parse(canonicalJson(value)) as object).sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(canonicalJson(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1n, '\ud800', () => 1])('throws for %p', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  test('keeps any JSON value and does not depend on member order', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
          expect(canonicalJson(Object.fromEntries(Object.entries(value).reverse()))).toBe(text);
        }
      }),
    );
  });
});
