import { describe, expect, test } from '@jest/globals';
import { ModelCardInput, modelCard } from './model-card.js';

const read = (card: object) => modelCard(ModelCardInput.parse(card));
const least = { name: 'barriers', version: '1', intendedUse: 'Screening' };

describe('a model card', () => {
  test('has a value for everything that is not said', () => {
    expect(read(least)).toEqual({
      name: 'barriers',
      version: '1',
      description: '',
      intendedUse: 'Screening',
      limitations: [],
      owners: [],
      licence: null,
      threshold: 0.5,
      positiveClass: 1,
      features: [],
      background: null,
    });
  });

  test('may be a fuller card, whose objects are read and whose other members stay', () => {
    const card = read({
      ...least,
      intendedUse: { statement: 'Screening before a check', population: 'stations' },
      limitations: 'A snapshot.',
      threshold: { output: 'probabilities', class: 0, atLeast: 0.19 },
      features: [{ name: 'kind', type: 'string', levels: ['halt'] }, 'platforms'],
      trainingData: { rows: 2098 },
    });
    expect(card).toMatchObject({
      intendedUse: 'Screening before a check',
      limitations: ['A snapshot.'],
      threshold: 0.19,
      positiveClass: 0,
      features: ['kind', 'platforms'],
      trainingData: { rows: 2098 },
    });
  });

  test('prefers the positive class that is named over that of the threshold', () => {
    expect(read({ ...least, threshold: { atLeast: 0.5, class: 0 }, positiveClass: 2 }).positiveClass).toBe(2);
  });

  test.each([{ name: '' }, { intendedUse: {} }, { threshold: 'high' }, { positiveClass: -1 }])(
    'is refused with %p',
    (change) => {
      expect(ModelCardInput.safeParse({ ...least, ...change }).success).toBe(false);
    },
  );
});
