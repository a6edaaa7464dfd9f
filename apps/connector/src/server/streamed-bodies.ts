import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from './problem.js';

/** No client sends this; a body with it was declared a stream by us. */
const streamed = 'application/vnd.hansa.streamed-body';

/**
 * Hands the bodies of requests below `prefix` to their handlers as streams, whatever their media type and size; the
 * handler bounds them. All other bodies must have arrived in time.
 *
 * @param limit milliseconds for the headers of a request, and for a body that is not streamed: they are small, and a
 *   slower sender holds a connection for nothing.
 */
export function installStreamedBodies(server: FastifyInstance, prefix: string, limit = 30_000): void {
  // What no handler takes nobody would bound.
  const isTaken = ({ url, method, is404 }: FastifyRequest): boolean =>
    url.startsWith(prefix) && (method === 'POST' || method === 'PUT') && !is404;
  server.server.headersTimeout = limit;
  server.addHook('onRequest', (request, _reply, done) => {
    if (isTaken(request)) request.headers = { 'content-type': streamed };
    else boundBody(request.raw, limit);
    done();
  });
  server.addContentTypeParser(streamed, (request, body, done) => {
    if (isTaken(request)) done(null, body);
    else
      done(new ProblemError({ kind: 'request.unsupported-media-type', detail: `${streamed} is not accepted here.` }));
  });
}

function boundBody(request: FastifyRequest['raw'], limit: number): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (encoding === undefined && (length === undefined || length === '0')) return;
  const timer = setTimeout(() => request.destroy(), limit).unref();
  request.once('close', () => clearTimeout(timer));
}
