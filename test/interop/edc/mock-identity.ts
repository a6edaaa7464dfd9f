import { parseDidWeb } from '@hansa/dcp';
import { type Did, isDid, isJsonObject, ok, parseJson, type Result, refuse } from '@hansa/kernel';
import type { NodeConfig } from '../../../apps/connector/src/config/index.js';
import type { Counterparty, CounterpartyVerifier } from '../../../apps/connector/src/identity/index.js';
import { didOf } from '../../../apps/connector/src/identity/index.js';
import { isLoopback, requireLoopback } from '../../support/loopback.js';

const isLocal = (did: Did): boolean => {
  const parts = parseDidWeb(did);
  return parts.ok && isLoopback(parts.value.host);
};

/**
 * Eclipse EDC without an identity: its `iam-mock` sends as `Authorization` a bare JSON object that names the sender, and
 * believes whatever such an object says. So does this, among participants of this machine alone.
 */
export class MockIdentity implements CounterpartyVerifier {
  readonly #own: Did;

  /** @throws Error on a node that others than this machine could reach. */
  constructor(config: Pick<NodeConfig, 'listen' | 'publicUrl'>) {
    requireLoopback('A node that believes what others say of themselves', config);
    this.#own = didOf(config.publicUrl);
  }

  readonly authorize = async (audience: Did): Promise<string> => {
    if (!isLocal(audience)) throw new Error(`${audience} is not on this machine.`);
    // EDC 0.15.1 answers 500 to a header without a region.
    return JSON.stringify({ region: 'eu', audience, clientId: this.#own });
  };

  async verifyCounterparty(authorization: string | undefined): Promise<Result<Counterparty>> {
    const claims = parseJson(authorization ?? '');
    const did = claims.ok && isJsonObject(claims.value) ? claims.value.clientId : undefined;
    return typeof did === 'string' && isDid(did) && isLocal(did)
      ? ok({ did, credentials: [] })
      : refuse('token.missing', 'The header names no participant of this machine.', 'authorization');
  }
}
