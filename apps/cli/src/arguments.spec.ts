import { describe, expect, test } from '@jest/globals';
import { assignments, looseJson, rowFilter } from './arguments.js';

describe('values on the command line', () => {
  test('are JSON where they are JSON, and text otherwise', () => {
    expect(['0.01', '"180"', '{"a":[1]}', 'true', 'dpv:AcademicResearch', '2027-06-30', ''].map(looseJson)).toEqual([
      0.01,
      '180',
      { a: [1] },
      true,
      'dpv:AcademicResearch',
      '2027-06-30',
      '',
    ]);
  });

  test('are assigned by name', () => {
    expect(assignments(['purpose=a=b', 'step=0.5'], '--set')).toEqual({ purpose: 'a=b', step: 0.5 });
    expect(() => assignments(['purpose'], '--set')).toThrow('Write --set as name=value');
  });
});

describe('a condition on rows', () => {
  test.each<[string, object]>([
    ['split=audit', { column: 'split', operator: 'eq', value: 'audit' }],
    ['split != training', { column: 'split', operator: 'neq', value: 'training' }],
    ['weight>=10', { column: 'weight', operator: 'gteq', value: 10 }],
    ['weight<0.5', { column: 'weight', operator: 'lt', value: 0.5 }],
    ['state=["Berlin","Bremen"]', { column: 'state', operator: 'isAnyOf', values: ['Berlin', 'Bremen'] }],
  ])('%s', (text, filter) => {
    expect(rowFilter(text)).toEqual(filter);
  });

  test.each(['split', '=audit', 'split~audit', 'state!=["a"]'])('is refused as %s', (text) => {
    expect(() => rowFilter(text)).toThrow(/Write a condition|A list of values/);
  });
});
