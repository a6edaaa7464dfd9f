import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { filterOperands, parseFilter, serializeFilter } from './filter.js';

const edc = 'https://w3id.org/edc/v0.0.1/ns/';

describe('the filter of a catalogue request', () => {
  test.each([
    ['a criterion', { operandLeft: 'dcat:keyword', operator: '=', operandRight: 'bicycle' }],
    ['by an IRI', { operandLeft: 'http://www.w3.org/ns/dcat#keyword', operator: '=', operandRight: 'bicycle' }],
    ['by its bare name', { operandLeft: 'keyword', operator: 'contains', operandRight: 'bicycle' }],
    ['with one of a list', { operandLeft: 'keyword', operator: 'in', operandRight: ['bicycle'] }],
    ['as EDC compacts it', { 'edc:operandLeft': 'keyword', 'edc:operator': '=', 'edc:operandRight': 'bicycle' }],
    [
      'as EDC expands it',
      {
        [`${edc}operandLeft`]: [{ '@value': 'keyword' }],
        [`${edc}operator`]: [{ '@value': '=' }],
        [`${edc}operandRight`]: [{ '@value': 'bicycle' }],
      },
    ],
    [
      'in a query specification',
      {
        '@type': 'QuerySpec',
        offset: 0,
        limit: 50,
        filterExpression: [{ operandLeft: 'keyword', operator: '=', operandRight: 'bicycle' }],
      },
    ],
  ])('reads %s', (_, item) => {
    expect(parseFilter([item])).toEqual({ ok: true, value: [{ operand: 'keyword', anyOf: ['bicycle'] }] });
  });

  test('that asks for nothing asks for everything', () => {
    expect(parseFilter([])).toEqual({ ok: true, value: [] });
    expect(parseFilter([{ filterExpression: [] }])).toEqual({ ok: true, value: [] });
  });

  test.each([
    ['a text', 'bicycle', '/filter/0'],
    ['an unknown property', { operandLeft: 'colour', operator: '=', operandRight: 'red' }, '/filter/0/operandLeft'],
    ['no property', { operator: '=', operandRight: 'red' }, '/filter/0/operandLeft'],
    ['an unknown operator', { operandLeft: 'title', operator: 'like', operandRight: '%' }, '/filter/0/operator'],
    [
      'a part of an exact value',
      { operandLeft: 'title', operator: 'contains', operandRight: 'x' },
      '/filter/0/operator',
    ],
    ['a number', { operandLeft: 'title', operator: '=', operandRight: 1 }, '/filter/0/operandRight'],
    ['nothing', { operandLeft: 'title', operator: 'in', operandRight: [] }, '/filter/0/operandRight'],
    ['a mixture', { operandLeft: 'title', operator: 'in', operandRight: ['a', null] }, '/filter/0/operandRight'],
    ['an offset', { offset: 50, filterExpression: [] }, '/filter/0'],
    ['an expression of texts', { filterExpression: ['x'] }, '/filter/0/0'],
  ])('refuses %s and says where', (_, item, at) => {
    expect(parseFilter([item])).toMatchObject({ ok: false, problem: { kind: 'catalog.filter-unsupported', at } });
  });

  test('refuses more than can sensibly be asked for', () => {
    const criterion = { operandLeft: 'title', operator: '=', operandRight: 'x' };
    expect(parseFilter(Array(21).fill(criterion)).ok).toBe(false);
    expect(parseFilter([{ ...criterion, operator: 'in', operandRight: Array(101).fill('x') }]).ok).toBe(false);
  });

  test('is read as it was written', () => {
    const condition = fc.record({
      operand: fc.constantFrom(...filterOperands),
      anyOf: fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 }),
    });
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(condition, { maxLength: 5 }), (conditions) => {
        for (const { operand, anyOf } of conditions) seen.add(`${operand} ${anyOf.length === 1 ? 'one' : 'some'}`);
        expect(parseFilter([...serializeFilter(conditions)])).toEqual({ ok: true, value: conditions });
      }),
    );
    expect(seen.size).toBe(filterOperands.length * 2);
  });
});
