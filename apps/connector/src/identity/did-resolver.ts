import { type DidDocument, didDocumentUrl, parseDidDocument, parseDidWeb } from '@hansa/dcp';
import { type Clock, type Did, ok, type Result, refuse } from '@hansa/kernel';
import type { GuardedClient } from '@hansa/platform';

/** Milliseconds. */
const fresh = 5 * 60_000;
/** Short: a peer that restarts sends what it has at once, and must not be refused for having been away. */
const freshFailure = 1_000;
const betweenRefreshes = 5_000;
const maxEntries = 10_000;

interface Cached {
  readonly at: number;
  readonly result: Result<DidDocument>;
}

/** Plain http only where both ends are this machine; a name ends in `localhost` by RFC 6761 §6.3 only there. */
const isLocal = (host: string): boolean => host === 'localhost' || host.endsWith('.localhost');

/** Finds DID documents over the guarded client and remembers them, failures for a shorter time. */
export class DidResolver {
  readonly #cache = new Map<Did, Cached>();
  readonly #underWay = new Map<Did, Promise<Result<DidDocument>>>();

  constructor(
    private readonly own: DidDocument,
    private readonly client: GuardedClient,
    private readonly clock: Clock,
    private readonly allowLoopback: boolean,
  ) {}

  readonly resolve = async (did: Did, { refresh }: { readonly refresh: boolean }): Promise<Result<DidDocument>> => {
    if (did === this.own.id) return ok(this.own);
    const now = this.clock.now().getTime();
    const cached = this.#cache.get(did);
    if (cached) {
      const age = now - cached.at;
      const limit = refresh ? betweenRefreshes : cached.result.ok ? fresh : freshFailure;
      if (age < limit) return cached.result;
    }
    const underWay = this.#underWay.get(did);
    if (underWay) return underWay;
    const fetching = this.#fetch(did).finally(() => this.#underWay.delete(did));
    this.#underWay.set(did, fetching);
    const result = await fetching;
    if (this.#cache.size >= maxEntries) this.#cache.delete(this.#cache.keys().next().value as Did);
    this.#cache.set(did, { at: now, result });
    return result;
  };

  async #fetch(did: Did): Promise<Result<DidDocument>> {
    const parts = parseDidWeb(did);
    if (!parts.ok) return parts;
    const insecure = this.allowLoopback && isLocal(parts.value.host);
    const fetched = await this.client.getJson(didDocumentUrl(parts.value, { insecure }), { maxBytes: 65_536 });
    if (!fetched.ok) return refuse('did.unresolvable', `The DID document of ${did} cannot be fetched.`);
    return parseDidDocument(fetched.value, did);
  }
}
