import { isIP } from 'node:net';
import type { NodeConfig } from '../../apps/connector/src/config/index.js';

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));

/**
 * For what believes others without proof.
 *
 * @throws Error on a node that others than this machine could reach.
 */
export function requireLoopback(what: string, { listen, publicUrl }: Pick<NodeConfig, 'listen' | 'publicUrl'>): void {
  const reachable = [listen.host, new URL(publicUrl).hostname].find((host) => !isLoopback(host));
  if (reachable !== undefined) throw new Error(`${what} runs on loopback only, not on ${reachable}.`);
}
