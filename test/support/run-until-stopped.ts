import type { Logger } from '@hansa/platform';
import type { RunningNode } from '../../apps/connector/src/node.js';

/**
 * Says that a node is ready, and ends its process when it is told to.
 *
 * @param close what else has to be closed.
 */
export function runUntilStopped({ identity, stop }: RunningNode, log: Logger, close: () => void = () => {}): void {
  process.stdout.write(`ready ${identity.did}\n`);
  let stopping = false;
  process.on('SIGTERM', () => {
    if (stopping) return;
    stopping = true;
    close();
    stop().then(
      () => process.exit(0),
      (error) => {
        log.error('the node did not stop cleanly', { error });
        process.exit(1);
      },
    );
  });
}
