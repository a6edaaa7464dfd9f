import { describe, expect, test } from '@jest/globals';
import { byteSize, count, counted, day, decimal, list, minute, percent, percentInterval, unbroken } from './format.js';

test('a percent sign stays with its number, and no other space is touched', () => {
  expect(unbroken('For 72 % (1 of 2) it is %; 9.5 %.')).toBe('For 72\u00A0% (1 of 2) it is %; 9.5\u00A0%.');
});

const plain = (text: string): string => text.replaceAll('\u00A0', ' ');

describe('numbers and times', () => {
  test.each([
    [count(1234567), '1,234,567'],
    [percent(0.63937), '63.9 %'],
    [percent(1), '100.0 %'],
    [percentInterval({ lower: 0.601, upper: 0.676, method: 'wilson', level: 0.95 }), '60.1 to 67.6 %'],
    [decimal(0.25), '0.25'],
    [decimal(0.78472), '0.785'],
    [byteSize(0), '0 bytes'],
    [byteSize(999), '999 bytes'],
    [byteSize(1_843_021), '1.8 MB'],
    [counted(1, 'row', 'rows'), '1 row'],
    [counted(0, 'row', 'rows'), '0 rows'],
    [list(['a']), 'a'],
    [list(['a', 'b', 'c']), 'a, b and c'],
    [list(['a, b', 'c', 'd']), 'a, b; c and d'],
    [day(new Date('2026-11-23T23:59:00Z')), '23 November 2026'],
    [minute(new Date('2026-11-23T04:05:06Z')), '23 November 2026 at 04:05 UTC'],
  ])('%s is how people read it', (text, expected) => {
    expect(plain(text)).toBe(expected);
  });
});
