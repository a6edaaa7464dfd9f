import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

test('the child utility is the same in both libraries that need one: ring 2 libraries do not import each other', () => {
  for (const file of ['killable-child.ts', 'child/serve.mjs'])
    expect(readFileSync(new URL(`../../tabular/src/${file}`, import.meta.url), 'utf8')).toBe(
      readFileSync(new URL(file, import.meta.url), 'utf8'),
    );
});
