// Runs a benchmark of test/bench by its name, on the build in dist. Each measures a baseline in the same run, since
// machines differ and drift. `--json` prints one JSON object on standard output and nothing else.
import { readdirSync } from 'node:fs';

const folder = new URL('../test/bench/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.mjs'))
  .map((file) => file.slice(0, -'.bench.mjs'.length));
const [name] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

if (!names.includes(name ?? '')) {
  console.error(`Name a benchmark: npm run bench -- <${names.join('|')}> [--json]`);
  process.exit(2);
}
const { run } = await import(new URL(`${name}.bench.mjs`, folder).href);
/** @type {{metric: string, value: number, unit: string, baseline: number, ratio: number}[]} */
const results = await run((text) => console.error(text));
if (process.argv.includes('--json')) console.log(JSON.stringify({ name, results }));
else {
  console.log(name);
  for (const { metric, value, unit, baseline, ratio } of results)
    console.log(`  ${metric}: ${value} ${unit} (baseline ${baseline} ${unit}, ratio ${ratio})`);
}
