import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { path } from '../../dist/apps/cli/src/client.js';
import { freePort, startNode } from '../../dist/apps/cli/src/demo/node-process.js';
import { until } from '../support/until.mjs';

export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
export const percentile = (values, p) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))];
export const round = (value) => Math.round(value * 100) / 100;

const value = (result) => {
  if (result.ok) return result.value;
  throw new Error(result.problem.detail);
};

/**
 * An authority and two cities with credentials, in a directory of their own; all gone at the end.
 *
 * @param use is given the nodes
 * @param {(city: string, directory: string) => Promise<Record<string, string>>} [settingsOf] further settings of a city
 */
export async function withDataspace(use, settingsOf = async () => ({})) {
  const directory = await mkdtemp(join(tmpdir(), 'hansa-bench-'));
  const nodes = [];
  const start = async (options) => {
    const node = await startNode({ directory, port: await freePort(0), ...options });
    nodes.push(node);
    return node;
  };
  try {
    const authority = await start({ city: 'authority' });
    const startCity = async (city) =>
      start({ city, authority: authority.did, environment: await settingsOf(city, directory) });
    const berlin = await startCity('berlin');
    const bruges = await startCity('bruges');
    for (const node of [berlin, bruges]) {
      value(await authority.manage.put(path`/issuer/members/${node.did}`, { claims: { city: node.city } }));
      const asked = value(await node.manage.post('/credentials/requests', { issuer: authority.did }));
      await until(
        async () => value(await node.manage.get(path`/credentials/requests/${asked.holderPid}`)).status === 'ISSUED',
      );
    }
    return await use({ authority, berlin, bruges, directory, value });
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    await rm(directory, { recursive: true, force: true });
  }
}

/** The only offer of a provider, as its catalogue lists it for a consumer. */
export async function offerOf(consumer, provider, value) {
  const page = value(await consumer.manage.post('/catalog/request', { counterparty: provider.did }));
  return page.datasets[0].offers[0].policy;
}

export { path };
