// Starts the node that the kit tests, for the runner of the kit and for the tests.
import { randomBytes } from 'node:crypto';
import { startComposedNode } from '../../support/composed-node.mjs';
import { freePort } from '../../support/free-port.mjs';

/**
 * @param {{ kitAddress: string, pause: number }} options where the kit listens, and the milliseconds that the node lets
 *   pass before it acts by its script
 */
export async function startKitNode({ kitAddress, pause }) {
  const triggerPort = await freePort();
  const authorization = `Bearer ${randomBytes(24).toString('base64url')}`;
  const node = await startComposedNode({
    name: 'kit',
    entry: new URL('kit-node.main.ts', import.meta.url),
    env: {
      KIT_ADDRESS: kitAddress,
      KIT_AUTHORIZATION: authorization,
      KIT_PAUSE: String(pause),
      KIT_TRIGGER_PORT: String(triggerPort),
    },
  });
  return { ...node, triggers: `http://127.0.0.1:${triggerPort}`, authorization };
}
