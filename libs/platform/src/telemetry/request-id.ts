import type { Ids } from '@hansa/kernel';

/** Letters, digits and the separators of UUIDs, URNs and trace ids; nothing that could break a log line or a header. */
const safeId = /^[A-Za-z0-9._:-]{1,128}$/;

/**
 * The caller's `x-request-id` if it is harmless, otherwise a new one.
 *
 * @example
 * requestIdFrom(request.headers['x-request-id'], uuids);
 */
export function requestIdFrom(header: unknown, ids: Ids): string {
  return typeof header === 'string' && safeId.test(header) ? header : ids.next();
}
