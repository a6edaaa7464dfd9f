// One page of a catalogue, asked for by one node of another: the first of all, one of 50 datasets with a keyword, and one
// of a word that only one dataset has; with 100, 10,000 and 100,000 datasets on offer under one policy, and then each
// under a policy of its own. The baseline is the first page of a catalogue of 100.
import { join } from 'node:path';
import { startNode } from '../../dist/apps/cli/src/demo/node-process.js';
import { databaseSchema } from '../../dist/apps/connector/src/schema.js';
import { openDatabase } from '../../dist/libs/platform/src/index.js';
import { median, percentile, round, withDataspace } from './support.mjs';

const sizes = [100, 10_000, 100_000];
const rounds = 20;

/** Puts datasets on offer until there are so many. The node must not run. */
async function fill(directory, size, ownPolicies) {
  const location = { kind: 'embedded', directory: join(directory, 'database'), template: '' };
  const database = await openDatabase(location, databaseSchema);
  const { dataSource } = database;
  const [{ have }] = await dataSource.query('SELECT count(*)::int AS have FROM dataset');
  await dataSource.query(
    `INSERT INTO dataset (id, title, description, keywords, publisher, licence, source, profile, created_at)
     SELECT 'urn:bench:' || lpad(n::text, 7, '0'), 'Dataset ' || n, 'Counts of something, series ' || n % 97,
       CASE WHEN n % greatest(2, $2 / 50) = 1 THEN ARRAY['bicycle', 'traffic'] ELSE ARRAY['air', 'place' || n % 1000] END,
       'City ' || n % 500, 'CC-BY-4.0', '{"kind":"file","path":"/data.csv","format":"csv"}', NULL, now()
     FROM generate_series($1::int + 1, $2::int) AS n`,
    [have, size],
  );
  await dataSource.query(
    `INSERT INTO offer (id, dataset_id, policy, template, created_at)
     SELECT id || ':offer', id, '{}', NULL, now() FROM dataset d WHERE NOT EXISTS (SELECT FROM offer WHERE dataset_id = d.id)`,
  );
  // The policy that members-only makes, with an identifier and, where each has its own, an end date of its own.
  const end = ownPolicies
    ? `'2030-01-01T00:00:' || lpad((random() * 59)::int::text, 2, '0') || 'Z'`
    : `'2030-01-01T00:00:00Z'`;
  await dataSource.query(
    `UPDATE offer SET policy = jsonb_build_object('@type', 'Offer', '@id', id, 'permission', jsonb_build_array(
       jsonb_build_object('action', 'use', 'constraint', jsonb_build_array(jsonb_build_object(
         'leftOperand', 'odrl:dateTime', 'operator', 'lt', 'rightOperand', ${end})))))`,
  );
  await dataSource.query('VACUUM ANALYZE');
  await database.close();
}

export const run = (say) =>
  withDataspace(async ({ authority, berlin, bruges, directory, value }) => {
    const results = [];
    let node = berlin;
    let baseline;
    const measure = async (metric, size, filter) => {
      const ask = async () => value(await bruges.manage.post('/catalog/request', { counterparty: berlin.did, filter }));
      const times = [];
      for (let i = -5; i < rounds; i++) {
        const began = performance.now();
        const { datasets, broken } = await ask();
        if (i >= 0) times.push(performance.now() - began);
        if (datasets.length === 0 || broken.length > 0) throw new Error(`${metric}: ${datasets.length} datasets`);
      }
      baseline ??= median(times);
      const result = (what, ms) =>
        results.push({
          metric: `${metric}, ${size}, ${what}`,
          value: round(ms),
          unit: 'ms',
          baseline: round(baseline),
          ratio: round(ms / baseline),
        });
      result('median', median(times));
      result('95 %', percentile(times, 0.95));
    };
    const step = async (size, ownPolicies) => {
      say(`${size} datasets on offer${ownPolicies ? ', each under a policy of its own' : ''}`);
      await node.stop();
      await fill(join(directory, 'berlin'), size, ownPolicies);
      const port = Number(new URL(berlin.url).port);
      node = await startNode({ directory, port, city: 'berlin', authority: authority.did });
      const label = ownPolicies ? `${size} with policies of their own` : size;
      await measure('first page', label, {});
      await measure('by keyword', label, { keyword: ['bicycle'] });
      await measure('by a rare word', label, { text: ['series 77'], title: ['Dataset 77'] });
    };
    try {
      for (const size of sizes) await step(size, false);
      await step(sizes.at(-1), true);
      return results;
    } finally {
      await node.stop();
    }
  });
