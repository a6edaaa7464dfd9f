// The speed of audits. In memory: ten million rows of six by two groups are counted, and every metric and rate of the
// three partitions gets an interval of 2,000 replicates. From a file: the command line, from its start to the written
// report, with the highest memory of all its processes together, which must not grow with the rows; the baseline is
// DuckDB that only counts the file. A report with its PDF. A report of ten thousand groups.
//
// The baselines in memory are fairlearn and AIF360 (audit-baseline.py), in a virtual environment that is made where
// Python is there; else their figures in fixtures/audit-baseline.json. HANSA_BENCH_ROWS=10000000 measures them with as
// many rows as our own, which takes minutes, and HANSA_BENCH_ROWS=0 not at all. Ratios to them are of the processes' own
// time, which other work on the machine disturbs less.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { bootstrapComparisons, cellCounts, countJoint } from '../../dist/libs/fair/src/index.js';
import { seededRandom } from '../../dist/libs/kernel/src/index.js';
import { baselineFigures } from './audit-baseline.mjs';
import { measured } from './process-tree.mjs';
import { median, round } from './support.mjs';

const rows = 10_000_000;
const rounds = 15;
const races = ['African-American', 'Asian', 'Caucasian', 'Hispanic', 'Native American', 'Other'];
const sexes = ['Female', 'Male'];
const hansa = new URL('../../bin/hansa.js', import.meta.url).pathname;

/** People as dictionary codes: six by two groups, of which some are decided on more often. */
function people(count) {
  const random = seededRandom(20_261_123);
  const column = (draw, of = Uint8Array) => {
    const values = new of(count);
    for (let i = 0; i < count; i++) values[i] = draw(i);
    return values;
  };
  const race = column(() => Math.floor(random() ** 2 * races.length), Uint16Array);
  const sex = column(() => (random() < 0.4 ? 0 : 1), Uint16Array);
  const label = column(() => (random() < 0.45 ? 1 : 0));
  const decision = column((i) => (random() < 0.25 + 0.35 * label[i] + 0.02 * race[i] ? 1 : 0));
  const attributes = [
    { attribute: 'race', levels: races, codes: race },
    { attribute: 'sex', levels: sexes, codes: sex },
  ];
  return { label, decision, attributes };
}

const value = (result) => {
  if (result.ok) return result.value;
  throw new Error(result.problem.detail);
};

function audit(table) {
  const joint = value(countJoint(table));
  const plan = { attributes: ['race', 'sex'], intersections: [['race', 'sex']] };
  const options = { replicates: 2000, level: 0.95, seed: 1 };
  const { partitions } = value(cellCounts(joint, plan));
  return partitions.map((partition) => bootstrapComparisons(partition, options));
}

/** What is told of a run of the command line. */
const measures = [
  ['median', 'ms', 'ms'],
  ["all processes' own time", 'cpu', 'ms'],
  ['highest memory', 'mib', 'MiB'],
];

/** Milliseconds of the clock and of this process's own work; one round more than once, to warm up. */
function times(work) {
  const [wall, cpu] = [[], []];
  for (let i = -3; i < rounds; i++) {
    const [began, used] = [performance.now(), process.cpuUsage()];
    work();
    const ms = performance.now() - began;
    const { user, system } = process.cpuUsage(used);
    if (i < 0) continue;
    wall.push(ms);
    cpu.push((user + system) / 1000);
  }
  return { median: median(wall), least: Math.min(...wall), cpu: median(cpu) };
}

/** A file of people, the same for the same number of rows, and DuckDB that counts it. */
async function writeFiles(directory, count) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const draw = (salt) => `(hash(i * 8 + ${salt}) % 1000000) / 1000000.0`;
  const names = (of) => `[${of.map((name) => `'${name}'`).join(', ')}]`;
  const file = (format) => join(directory, `people-${count}.${format}`);
  await connection.run(`
    CREATE TABLE people AS
    SELECT race, sex, label, (${draw(3)} < 0.25 + 0.35 * label)::TINYINT AS decision FROM (
      SELECT i, ${names(races)}[1 + floor(power(${draw(0)}, 2) * 6)::INT] AS race,
        ${names(sexes)}[CASE WHEN ${draw(1)} < 0.4 THEN 1 ELSE 2 END] AS sex, (${draw(2)} < 0.45)::TINYINT AS label
      FROM range(${count}) AS t(i))`);
  await connection.run(`COPY people TO '${file('parquet')}' (FORMAT parquet)`);
  await connection.run(`COPY people TO '${file('csv')}' (FORMAT csv)`);
  await connection.run('DROP TABLE people');
  const count4 = `SELECT race, sex, label, decision, count(*) FROM '${file('parquet')}' GROUP BY ALL`;
  const baseline = [];
  for (let i = 0; i < 5; i++) {
    const began = performance.now();
    await connection.runAndReadAll(count4);
    baseline.push(performance.now() - began);
  }
  connection.closeSync();
  instance.closeSync();
  return { file, baseline: median(baseline) };
}

