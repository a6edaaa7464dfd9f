import { expect, test } from '@jest/globals';
import { type Form, preferredForm } from './accepts.js';

const page: readonly [Form, Form] = ['text/html', 'application/json'];
const data: readonly [Form, Form] = ['application/json', 'text/html'];

test.each<[string | undefined, Form, Form]>([
  [undefined, 'text/html', 'application/json'],
  ['*/*', 'text/html', 'application/json'],
  ['application/json', 'application/json', 'application/json'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html', 'text/html'],
  ['text/html;q=0.5, application/json', 'application/json', 'application/json'],
  ['text/*, application/json;q=0.1', 'text/html', 'text/html'],
  ['application/json, */*;q=0.5', 'application/json', 'application/json'],
  ['image/png', 'text/html', 'application/json'],
])('who accepts %s gets %s from a page and %s from data', (accept, ofPage, ofData) => {
  expect(preferredForm(accept, page)).toBe(ofPage);
  expect(preferredForm(accept, data)).toBe(ofData);
});
