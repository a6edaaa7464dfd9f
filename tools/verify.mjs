// The fast gate: format and lint, types, unused code, borders and unit tests. `--static` leaves the tests out.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const bin = (name) => `node_modules/.bin/${name}${process.platform === 'win32' ? '.cmd' : ''}`;
const steps = [
  ['format and lint', bin('biome'), ['ci', '--error-on-warnings', '.']],
  ['types', bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']],
  ['unused code', bin('knip'), []],
  [
    'borders',
    bin('depcruise'),
    ['apps', 'libs', 'test', '--config', '.dependency-cruiser.cjs', '--output-type', 'err'],
  ],
];
if (!process.argv.includes('--static')) {
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  steps.push(['unit tests', process.execPath, [...flags, 'node_modules/jest/bin/jest.js', 'libs', 'apps', '--silent']]);
}

let failed = false;
for (const [name, command, args] of steps) {
  if (!existsSync(command)) {
    console.error(`${name}: ${command} is not installed; run npm ci first`);
    process.exit(1);
  }
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (status !== 0) {
    failed = true;
    console.log(stdout + stderr);
  }
}
process.exit(failed ? 1 : 0);
