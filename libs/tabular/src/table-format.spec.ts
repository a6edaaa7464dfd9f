import { describe, expect, test } from '@jest/globals';
import { negotiateFormat } from './index.js';

describe('negotiateFormat', () => {
  test.each([
    [undefined, undefined, 'csv'],
    ['*/*', undefined, 'csv'],
    ['application/json', undefined, 'json'],
    ['application/vnd.apache.parquet, text/csv;q=0.9', undefined, 'parquet'],
    ['text/csv;q=0.1, application/*;q=0.5', undefined, 'json'],
    ['*/*;q=0.1, application/json;q=0, application/vnd.apache.arrow.stream;q=0.2', undefined, 'arrow'],
    ['TEXT/CSV; charset=utf-8; Q=0.7', undefined, 'csv'],
    ['application/json', 'parquet', 'parquet'],
    [undefined, '.ARROW', 'arrow'],
  ])('Accept %p with suffix %p gives %s', (accept, suffix, format) => {
    expect(negotiateFormat(accept, suffix)).toEqual({ ok: true, value: format });
  });

  test.each([
    ['image/png', undefined],
    ['text/csv;q=0', undefined],
    ['*/*;q=0', undefined],
    ['text/csv;q=banana', undefined],
    [undefined, 'xlsx'],
    [undefined, '__proto__'],
  ])('Accept %p with suffix %p is refused', (accept, suffix) => {
    expect(negotiateFormat(accept, suffix)).toMatchObject({ ok: false, problem: { kind: 'tabular.not-acceptable' } });
  });
});
