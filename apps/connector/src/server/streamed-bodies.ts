import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from './problem.js';

/** No client sends this; a body with it was declared a stream by us. */
const streamed = 'application/vnd.hansa.streamed-body';
/** Milliseconds for a body that is not streamed: they are small, and a slower sender holds a connection for nothing. */
const bodyLimit = 30_000;

/**
 * Hands the bodies of requests below `prefix` to their handlers as streams, whatever their media type and size; the
 * handler bounds them. All other bodies must have arrived within half a minute.
 */
export function installStreamedBodies(server: FastifyInstance, prefix: string): void {
  server.server.headersTimeout = bodyLimit;
  server.addHook('onRequest', (request, _reply, done) => {
    if (!request.url.startsWith(prefix)) boundBody(request.raw);
    else if (request.method === 'POST' || request.method === 'PUT') request.headers = { 'content-type': streamed };
    done();
  });
  server.addContentTypeParser(streamed, (request, body, done) => {
    if (request.url.startsWith(prefix)) done(null, body);
    else
      done(new ProblemError({ kind: 'request.unsupported-media-type', detail: `${streamed} is not accepted here.` }));
  });
}

function boundBody(request: FastifyRequest['raw']): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (encoding === undefined && (length === undefined || length === '0')) return;
  const timer = setTimeout(() => request.destroy(), bodyLimit).unref();
  request.once('close', () => clearTimeout(timer));
}
