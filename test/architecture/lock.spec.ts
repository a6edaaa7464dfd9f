import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
  readFileSync('package-lock.json', 'utf8'),
);
const manifest: { readonly allowScripts: Readonly<Record<string, boolean>> } = JSON.parse(
  readFileSync('package.json', 'utf8'),
);
const packages = Object.entries(lock.packages).filter(([at]) => at !== '');
const nameOf = (at: string) => at.slice(at.lastIndexOf('node_modules/') + 'node_modules/'.length);

function completeLock(...args: readonly string[]) {
  return spawnSync(process.execPath, ['tools/complete-lock.mjs', ...args], { encoding: 'utf8' });
}

describe('the lock file', () => {
  test('names no address, so that it works with every registry', () => {
    expect(packages.filter(([, { resolved }]) => resolved !== undefined).map(([at]) => at)).toEqual([]);
    expect(packages.length).toBeGreaterThan(300);
  });

  test('holds a digest of every package that runs on this platform', () => {
    const foreign = (given: readonly string[] | undefined, own: string) => given !== undefined && !given.includes(own);
    const here = packages.filter(([, { os, cpu }]) => !foreign(os, 'linux') && !foreign(cpu, 'x64'));
    const libc = (at: string) => /musl/.test(at);
    expect(here.filter(([at, { integrity }]) => integrity === undefined && !libc(at)).map(([at]) => at)).toEqual([]);
  });

  test('is complete for every platform', () => {
    const { status, stdout, stderr } = completeLock('--check');
    expect([stderr, stdout, status]).toEqual(['', '0 platform packages missing\n', 0]);
  });

  test('can be completed when only the packages of one platform were to be had', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'hansa-lock-'));
    try {
      const file = join(scratch, 'package-lock.json');
      const kept = Object.entries(lock.packages).filter(
        ([, { optional, os, integrity }]) => !(optional && os && !integrity),
      );
      writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(kept) }, null, 2)}\n`);
      const before = readFileSync(file, 'utf8');
      const checked = completeLock('--check', file);
      expect(checked.status).toBe(1);
      expect(checked.stderr).toContain('Run: node tools/complete-lock.mjs');
      expect(readFileSync(file, 'utf8')).toBe(before);
      expect(completeLock(file).status).toBe(0);
      expect(readFileSync(file, 'utf8')).toBe(readFileSync('package-lock.json', 'utf8'));
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });

  test('has an answer for every package that wants to run a script at its installation, and the answer is no', () => {
    const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([at]) => nameOf(at));
    expect(scripted.filter((name) => manifest.allowScripts[name] !== false)).toEqual([]);
    expect(readFileSync('.npmrc', 'utf8')).toMatch(/^ignore-scripts=true$/m);
  });
});

/** Licences that let their code be part of a work under Apache-2.0 without further conditions on the whole. */
const compatible = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  // For letters: documents and programs that hold them keep their own licence (§5).
  'OFL-1.1',
  'Python-2.0',
]);

/** Packages whose manifest points to a file; what that file says. */
const readByHand: Readonly<Record<string, { readonly licence: string; readonly file: string; readonly says: string }>> =
  {
    // The JSON-LD contexts themselves come under the W3C Software and Document License, which is of the same kind.
    '@digitalbazaar/credentials-context': { licence: 'BSD-3-Clause', file: 'LICENSE.md', says: 'BSD 3-Clause License' },
    'png-js': { licence: 'MIT', file: 'LICENSE', says: 'MIT License' },
  };

/** A package for one platform comes under the licence of the package that it is a part of. */
function licenceOf(at: string, { license }: Locked): string | undefined {
  const name = nameOf(at);
  const byHand = readByHand[name];
  if (byHand !== undefined) return byHand.licence;
  if (license !== undefined) return license;
  return packages.find(([, { optionalDependencies }]) => optionalDependencies?.[name] !== undefined)?.[1].license;
}

test('what the product is made of comes under licences that go with Apache-2.0', () => {
  const shipped = packages.filter(([, { dev, devOptional }]) => !dev && !devOptional);
  const offending = shipped
    .map(([at, locked]) => [at, licenceOf(at, locked)] as const)
    .filter(
      ([, licence]) =>
        !licence
          ?.replace(/[()]/g, '')
          .split(' OR ')
          .some((choice) => compatible.has(choice)),
    );
  expect(offending).toEqual([]);
  expect(shipped.length).toBeGreaterThan(100);
  for (const [name, { file, says }] of Object.entries(readByHand))
    expect(readFileSync(join('node_modules', name, file), 'utf8')).toContain(says);
});
