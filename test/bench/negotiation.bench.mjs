// Negotiations between two nodes, with tokens and credentials checked at every message: one, ten and fifty at a time, on
// embedded databases and on a PostgreSQL server that both share. A negotiation is timed by the consumer's record, from
// when it was stored until it was FINALIZED. The offer comes with the request, from the catalogue that was read before.
// The baseline is what the wire alone costs at the same load: four requests in turn to the health endpoint of a node.
// Then, on the server, one at a time with 1,000 and with 1,000,000 negotiations stored on each side, where the baseline of
// the many is the few.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../tools/postgres.mjs';
import { median, offerOf, path, percentile, round, withDataspace } from './support.mjs';

const loads = [
  { atOnce: 1, count: 100 },
  { atOnce: 10, count: 1000 },
  { atOnce: 50, count: 3000 },
];
/** What is sustained shows when the nodes have compiled what they do often: their work takes twice the time before. */
const warmUp = { atOnce: 50, count: 2500 };
const sizes = [1_000, 1_000_000];
/** Milliseconds. */
const afterFilling = 30_000;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Does something so many times, so many at once: the milliseconds that each gives, and how many a second. */
async function measured(act, { atOnce, count }) {
  const times = [];
  let left = count;
  const began = performance.now();
  const work = async () => {
    while (left-- > 0) times.push(await act());
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { times, perSecond: (count * 1000) / (performance.now() - began) };
}

async function negotiating({ berlin, bruges, directory, value }) {
  const file = join(directory, 'data.csv');
  await writeFile(file, 'id,name\n1,a\n2,b\n');
  const source = { kind: 'file', path: file };
  const dataset = value(await berlin.manage.post('/datasets', { title: 'Data', source }));
  const template = { name: 'purpose-bound', parameters: { purpose: 'dpv:PublicBenefit' } };
  value(await berlin.manage.post('/offers', { datasetId: dataset.id, template }));
  const purpose = 'dpv:ImproveTransportMobility';
  const asked = {
    counterparty: berlin.did,
    datasetId: dataset.id,
    offer: await offerOf(bruges, berlin, value),
    purpose,
  };
  let expected = 20;
  return async () => {
    const { id } = value(await bruges.manage.post('/negotiations', asked));
    // Whoever looks more often measures the looking.
    for (let wait = expected; ; wait = Math.max(5, expected / 4)) {
      await sleep(wait);
      const { state, createdAt, updatedAt } = value(await bruges.manage.get(path`/negotiations/${id}`));
      if (state === 'TERMINATED') throw new Error('a negotiation was terminated');
      if (state !== 'FINALIZED') continue;
      const ms = Date.parse(updatedAt) - Date.parse(createdAt);
      expected += (ms - expected) / 10;
      return ms;
    }
  };
}

const wire =
  ({ url }) =>
  async () => {
    const began = performance.now();
    for (let i = 0; i < 4; i++) await (await fetch(`${url}/health/live`)).text();
    return performance.now() - began;
  };

const result = (metric, value, baseline, unit = 'ms') => ({
  metric,
  value: round(value),
  unit,
  baseline: round(baseline),
  ratio: round(value / baseline),
});

const percentiles = { median: 0.5, '95 %': 0.95, '99 %': 0.99 };

async function underLoads(where, space, negotiate, say) {
  say(`${where}: warming up`);
  await measured(negotiate, warmUp);
  const results = [];
  for (const load of loads) {
    const what = `${where}, ${load.atOnce} at a time`;
    say(`${what}: ${load.count} negotiations`);
    const bare = await measured(wire(space.berlin), load);
    const { times, perSecond } = await measured(negotiate, load);
    for (const [name, p] of Object.entries(percentiles))
      results.push(result(`${what}, ${name}`, percentile(times, p), percentile(bare.times, p)));
    results.push(result(`${what}`, perSecond, bare.perSecond, 'per second'));
  }
  return results;
}

/** Copies finished negotiations with their agreements and entries until there are so many. The log is of no use then. */
async function fill(url, size) {
  const client = new pg.Client({ connectionString: url });
  // Its failure shows in the statement that was under way.
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query(`SELECT count(*)::int AS have FROM negotiation`);
  const { have } = rows[0];
  if (have >= size) {
    await client.end();
    return;
  }
  const numbers = `generate_series(${have + 1}, ${size}) AS n`;
  const { rows: columns } = await client.query(
    `SELECT table_name AS of, string_agg(quote_ident(column_name), ', ') AS names FROM information_schema.columns
     WHERE table_schema = 'public' AND is_generated = 'NEVER'
       AND column_name NOT IN ('id', 'negotiation_id', 'counterparty', 'consumer_pid', 'provider_pid', 'created_at', 'agreed_at')
       AND table_name IN ('negotiation', 'agreement') GROUP BY 1`,
  );
  const rest = Object.fromEntries(columns.map(({ of, names }) => [of, names]));
  const someone = `'did:web:city' || n % 500 || '.example'`;
  await client.query(
    `INSERT INTO negotiation (id, counterparty, consumer_pid, created_at, ${rest.negotiation})
     SELECT 'urn:bench:' || n, ${someone}, 'urn:bench:' || n, now() - n * interval '1 second', ${rest.negotiation}
     FROM ${numbers}, (SELECT ${rest.negotiation} FROM negotiation WHERE state = 'FINALIZED' LIMIT 1) AS one`,
  );
  await client.query(
    `INSERT INTO agreement (id, negotiation_id, counterparty, agreed_at, ${rest.agreement})
     SELECT 'urn:bench:agreement:' || n, 'urn:bench:' || n, ${someone}, now() - n * interval '1 second', ${rest.agreement}
     FROM ${numbers}, (SELECT ${rest.agreement} FROM agreement LIMIT 1) AS one`,
  );
  await client.query(
    `WITH moved AS (UPDATE ledger_head SET size = size + ${size - have} RETURNING size)
     INSERT INTO ledger_entry (index, kind, at, subjects, entry)
     SELECT moved.size - ${size} + n - 1, one.kind, one.at, ARRAY['urn:bench:' || n, ${someone}], one.entry
     FROM moved, ${numbers}, (SELECT kind, at, entry FROM ledger_entry LIMIT 1) AS one`,
  );
  // As many peaks as the size has bits: the tree under them is made up.
  await client.query(
    `UPDATE ledger_head SET peaks = array_fill(decode(repeat('00', 32), 'hex'),
       ARRAY[length(replace(size::bit(64)::text, '0', ''))])`,
  );
  await client.query('VACUUM ANALYZE');
  await client.query('CHECKPOINT');
  await client.end();
}

async function growth(urls, negotiate, say) {
  const results = [];
  let baseline;
  for (const size of sizes) {
    say(`PostgreSQL: filling up to ${size} negotiations on each side`);
    for (const url of urls) await fill(url, size);
    // The disk still works at what was filled in, and a commit waits for the disk.
    await sleep(afterFilling);
    await measured(negotiate, { atOnce: 1, count: 200 });
    const { times } = await measured(negotiate, { atOnce: 1, count: 200 });
    baseline ??= median(times);
    results.push(result(`PostgreSQL, with ${size} stored, median`, median(times), baseline));
  }
  return results;
}

/** One client asks for everything here, which is more than one address may in a minute. */
async function settings(directory, city, more = {}) {
  const file = join(directory, `${city}.yaml`);
  await writeFile(file, 'limits:\n  requestsPerMinute: 1000000\n');
  return { HANSA_CONFIG: file, ...more };
}

const embedded = (say) =>
  withDataspace(
    async (space) => underLoads('embedded', space, await negotiating(space), say),
    (city, directory) => settings(directory, city),
  );

async function onServer(say) {
  const scratch = await mkdtemp(join(tmpdir(), 'hansa-bench-pg-'));
  await chmod(scratch, 0o777);
  // As the operator guide has it, and room for the log of the filling.
  const server = await startPostgres(join(scratch, 'data'), '-c max_wal_size=4GB');
  try {
    if (!server) {
      say('PostgreSQL is not installed: measured on embedded databases only.');
      return [];
    }
    const urls = [];
    const settingsOf = async (city, directory) => {
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      await client.query(`CREATE DATABASE ${city}`);
      await client.end();
      const url = new URL(`/${city}`, server.url).href;
      urls.push(url);
      return settings(directory, city, { DATABASE_URL: url });
    };
    return await withDataspace(async (space) => {
      const negotiate = await negotiating(space);
      const results = await underLoads('PostgreSQL', space, negotiate, say);
      return [...results, ...(await growth(urls, negotiate, say))];
    }, settingsOf);
  } finally {
    server?.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

export const run = async (say) => [...(await embedded(say)), ...(await onServer(say))];
