import { locateService, parseServiceUrl } from '@hansa/dcp';
import { ok } from '@hansa/kernel';
import type { DidResolver } from '../identity/index.js';
import type { Locate } from './send-message.js';

/** Finds where the service of a participant is by its DID document; a URL of another scheme stays as it is. */
export function locateByDid({ resolve }: Pick<DidResolver, 'resolve'>): Locate {
  return async (address) => {
    const named = parseServiceUrl(address);
    if (named === null) return ok(address);
    const known = await resolve(named.did, { refresh: false });
    if (!known.ok) return known;
    const located = locateService(named, known.value);
    if (located.ok) return located;
    // The document that we remember may be older than the service.
    const fresh = await resolve(named.did, { refresh: true });
    return fresh.ok ? locateService(named, fresh.value) : fresh;
  };
}
