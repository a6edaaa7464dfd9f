import { expect, test } from '@jest/globals';
import { placeName } from './place-name.js';

test.each([
  ['new-town', 'New Town'],
  ['berlin', 'Berlin'],
  ['-a--b-', 'A B'],
])('the node "%s" is of %s', (city, expected) => {
  expect(placeName(city)).toBe(expected);
});
