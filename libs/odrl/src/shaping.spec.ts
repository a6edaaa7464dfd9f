import { type JsonObject, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { columnOperand, evaluate, parsePolicy, shapingOf } from './index.js';

const column = 'hansa:column';
const c = (leftOperand: string, operator: string, rightOperand: unknown) => ({ leftOperand, operator, rightOperand });
const typed = (value: string, type: string) => ({ '@value': value, '@type': `xsd:${type}` });
const duty = (action: string, ...constraint: object[]) => ({ action: `hansa:${action}`, constraint });
const policyWith = (...obligation: object[]) =>
  must(parsePolicy({ '@type': 'Set', permission: [{ action: 'use' }], obligation } as unknown as JsonObject));

describe('shapingOf', () => {
  test('a policy without obligations leaves the data as they are', () => {
    expect(must(shapingOf(policyWith()))).toEqual({ rows: [], drop: [], coarsen: [] });
  });

  test('collects conditions on rows, dropped columns and coarsened ones', () => {
    const policy = policyWith(
      duty(
        'filterRows',
        c(columnOperand('step free/ü#%'), 'eq', typed('true', 'boolean')),
        c('hansa:column/state', 'isAnyOf', ['BE', 'BB']),
      ),
      duty(
        'filterRows',
        c('hansa:column/n', 'gteq', typed('10', 'integer')),
        c('hansa:column/day', 'lt', typed('2027-01-01', 'date')),
      ),
      duty('dropColumns', c(column, 'isAnyOf', ['a', 'b'])),
      duty('dropColumns', c(column, 'eq', 'a')),
      duty('coarsenColumn', c(column, 'eq', 'lat'), c('hansa:step', 'eq', typed('0.01', 'decimal'))),
      duty('coarsenColumn', c('hansa:prefix', 'eq', '3'), c(column, 'eq', 'zip')),
      duty('coarsenColumn', c(column, 'eq', 'born'), c('hansa:datePart', 'eq', 'month')),
    );
    expect(must(shapingOf(policy))).toEqual({
      rows: [
        { column: 'step free/ü#%', operator: 'eq', value: true },
        { column: 'state', operator: 'isAnyOf', values: ['BE', 'BB'] },
        { column: 'n', operator: 'gteq', value: 10 },
        { column: 'day', operator: 'lt', value: '2027-01-01' },
      ],
      drop: ['a', 'b'],
      coarsen: [
        { column: 'lat', method: 'step', step: 0.01 },
        { column: 'zip', method: 'prefix', length: 3 },
        { column: 'born', method: 'date', unit: 'month' },
      ],
    });
  });

  test.each([
    ['an unknown obligation', [{ action: 'odrl:anonymize' }], 'policy.unknown-duty'],
    ['a row filter without conditions', [duty('filterRows')], 'policy.malformed-duty'],
    [
      'an alternative in a row filter',
      [duty('filterRows', { or: [c('hansa:column/a', 'eq', 'x')] })],
      'policy.malformed-duty',
    ],
    ['a row filter on something else', [duty('filterRows', c('purpose', 'eq', 'x'))], 'policy.malformed-duty'],
    ['a broken percent sign', [duty('filterRows', c('hansa:column/%zz', 'eq', 'x'))], 'policy.malformed-duty'],
    ['a column without a name', [duty('filterRows', c('hansa:column/', 'eq', 'x'))], 'policy.malformed-duty'],
    [
      'an operator for rows that does not exist',
      [duty('filterRows', c('hansa:column/a', 'isA', 'x'))],
      'policy.malformed-duty',
    ],
    ['two values for eq', [duty('filterRows', c('hansa:column/a', 'eq', ['x', 'y']))], 'policy.malformed-duty'],
    [
      'a value that its type does not have',
      [duty('filterRows', c('hansa:column/a', 'eq', typed('x', 'integer')))],
      'policy.malformed-duty',
    ],
    [
      'an integer beyond exactness',
      [duty('filterRows', c('hansa:column/a', 'eq', typed('9007199254740993', 'integer')))],
      'policy.malformed-duty',
    ],
    ['no column to drop', [duty('dropColumns', c(column, 'isAnyOf', []))], 'policy.malformed-duty'],
    ['all columns but one to drop', [duty('dropColumns', c(column, 'isNoneOf', ['a']))], 'policy.malformed-duty'],
    [
      'a step of zero',
      [duty('coarsenColumn', c(column, 'eq', 'a'), c('hansa:step', 'eq', '0'))],
      'policy.malformed-duty',
    ],
    [
      'half a character',
      [duty('coarsenColumn', c(column, 'eq', 'a'), c('hansa:prefix', 'eq', '0.5'))],
      'policy.malformed-duty',
    ],
    [
      'a date part that does not exist',
      [duty('coarsenColumn', c(column, 'eq', 'a'), c('hansa:datePart', 'eq', 'hour'))],
      'policy.malformed-duty',
    ],
    [
      'a column coarsened twice',
      [1, 2].map((n) => duty('coarsenColumn', c(column, 'eq', 'a'), c('hansa:step', 'eq', `${n}`))),
      'policy.malformed-duty',
    ],
  ])('refuses %s, and the evaluator denies the whole policy', (_what, obligations, kind) => {
    const policy = policyWith(...obligations);
    expect(shapingOf(policy)).toMatchObject({ ok: false, problem: { kind } });
    const request = { policy, action: 'use', target: 't', assignee: 'a', facts: { credentials: [] }, now: new Date(0) };
    expect(evaluate(request)).toMatchObject({ outcome: 'deny', unmet: [{ code: kind }], duties: [] });
  });

  test('a permit carries the obligations as duties in words', () => {
    const policy = policyWith({ '@id': 'urn:x:d', ...duty('dropColumns', c(column, 'eq', 'name')) });
    const request = { policy, action: 'use', target: 't', assignee: 'a', facts: { credentials: [] }, now: new Date(0) };
    expect(evaluate(request).duties).toEqual([
      { id: 'urn:x:d', action: 'https://w3id.org/hansa/v1#dropColumns', text: 'Without the column name.' },
    ]);
  });
});
