import { describe, expect, test } from '@jest/globals';
import { addDuration, compareValues, type Datatype, readLiteral } from './literals.js';
import { xsdNamespace } from './terms.js';

const read = (text: string, datatype: Datatype) =>
  readLiteral({ value: text, type: xsdNamespace + datatype }, 'string');

describe('readLiteral', () => {
  test.each([
    ['dateTime', '2024-02-30T00:00:00Z'],
    ['dateTime', '2024-02-12T11:20:10'],
    ['dateTime', '2024-02-12T11:20Z'],
    ['dateTime', '2024-02-12T24:00:00Z'],
    ['dateTime', '2024-02-12T11:20:10+15:00'],
    ['dateTime', '2024-02-12 11:20:10Z'],
    ['dateTime', '２０２４-02-12T11:20:10Z'],
    ['date', '2023-02-29'],
    ['date', '2023-2-9'],
    ['duration', 'P'],
    ['duration', 'PT'],
    ['duration', 'P1DT'],
    ['duration', '180D'],
    ['duration', 'P1.5D'],
    ['integer', '5.0'],
    ['integer', '5e3'],
    ['integer', ' 5'],
    ['decimal', '.'],
    ['decimal', ''],
    ['decimal', 'NaN'],
    ['decimal', '1'.repeat(101)],
  ] as const)('does not take a %s from "%s"', (datatype, text) => {
    expect(read(text, datatype)).toBeUndefined();
  });

  test('knows no datatype but its own, also not one that every object has', () => {
    for (const type of [`${xsdNamespace}gYear`, `${xsdNamespace}constructor`, 'dateTime', 'https://x.example/#date'])
      expect(readLiteral({ value: '2024', type }, 'string')).toBeUndefined();
  });

  test('reads a literal without a datatype as the assumed one', () => {
    expect(readLiteral({ value: '5' }, 'integer')).toMatchObject({ kind: 'number' });
    expect(readLiteral({ value: '5' }, 'string')).toEqual({ kind: 'text', text: '5' });
  });
});

describe('compareValues', () => {
  const compare = (type: Datatype, a: string, b: string, otherType = type) => {
    const [left, right] = [read(a, type), read(b, otherType)];
    if (left === undefined || right === undefined) throw new Error(`${a} or ${b} cannot be read`);
    return compareValues(left, right);
  };

  test.each([
    ['dateTime', '2024-02-12T12:00:00+01:00', '2024-02-12T11:00:00Z', 'equal'],
    ['dateTime', '2024-02-12T11:20:10.998Z', '2024-02-12T11:20:10.999Z', 'less'],
    ['decimal', '0.1', '0.10', 'equal'],
    ['decimal', '-0', '0', 'equal'],
    ['decimal', '9007199254740993', '9007199254740992', 'greater'],
    ['integer', '10', '9', 'greater'],
    ['string', '10', '9', 'less'],
    ['duration', 'P1Y', 'P12M', 'equal'],
    ['duration', 'PT24H', 'P1D', 'equal'],
    ['duration', 'P1M', 'P30D', 'incomparable'],
    ['duration', 'P1M', 'P32D', 'less'],
    ['duration', '-P1D', 'PT0S', 'less'],
    ['date', '2024-02-12', '2024-02-13', 'less'],
    ['date', '2024-02-12', '2024-02-12+01:00', 'incomparable'],
  ] as const)('%s: %s against %s is %s', (type, a, b, expected) => {
    expect(compare(type, a, b)).toBe(expected);
  });

  test.each([
    ['2024-02-11T23:59:59.999Z', 'less'],
    ['2024-02-12T00:00:00Z', 'equal'],
    ['2024-02-12T23:59:59.999Z', 'equal'],
    ['2024-02-13T00:00:00Z', 'greater'],
  ])('%s against the day 2024-02-12 is %s', (moment, expected) => {
    expect(compare('dateTime', moment, '2024-02-12', 'date')).toBe(expected);
  });

  test('values of different kinds are incomparable: the text "5" is not the number 5', () => {
    expect(compare('string', '5', '5', 'integer')).toBe('incomparable');
  });
});

describe('addDuration', () => {
  test.each([
    ['2023-01-31T12:00:00Z', 'P1M', '2023-02-28T12:00:00.000Z'],
    ['2024-01-31T12:00:00Z', 'P1M', '2024-02-29T12:00:00.000Z'],
    ['2024-02-29T00:00:00Z', 'P1Y', '2025-02-28T00:00:00.000Z'],
    ['2026-05-27T12:00:00Z', 'P180D', '2026-11-23T12:00:00.000Z'],
    ['2000-01-12T12:13:14Z', 'P1Y3M5DT7H10M3.3S', '2001-04-17T19:23:17.300Z'],
    ['2000-03-31T00:00:00Z', '-P1M', '2000-02-29T00:00:00.000Z'],
  ])('%s plus %s is %s', (moment, text, expected) => {
    const duration = read(text, 'duration');
    if (duration?.kind !== 'duration') throw new Error(`${text} cannot be read`);
    expect(new Date(addDuration(Date.parse(moment), duration)).toISOString()).toBe(expected);
  });
});
