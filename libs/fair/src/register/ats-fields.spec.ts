import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { type AtsField, atsFieldNames, atsFields } from './ats-fields.js';

const file = '../shared/data/algorithm-register/fields-v0.3.1.csv';
const present = existsSync(file);
if (!present) test.skip(`skipped: the list of fields of the standard, because ${file} is not there`, () => {});

/** `category,attribute,type,required,enum`, the last one in quotes where it has commas. */
function published() {
  const [, ...lines] = readFileSync(file, 'utf8').trimEnd().split(/\r?\n/);
  return lines.map((line) => {
    const [category = '', name = '', type = '', required = '', ...rest] = line.split(',');
    const values = rest.join(',').replaceAll('"', '');
    return { category: category.toLowerCase(), name, type, isRequired: required === 'yes', values };
  });
}

const typeOf = (kind: AtsField['kind']): string => {
  if (typeof kind === 'object') return 'enum';
  return { text: 'string', language: 'string', version: 'const' }[kind as string] ?? kind;
};

(present ? describe : describe.skip)('the fields of the standard', () => {
  test('are the 49 that it has, each with its part, its type, and whether it must be given', () => {
    const ours = atsFieldNames.map((name) => {
      const { category, kind, isRequired }: AtsField = atsFields[name];
      return { name, category: category === 'basic' ? 'basic information' : category, type: typeOf(kind), isRequired };
    });
    expect(ours).toEqual(published().map(({ values: _, ...field }) => field));
    expect(ours).toHaveLength(49);
  });

  test('take the values of its lists, letter by letter', () => {
    for (const { name, type, values } of published().filter((field) => field.type === 'enum')) {
      const { kind }: AtsField = atsFields[name as keyof typeof atsFields];
      expect([name, type, typeof kind === 'object' && kind.oneOf.join('|')]).toEqual([name, 'enum', values]);
    }
  });
});
