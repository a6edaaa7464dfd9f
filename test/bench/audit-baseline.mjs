// The figures of fairlearn and AIF360 on this machine where Python and its registry can be had, else those of the
// fixture. `npm run bench -- audit` writes no fixture: HANSA_BENCH_RECORD names a file that measured ones are left in.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const script = new URL('audit-baseline.py', import.meta.url).pathname;
const fixture = new URL('fixtures/audit-baseline.json', import.meta.url);
const pinned = ['fairlearn==0.14.0', 'aif360==0.6.1', 'pandas==3.1.1', 'numpy==2.4.6', 'scikit-learn==1.9.1'];

/** A virtual environment that stays for the next run. */
function environment(say) {
  const directory = join(tmpdir(), 'hansa-bench-python');
  const python = join(directory, 'bin/python');
  const done = join(directory, 'installed');
  if (existsSync(done) && readFileSync(done, 'utf8') === pinned.join()) return python;
  say('installing fairlearn and AIF360');
  const run = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  if (!run('python3', ['-m', 'venv', directory])) return null;
  if (!run(python, ['-m', 'pip', 'install', '--quiet', ...pinned])) return null;
  writeFileSync(done, pinned.join());
  return python;
}

function measure(say) {
  const most = Number(process.env.HANSA_BENCH_ROWS ?? 1_000_000);
  const sizes = [100_000, 1_000_000, 10_000_000].filter((rows) => rows <= most);
  const python = sizes.length > 0 ? environment(say) : null;
  if (python === null) return null;
  const bootstrap = process.env.HANSA_BENCH_BOOTSTRAP === undefined ? [] : ['--bootstrap', '10000'];
  say(`fairlearn and AIF360 with up to ${sizes.at(-1)} rows`);
  const { status, stdout } = spawnSync(python, ['-W', 'ignore', script, ...sizes.map(String), ...bootstrap], {
    encoding: 'utf8',
  });
  if (status !== 0) return null;
  if (process.env.HANSA_BENCH_RECORD !== undefined) writeFileSync(process.env.HANSA_BENCH_RECORD, stdout);
  return JSON.parse(stdout);
}

/** Milliseconds of the others; what was not measured now is as it was when the fixture was made. */
export function baselineFigures(say) {
  const recorded = JSON.parse(readFileSync(fixture, 'utf8'));
  const now = measure(say);
  if (now === null) say('fairlearn and AIF360 were not measured: their figures are those of the fixture');
  const rows = { ...recorded.rows, ...now?.rows };
  /** The largest that is not larger. */
  const of = (count) => {
    const size = Math.max(
      ...Object.keys(rows)
        .map(Number)
        .filter((own) => own <= count),
    );
    return { rows: size, ...rows[size] };
  };
  return { of, bootstrap: now?.bootstrap ?? recorded.bootstrap };
}
