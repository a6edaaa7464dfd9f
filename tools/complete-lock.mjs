// Completes package-lock.json for the platforms that are not this one.
//
// Packages with native parts name one optional dependency for each platform. Where a registry serves only the packages
// of its own platform, `npm install` leaves the others out of the lock, and `npm ci` then refuses the lock on macOS or
// Windows. The names and the versions stand in the packages that ask for them, and the platform stands in the name, so
// the missing entries can be written without asking anybody; npm checks the contents when it installs one.
//
//   node tools/complete-lock.mjs [--check] [file]     after every npm install that changes the lock
//
// `--check` changes nothing and exits with 1 when something is missing.
import { readFileSync, writeFileSync } from 'node:fs';

const systems = {
  darwin: /darwin|macos/,
  win32: /win32|windows/,
  android: /android/,
  freebsd: /freebsd/,
  openbsd: /openbsd/,
  netbsd: /netbsd/,
  sunos: /sunos/,
  aix: /aix/,
  openharmony: /openharmony/,
  linux: /linux/,
};
const processors = {
  arm64: /arm64|aarch64/,
  arm: /-arm(-|$|v)|gnueabi|musleabi/,
  x64: /x64|x86_64|amd64/,
  ia32: /ia32/,
  ppc64: /ppc64/,
  s390x: /s390x/,
  riscv64: /riscv64/,
  loong64: /loong64/,
  mips64el: /mips64el/,
  wasm32: /wasm32/,
};
const named = (table, name) => Object.keys(table).find((key) => table[key].test(name));

/** Whether the package at `from` finds `name`, in its own node_modules or in one above it. */
function isLocked(packages, from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

/** The entry of a package that is known by its name and version alone, or null when the name tells no platform. */
function platformEntry(name, version, asker) {
  const [os, cpu] = [named(systems, name), named(processors, name)];
  if (!/^\d+\.\d+\.\d+[\w.+-]*$/.test(version) || (!os && cpu !== 'wasm32')) return null;
  return {
    version,
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(asker.dev ? { dev: true } : {}),
    ...(/musl/.test(name) ? { libc: ['musl'] } : {}),
    optional: true,
    ...(os ? { os: [os] } : {}),
  };
}

/** What the lock lacks: entries that can be written, and optional dependencies that must come from the registry. */
function missingFrom({ packages }) {
  const entries = new Map();
  const unknown = [];
  for (const [at, asker] of Object.entries(packages))
    for (const [name, version] of Object.entries(asker.optionalDependencies ?? {})) {
      if (isLocked(packages, at, name)) continue;
      const entry = platformEntry(name, version, asker);
      if (entry) entries.set(`node_modules/${name}`, entry);
      else unknown.push(`${name}@${version}, which ${at || 'the project'} asks for`);
    }
  return { entries, unknown };
}

const check = process.argv.includes('--check');
const file = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const { entries, unknown } = missingFrom(lock);

for (const text of unknown) console.error(`not in ${file}: ${text}. Its name tells no platform: run npm install.`);
if (check) {
  for (const [at, { version }] of entries)
    console.error(`not in ${file}: ${at}@${version}. Run: node tools/complete-lock.mjs`);
} else if (entries.size > 0) {
  const { '': project, ...locked } = { ...lock.packages, ...Object.fromEntries(entries) };
  // npm's own order, so that the next npm install changes nothing.
  const sorted = Object.entries(locked).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = { '': project, ...Object.fromEntries(sorted) };
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(`${entries.size} platform packages ${check ? 'missing' : 'added'}`);
process.exitCode = unknown.length > 0 || (check && entries.size > 0) ? 1 : 0;
