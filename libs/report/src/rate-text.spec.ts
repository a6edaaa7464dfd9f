import { rateOf } from '@hansa/fair';
import { describe, expect, test } from '@jest/globals';
import { rateText } from './rate-text.js';
import { confusion } from './testing/index.js';

const plain = (text: string): string => text.replaceAll('\u00A0', ' ');

describe('a rate as text', () => {
  test('with a value has its count and its interval', () => {
    const { value, portion, interval, reason } = rateText(rateOf('truePositiveRate', confusion(40, 3, 30, 1), 0.95));
    expect([value, portion, interval].map(plain)).toEqual(['3.2 %', '1 of 31', '0.6 to 16.2 %']);
    expect(reason).toBeNull();
  });

  test('that does not arise is no number, and says why', () => {
    const text = rateText(rateOf('truePositiveRate', confusion(7, 2, 0, 0), 0.95));
    expect(text).toEqual({ value: '–', portion: '0', interval: '–', reason: 'no rows with a positive label' });
  });

  test('that was withheld is not a zero', () => {
    const text = rateText(rateOf('truePositiveRate', { ...confusion(7, 2, 30, 1), tp: null }, 0.95));
    expect(text).toEqual({
      value: 'withheld',
      portion: 'withheld',
      interval: '–',
      reason: 'small counts of rows with a positive label were withheld',
    });
  });
});
