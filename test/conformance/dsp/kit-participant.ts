import { isIP } from 'node:net';
import { type Did, ok, type Result, refuse } from '@hansa/kernel';
import type { NodeConfig } from '../../../apps/connector/src/config/index.js';
import type { Counterparty, CounterpartyVerifier } from '../../../apps/connector/src/identity/index.js';

/** The kit's name for itself. It is no DID, so it is only here that it passes for one. */
export const kitParticipant = 'TCK_PARTICIPANT' as Did;

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));

/** Takes whoever sends a constant `Authorization` header for the kit: all that the kit can say of itself. */
export class ConstantHeader implements CounterpartyVerifier {
  /** @throws Error on a node that others than this machine could reach. */
  constructor(
    private readonly header: string,
    { listen, publicUrl }: Pick<NodeConfig, 'listen' | 'publicUrl'>,
  ) {
    const reachable = [listen.host, new URL(publicUrl).hostname].find((host) => !isLoopback(host));
    if (reachable !== undefined)
      throw new Error(`A node that believes a constant header runs on loopback only, not on ${reachable}.`);
    if (header.length < 16) throw new Error('The header of the kit must have 16 characters or more.');
  }

  async verifyCounterparty(authorization: string | undefined): Promise<Result<Counterparty>> {
    return authorization === this.header
      ? ok({ did: kitParticipant, credentials: [] })
      : refuse('token.missing', 'This node knows nobody but the conformance kit.', 'authorization');
  }
}
