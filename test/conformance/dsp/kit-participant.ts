import { type Did, ok, type Result, refuse } from '@hansa/kernel';
import type { NodeConfig } from '../../../apps/connector/src/config/index.js';
import type { Counterparty, CounterpartyVerifier } from '../../../apps/connector/src/identity/index.js';
import { requireLoopback } from '../../support/loopback.js';

/** The kit's name for itself. It is no DID, so it is only here that it passes for one. */
export const kitParticipant = 'TCK_PARTICIPANT' as Did;

/** Takes whoever sends a constant `Authorization` header for the kit: all that the kit can say of itself. */
export class ConstantHeader implements CounterpartyVerifier {
  /** @throws Error on a node that others than this machine could reach. */
  constructor(
    private readonly header: string,
    config: Pick<NodeConfig, 'listen' | 'publicUrl'>,
  ) {
    requireLoopback('A node that believes a constant header', config);
    if (header.length < 16) throw new Error('The header of the kit must have 16 characters or more.');
  }

  async verifyCounterparty(authorization: string | undefined): Promise<Result<Counterparty>> {
    return authorization === this.header
      ? ok({ did: kitParticipant, credentials: [] })
      : refuse('token.missing', 'This node knows nobody but the conformance kit.', 'authorization');
  }
}
