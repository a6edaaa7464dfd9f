import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const root = process.cwd();
const configFile = '.dependency-cruiser.cjs';
const rules: readonly string[] = createRequire(join(root, 'package.json'))(`./${configFile}`).forbidden.map(
  ({ name }: { readonly name: string }) => name,
);

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** Runs dependency-cruiser on folders of a tree; its broken rules, by the file that breaks them. */
function cruise(tree: string, ...folders: readonly string[]) {
  const cruiser = resolve(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const flags = ['--config', configFile, '--output-type', 'json'];
  const run = spawnSync(process.execPath, [cruiser, ...folders, ...flags], {
    cwd: tree,
    encoding: 'utf8',
    maxBuffer: 1 << 27,
  });
  if (!run.stdout.startsWith('{')) throw new Error(`dependency-cruiser gave no report: ${run.stderr}`);
  const { modules, summary } = JSON.parse(run.stdout) as {
    readonly modules: readonly object[];
    readonly summary: { readonly violations: readonly Violation[] };
  };
  return { modules: modules.length, violations: summary.violations };
}

test('every import of the project points inward', () => {
  const { modules, violations } = cruise(root, 'apps', 'libs', 'test');
  expect(violations.map(({ from, to, rule }) => `${from} → ${to} breaks ${rule.name}`)).toEqual([]);
  expect(modules).toBeGreaterThan(300);
}, 120_000);

/** One file a rule, with an import that this rule forbids and no other. */
const plants: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no-circular': {
    'apps/connector/src/loop/a.ts': `import { b } from './b.js'; export const a = () => b;`,
  },
  'libs-never-import-apps': { 'libs/platform/src/upward.ts': `import '../../../apps/connector/src/main.js';` },
  'apps-never-import-apps': { 'apps/cli/src/sideways.ts': `import '../../connector/src/main.js';` },
  'the-product-never-imports-tests': {
    'apps/connector/src/catalog/believer.ts': `import '../../../../test/conformance/dsp/kit-participant.js';`,
  },
  'libs-by-their-front-door': { 'apps/cli/src/back-door.ts': `import '../../../libs/kernel/src/inner.js';` },
  'features-by-their-front-door': { 'apps/connector/src/catalog/peep.ts': `import '../ledger/inner.js';` },
  'kernel-imports-nothing': {
    'libs/kernel/src/type-only.ts': `import type { x } from '@hansa/ledger'; export type X = typeof x;`,
  },
  'ring-1-edges': {
    'libs/dsp/src/neighbour.ts': `import '@hansa/ledger';`,
    'libs/fair/src/shown.ts': `import '@hansa/report';`,
    'libs/report/src/neighbour.ts': `import '@hansa/explain';`,
  },
  'only-dsp-knows-odrl': { 'libs/fair/src/policy.ts': `import '@hansa/odrl';` },
  'only-report-knows-fair': { 'libs/ledger/src/figures.ts': `import '@hansa/fair';` },
  'ring-1-knows-no-framework': { 'libs/explain/src/framework.ts': `import '@nestjs/common';` },
  'ring-1-touches-no-io': {
    'libs/dcp/src/files.ts': `import 'node:fs/promises';`,
    'libs/report/src/files.ts': `import 'node:fs/promises';`,
  },
  'ring-2-edges': {
    'libs/tabular/src/neighbour.ts': `import '@hansa/platform';`,
    'libs/pdf/src/domain.ts': `import '@hansa/report';`,
  },
};

/** What the planted imports lead to, and imports that are allowed. */
const surroundings: Readonly<Record<string, string>> = {
  'apps/connector/src/main.ts': `import '@hansa/platform'; import './ledger/index.js';`,
  'apps/connector/src/loop/b.ts': `import { a } from './a.js';\nexport const b = () => a;`,
  'apps/connector/src/ledger/index.ts': `import './inner.js';`,
  'test/conformance/dsp/kit-participant.ts': 'export {};',
  'apps/connector/src/ledger/inner.ts': `import '@hansa/ledger';`,
  'libs/kernel/src/inner.ts': 'export {};',
  'libs/kernel/src/index.ts': `import './inner.js';`,
  'libs/ledger/src/index.ts': `import '@hansa/kernel'; export const x = 1;`,
  'libs/odrl/src/index.ts': `import '@hansa/kernel';`,
  'libs/dsp/src/index.ts': `import '@hansa/odrl';`,
  'libs/explain/src/index.ts': `import '@hansa/kernel';`,
  'libs/fair/src/index.ts': `import '@hansa/kernel';`,
  'libs/report/src/index.ts': `import '@hansa/fair'; import '@hansa/kernel';`,
  'libs/platform/src/index.ts': `import '@hansa/kernel'; import 'node:fs';`,
  'node_modules/@nestjs/common/package.json': '{"name":"@nestjs/common","version":"1.0.0","main":"index.js"}',
  'node_modules/@nestjs/common/index.js': '',
};

describe('the rules of the borders bite', () => {
  let tree: string;
  const found = new Map<string, string[]>();

  beforeAll(() => {
    tree = mkdtempSync(join(tmpdir(), 'hansa-borders-'));
    for (const file of [configFile, 'tsconfig.json']) cpSync(join(root, file), join(tree, file));
    writeFileSync(join(tree, 'package.json'), '{"type":"module","dependencies":{"@nestjs/common":"1.0.0"}}');
    for (const files of [surroundings, ...Object.values(plants)])
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(join(tree, dirname(file)), { recursive: true });
        writeFileSync(join(tree, file), text);
      }
    for (const { from, rule } of cruise(tree, 'apps', 'libs').violations)
      found.set(from, [...(found.get(from) ?? []), rule.name]);
  }, 60_000);
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  test('there is a planted violation for each rule', () => {
    expect(Object.keys(plants).sort()).toEqual([...rules].sort());
  });

  test.each(Object.entries(plants))('%s', (rule, files) => {
    for (const file of Object.keys(files)) expect([file, found.get(file)]).toEqual([file, [rule]]);
  });

  test('what is allowed is not found fault with', () => {
    const planted = Object.values(plants).flatMap((files) => Object.keys(files));
    expect([...found.keys()].filter((file) => !planted.includes(file))).toEqual([]);
  });
});