/** A file of so many groups, each with its confusion table. */
function manyGroups(count) {
  const random = seededRandom(7);
  const lines = Array.from({ length: count }, (_, i) => {
    const draw = (most) => Math.floor(random() * most);
    return `place ${i},${40 + draw(60)},${draw(30)},${draw(30)},${20 + draw(40)}`;
  });
  return `place,TN,FP,FN,TP\n${lines.join('\n')}\n`;
}

async function runAudit(directory, args) {
  const out = join(directory, 'out');
  const { ms, cpu, mib, code, text } = await measured([hansa, 'audit', 'run', ...args, '--out', out]);
  if (code === 2 || code === null) throw new Error(`hansa audit run ended with ${code}: ${text}`);
  return { ms, cpu, mib };
}

async function fileFigures(directory, say) {
  const results = [];
  const peaks = [];
  for (const count of [rows / 10, rows]) {
    say(`writing ${count} rows`);
    const { file, baseline } = await writeFiles(directory, count);
    for (const format of ['parquet', 'csv']) {
      const runs = [];
      for (let i = 0; i < 3; i++) {
        say(`hansa audit run, ${count} rows of ${format}, ${i + 1} of 3`);
        const people = ['--data', file(format), '--label', 'label', '--prediction', 'decision', '--outcome', 'burden'];
        runs.push(await runAudit(directory, [...people, '--protected', 'race,sex', '--intersect', 'race*sex']));
      }
      const of = (member) => median(runs.map((one) => one[member]));
      const what = `${count} rows of ${format} to a report`;
      results.push(result(`${what}, median`, of('ms'), 'ms', baseline));
      results.push(result(`${what}, all processes' own time`, of('cpu'), 'ms', baseline));
      const least = Math.min(...runs.map(({ mib }) => mib));
      if (count < rows) peaks.push(least);
      results.push(result(`${what}, highest memory`, least, 'MiB', count < rows ? least : peaks.shift()));
    }
  }
  return results;
}

/** A report with its PDF, out of few rows: what an audit costs that does not depend on them. The baseline has no PDF. */
async function pdfFigures(directory, say) {
  const { file } = await writeFiles(directory, 7000);
  const people = ['--data', file('csv'), '--label', 'label', '--prediction', 'decision', '--outcome', 'burden'];
  const args = [...people, '--protected', 'race,sex', '--intersect', 'race*sex'];
  const runs = { without: [], with: [] };
  for (let i = 0; i < 3; i++) {
    say(`hansa audit run, 7000 rows of csv without and with a PDF, ${i + 1} of 3`);
    runs.without.push(await runAudit(directory, args));
    runs.with.push(await runAudit(directory, [...args, '--pdf']));
  }
  return measures.map(([what, member, unit]) => {
    const [without, own] = [runs.without, runs.with].map((all) => median(all.map((one) => one[member])));
    return result(`7000 rows of csv to a report with its PDF, ${what}`, own, unit, without);
  });
}

const result = (metric, amount, unit, baseline) => ({
  metric,
  value: round(amount),
  unit,
  baseline: round(baseline),
  ratio: round(amount / baseline),
});

export async function run(say) {
  const directory = await mkdtemp(join(tmpdir(), 'hansa-bench-'));
  try {
    const results = [];
    const baselines = baselineFigures(say);
    for (const count of [rows / 100, rows / 10, rows]) {
      say(`${count} rows in memory`);
      const table = people(count);
      const counting = times(() => value(countJoint(table)));
      const whole = times(() => audit(table));
      const { rows: others, metricFrame, aif360 } = baselines.of(count);
      const line = (metric, amount, baseline) =>
        results.push(result(`${count} rows ${metric}`, amount, 'ms', baseline));
      line('counted, median by the clock', counting.median, counting.least);
      line(`counted, own time against fairlearn's MetricFrame of ${others} rows`, counting.cpu, metricFrame.cpu);
      line('with all metrics and intervals of 2000 replicates, median by the clock', whole.median, whole.least);
      line(`with intervals, own time against fairlearn without any, ${others} rows`, whole.cpu, metricFrame.cpu);
      line(`with intervals, own time against AIF360 without any, ${others} rows`, whole.cpu, aif360.cpu);
      const { rows: drawn, replicates, cpu } = baselines.bootstrap;
      line(`with intervals, own time against fairlearn's ${replicates} replicates of ${drawn} rows`, whole.cpu, cpu);
    }
    results.push(...(await fileFigures(directory, say)));
    results.push(...(await pdfFigures(directory, say)));
    for (const groups of [100, 10_000]) {
      say(`a report of ${groups} groups`);
      const file = join(directory, `groups-${groups}.csv`);
      await writeFile(file, manyGroups(groups));
      const runs = [];
      for (let i = 0; i < 3; i++)
        runs.push(await runAudit(directory, ['--counts', file, '--outcome', 'burden', '--protected', 'place']));
      for (const [what, member, unit] of measures) {
        const amount = median(runs.map((one) => one[member]));
        const name = `a report of 100 groups, ${what}`;
        const first = results.find(({ metric }) => metric === name)?.value ?? amount;
        results.push(result(`a report of ${groups} groups, ${what}`, amount, unit, first));
      }
    }
    return results;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
