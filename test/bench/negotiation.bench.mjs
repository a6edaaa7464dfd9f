// One negotiation between two nodes on embedded databases, from the request to FINALIZED on the consumer's side, with
// tokens and credentials checked at every message. The baseline is what the wire alone costs: four requests in turn to
// the health endpoint of a node.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { median, path, percentile, round, until, withDataspace } from './support.mjs';

const warmUp = 20;
const rounds = 60;

export const run = (say) =>
  withDataspace(async ({ berlin, bruges, directory, value }) => {
    const file = join(directory, 'data.csv');
    await writeFile(file, 'id,name\n1,a\n2,b\n');
    const dataset = value(
      await berlin.manage.post('/datasets', { title: 'Data', source: { kind: 'file', path: file } }),
    );
    const template = { name: 'purpose-bound', parameters: { purpose: 'dpv:PublicBenefit' } };
    value(await berlin.manage.post('/offers', { datasetId: dataset.id, template }));
    const asked = { counterparty: berlin.did, datasetId: dataset.id, purpose: 'dpv:ImproveTransportMobility' };

    const negotiate = async () => {
      const { id } = value(await bruges.manage.post('/negotiations', asked));
      let last;
      await until(async () => {
        last = value(await bruges.manage.get(path`/negotiations/${id}`));
        return last.state === 'FINALIZED' || last.state === 'TERMINATED';
      });
      if (last.state !== 'FINALIZED') throw new Error(`a negotiation ended ${last.state}`);
      return Date.parse(last.updatedAt) - Date.parse(last.createdAt);
    };
    const wire = async () => {
      const began = performance.now();
      for (let i = 0; i < 4; i++) await (await fetch(`${berlin.url}/health/live`)).text();
      return performance.now() - began;
    };

    say(`warming up with ${warmUp} negotiations`);
    for (let i = 0; i < warmUp; i++) await negotiate();
    say(`measuring ${rounds} negotiations`);
    const times = [];
    const baselines = [];
    for (let i = 0; i < rounds; i++) {
      times.push(await negotiate());
      baselines.push(await wire());
    }
    const baseline = median(baselines);
    const result = (metric, ms) => ({
      metric,
      value: round(ms),
      unit: 'ms',
      baseline: round(baseline),
      ratio: round(ms / baseline),
    });
    return [result('negotiation, median', median(times)), result('negotiation, 95 %', percentile(times, 0.95))];
  });
