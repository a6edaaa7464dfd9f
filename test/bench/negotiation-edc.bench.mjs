// One negotiation, from the request until the consumer sees it FINALIZED: between two of our nodes, with tokens and
// credentials checked at every message, and as the baseline between two connectors of Eclipse EDC in memory, with an
// identity service that checks nothing; one at a time and ten at a time. EDC's loops wait between two looks at their
// store: 1000 ms by default, and 50 ms as its own tests have it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openRules, startTheirs } from '../interop/edc/parties.mjs';
import { prepare } from '../interop/edc/run-edc.mjs';
import { until } from '../support/until.mjs';
import { median, offerOf, path, percentile, round, withDataspace } from './support.mjs';

/** At once, and how many are measured. */
const loads = [
  { concurrency: 1, count: 20 },
  { concurrency: 10, count: 100 },
];
const warmUp = 40;
/** Milliseconds between two looks of each who waits. */
const every = 10;
/** Milliseconds that EDC's loops wait. */
const waits = [1000, 50];

/** Negotiates so many times, so many at once: the milliseconds of each that came to its end, and how many in a second. */
async function measured(negotiate, { concurrency, count }) {
  const times = [];
  let failure = null;
  let left = count;
  const work = async () => {
    while (left-- > 0) {
      const began = performance.now();
      try {
        await negotiate();
        times.push(performance.now() - began);
      } catch (error) {
        failure = error;
      }
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  const perSecond = (times.length * 1000) / (performance.now() - began);
  if (times.length < count / 2) throw failure;
  const failed = count - times.length;
  return { concurrency, failed, median: median(times), late: percentile(times, 0.95), perSecond };
}

async function allLoads(negotiate, what, say) {
  say(`${what}: warming up`);
  await measured(negotiate, { concurrency: 10, count: warmUp });
  const results = [];
  for (const load of loads) {
    say(`${what}: ${load.count} negotiations, ${load.concurrency} at a time`);
    const result = await measured(negotiate, load);
    if (result.failed > 0) say(`${what}: ${result.failed} of ${load.count} came to no agreement and are not counted`);
    results.push(result);
  }
  return results;
}

const ours = (say) =>
  withDataspace(async ({ berlin, bruges, directory, value }) => {
    const file = join(directory, 'data.csv');
    await writeFile(file, 'id,name\n1,a\n2,b\n');
    const source = { kind: 'file', path: file };
    const dataset = value(await berlin.manage.post('/datasets', { title: 'Data', source }));
    const template = { name: 'members-only', parameters: {} };
    value(await berlin.manage.post('/offers', { datasetId: dataset.id, template }));
    // As EDC, which is given the offer with each request.
    const asked = { counterparty: berlin.did, datasetId: dataset.id, offer: await offerOf(bruges, berlin, value) };
    const negotiate = async () => {
      const { id } = value(await bruges.manage.post('/negotiations', asked));
      await until(
        async () => {
          const { state } = value(await bruges.manage.get(path`/negotiations/${id}`));
          if (state === 'TERMINATED') throw new Error('a negotiation was terminated');
          return state === 'FINALIZED';
        },
        { every },
      );
    };
    return allLoads(negotiate, 'ours', say);
  });

async function theirs(edc, wait, say) {
  const settings = { 'edc.negotiation.state-machine.iteration-wait-millis': wait };
  const provider = await startTheirs(edc.classPath, settings);
  try {
    const consumer = await startTheirs(edc.classPath, settings);
    try {
      await provider.prepare();
      await provider.publish('data', 'http://127.0.0.1:1/data.csv', openRules);
      const node = { base: provider.protocol, did: provider.did };
      const { dataset } = await consumer.catalog(node);
      const offer = [[dataset].flat()[0].hasPolicy].flat()[0];
      const published = { datasetId: 'data', offerId: offer['@id'] };
      const negotiate = async () => {
        const id = await consumer.request(node, published, openRules);
        await consumer.reaches('negotiations', id, 'FINALIZED', { every, limit: 60_000 });
      };
      return await allLoads(negotiate, `EDC ${edc.version}, ${wait} ms`, say);
    } finally {
      await consumer.stop();
    }
  } finally {
    await provider.stop();
  }
}

export async function run(say) {
  const edc = prepare({}, say);
  if (edc.missing) throw new Error(`This benchmark needs Eclipse EDC. ${edc.missing}`);
  const own = await ours(say);
  const results = [];
  for (const wait of waits) {
    const baselines = await theirs(edc, wait, say);
    for (const [index, { concurrency, failed, ...values }] of own.entries()) {
      if (failed > 0) throw new Error(`${failed} negotiations of ours came to no agreement`);
      const result = (what, name, unit) => {
        const [value, baseline] = [round(values[name]), round(baselines[index][name])];
        const metric = `negotiation, ${concurrency} at a time, ${what}, against EDC ${edc.version} at ${wait} ms`;
        results.push({ metric, value, unit, baseline, ratio: round(value / baseline) });
      };
      result('median', 'median', 'ms');
      result('95 %', 'late', 'ms');
      result('in a second', 'perSecond', '1/s');
    }
  }
  return results;
}
