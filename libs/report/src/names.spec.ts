import { describe, expect, test } from '@jest/globals';
import { attributeWords, groupName, isolated, membership } from './names.js';
import { plan } from './testing/index.js';

describe('names', () => {
  test.each([
    ['Bayern', 'Bayern'],
    ['חיפה', '\u2068חיפה\u2069'],
    ['חיפה (9 rows), 3 %', '\u2068חיפה\u2069 (9 rows), 3 %'],
    ['of القاهرة 5 الجديدة it is', 'of \u2068القاهرة 5 الجديدة\u2069 it is'],
  ])('%j keeps its direction to itself', (text, expected) => {
    expect(isolated(text)).toBe(expected);
  });

  test.each(['\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069'])(
    'the character %j cannot turn a sentence around',
    (character) => {
      expect(isolated(`${character}abc`)).toBe('\uFFFDabc');
    },
  );

  test('are called empty when they are, and are cut when nobody would read them', () => {
    expect(groupName('')).toBe('(empty)');
    expect(groupName('x'.repeat(3000))).toBe(`${'x'.repeat(79)}…`);
    expect(groupName('😀'.repeat(22), 22)).toBe('😀'.repeat(22));
  });

  test('of crossed attributes are put together, and a star in a column’s own name is not taken for a crossing', () => {
    const crossing = { ...plan, attributes: ['a*b'], intersections: [['sex', 'race']] };
    expect(membership('sex*race', 'Female, Asian', crossing)).toBe('sex and race are Female, Asian');
    expect(attributeWords('a*b', crossing)).toBe('a*b');
  });
});
