import { AsyncLocalStorage } from 'node:async_hooks';
import type { Ids } from '@hansa/kernel';

const store = new AsyncLocalStorage<string>();

/** Letters, digits and the separators of UUIDs, URNs and trace ids; nothing that could break a log line or a header. */
const safeId = /^[A-Za-z0-9._:-]{1,128}$/;

/** The caller's `x-request-id` if it is harmless, otherwise a new one. */
export function requestIdFrom(header: unknown, ids: Ids): string {
  return typeof header === 'string' && safeId.test(header) ? header : ids.next();
}

/**
 * Runs a function, and everything that it starts, under a request id.
 *
 * @example
 * fastify.addHook('onRequest', (request, reply, done) => {
 *   const id = requestIdFrom(request.headers['x-request-id'], uuids);
 *   reply.header('x-request-id', id);
 *   runWithRequestId(id, done);
 * });
 */
export function runWithRequestId<T>(id: string, run: () => T): T {
  return store.run(id, run);
}

/** The id of the request on whose behalf this code runs, if any. */
export function currentRequestId(): string | undefined {
  return store.getStore();
}
