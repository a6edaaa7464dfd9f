import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type JsonObject, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import {
  evaluate,
  explainPolicy,
  type Facts,
  instantiateTemplate,
  lintPolicy,
  parsePolicy,
  renderTrace,
  type TemplateParameters,
  templateParameters,
} from './index.js';

const folder = fileURLToPath(new URL('../../../policies', import.meta.url));

interface TemplateCase {
  readonly title: string;
  readonly parameters: TemplateParameters;
  readonly request: {
    readonly action: string;
    readonly target: string;
    readonly assignee: string;
    readonly facts: Facts;
    readonly now: Date;
  };
  readonly expect: { readonly outcome: 'permit' | 'deny'; readonly unmet: readonly string[] };
}

const moments = new Set(['now', 'validFrom', 'validUntil', 'issuedAt']);

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'), (key, value) => (moments.has(key) ? new Date(value) : value));
}

const templates = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({
    name,
    template: readJson(join(folder, name, 'policy.jsonld')) as JsonObject,
    cases: readdirSync(join(folder, name, 'cases')).map(
      (file) => [file.replace('.json', ''), readJson(join(folder, name, 'cases', file)) as TemplateCase] as const,
    ),
  }));

test('there are seven templates', () => {
  expect(templates.map(({ name }) => name)).toEqual([
    'audited-models-only',
    'coarse-location',
    'counts-only',
    'members-only',
    'purpose-bound',
    'region-eu',
    'time-limited',
  ]);
});

describe.each(templates)('the template $name', ({ name, template, cases }) => {
  test('has a README that names every parameter', () => {
    const path = join(folder, name, 'README.md');
    const readme = existsSync(path) ? readFileSync(path, 'utf8') : '';
    for (const parameter of templateParameters(template)) expect(readme).toContain(`\`${parameter}\``);
    expect(readme).toContain(`# ${name}`);
  });

  test('has cases that permit, deny and hit the edge, on both sides of it', () => {
    const kinds = cases.map(([file, { expect: wanted }]) => `${file.split('-')[0]}:${wanted.outcome}`);
    expect(new Set(kinds)).toEqual(new Set(['permit:permit', 'deny:deny', 'edge:permit', 'edge:deny']));
  });

  test('passes the linter, and says in plain English what it means', () => {
    const example = cases.find(([file]) => file.startsWith('permit'))?.[1];
    const policy = must(parsePolicy(must(instantiateTemplate(template, example?.parameters ?? {}))));
    expect(lintPolicy(policy)).toEqual([]);
    expect(explainPolicy(policy)).toMatchSnapshot();
  });

  test.each(cases)('%s', (_file, { parameters, request, expect: wanted }) => {
    const policy = must(parsePolicy(must(instantiateTemplate(template, parameters))));
    const decision = evaluate({ policy, ...request });
    expect({ outcome: decision.outcome, unmet: [...new Set(decision.unmet.map(({ code }) => code))] }).toEqual(wanted);
    expect(`\n${renderTrace(decision.trace)}\n`).toMatchSnapshot();
  });
});

describe('instantiateTemplate', () => {
  const slot = (name: string) => `$\{${name}}`;
  const template = { a: [slot('x'), { b: slot('y') }], c: 'plain' };

  test('puts values of any kind in the place of whole strings', () => {
    expect(must(instantiateTemplate(template, { x: ['1', null], y: { z: 'no' } }))).toEqual({
      a: [['1', null], { b: { z: 'no' } }],
      c: 'plain',
    });
    expect(templateParameters(template)).toEqual(['x', 'y']);
  });

  test('does not fill placeholders that come in with a parameter', () => {
    expect(must(instantiateTemplate(template, { x: slot('y'), y: '1' }))).toMatchObject({ a: [slot('y'), { b: '1' }] });
  });

  test.each([
    [template, { x: '1' }, 'template.missing-parameter', 'y'],
    [template, { x: '1', y: '2', z: '3' }, 'template.unknown-parameter', 'z'],
    [{ a: `prefix-${slot('x')}` }, { x: '1' }, 'template.malformed', undefined],
    [template, { x: '1', toString: '2' }, 'template.missing-parameter', 'y'],
  ] as [JsonObject, TemplateParameters, string, string | undefined][])(
    'refuses %j with %j',
    (json, parameters, kind, at) => {
      const problem = { kind, ...(at === undefined ? {} : { at }) };
      expect(instantiateTemplate(json, parameters)).toMatchObject({ ok: false, problem });
    },
  );
});

describe('numbers in template parameters', () => {
  test('become typed literals, also deep inside, and text where a literal is typed already', () => {
    const slot = (name: string) => `$\{${name}}`;
    const n = slot('n');
    const template = { a: n, b: [{ '@value': n, '@type': 'xsd:decimal' }], c: slot('rows') };
    const rows = [{ leftOperand: 'x', operator: 'gteq', rightOperand: 3 }, true];
    expect(instantiateTemplate(template, { n: 0.01, rows })).toEqual({
      ok: true,
      value: {
        a: { '@value': '0.01', '@type': 'http://www.w3.org/2001/XMLSchema#decimal' },
        b: [{ '@value': '0.01', '@type': 'xsd:decimal' }],
        c: [
          {
            leftOperand: 'x',
            operator: 'gteq',
            rightOperand: { '@value': '3', '@type': 'http://www.w3.org/2001/XMLSchema#integer' },
          },
          { '@value': 'true', '@type': 'http://www.w3.org/2001/XMLSchema#boolean' },
        ],
      },
    });
  });
});
