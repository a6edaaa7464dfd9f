// Kills nodes at random moments and holds both sides against each other: `npm run faults -- --rounds 200 --seed 7`.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string', default: '20260601' } },
});
for (const [name, value] of Object.entries(values))
  if (!/^[1-9]\d*$/.test(value)) {
    console.error(`--${name} must be a number, not "${value}".`);
    process.exit(2);
  }
const run = spawn(process.execPath, ['tools/test.mjs', 'test/faults/kill.spec.ts'], {
  stdio: 'inherit',
  env: { ...process.env, HANSA_FAULT_ROUNDS: values.rounds, HANSA_FAULT_SEED: values.seed },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => run.kill(signal));
run.on('exit', (code) => process.exit(code ?? 1));
