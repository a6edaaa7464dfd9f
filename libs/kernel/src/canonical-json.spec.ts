import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from './index.js';

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

  test('keeps the order also of members that JavaScript puts first, or takes for something else', () => {
    const value = JSON.parse('{"b":[{"10":1,"9":{"z":1,"a":2},"a":[]}],"__proto__":{"x":1},"a":{}}');
    expect(canonicalJson(value)).toBe('{"__proto__":{"x":1},"a":{},"b":[{"10":1,"9":{"a":2,"z":1},"a":[]}]}');
  });

  test('is the text that the rules of RFC 8785 give, applied one by one', () => {
    const names = fc.oneof(fc.string(), fc.constantFrom('1', '10', '9', '-1', '01', 'constructor', 'toJSON'));
    const { value: any } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue(),
        fc.array(tie('value')),
        fc.dictionary(names, tie('value')),
      ),
    }));
    fc.assert(fc.property(any, (value) => expect(canonicalJson(value)).toBe(byTheRules(value))));
  });

  test('leaves out members that are undefined, and throws for undefined items', () => {
    expect(canonicalJson({ b: undefined, a: 1, '1': undefined })).toBe('{"a":1}');
    expect(() => canonicalJson([undefined])).toThrow(TypeError);
    expect(() => canonicalJson({ '\ud800': 1 })).toThrow(TypeError);
  });
});

function byTheRules(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(byTheRules).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${byTheRules(member)}`).join(',')}}`;
}
