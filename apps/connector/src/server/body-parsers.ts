import { parseJson } from '@hansa/kernel';
import type { FastifyInstance } from 'fastify';
import { ProblemError } from './problem.js';

/**
 * JSON bodies are parsed with a depth cap in every media type that carries JSON. An empty body is `undefined`, for
 * actions that need no input.
 */
export function installJsonParsers(server: FastifyInstance): void {
  server.removeContentTypeParser(['application/json', 'text/plain']);
  server.addContentTypeParser(
    /^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/,
    { parseAs: 'string' },
    (_request, body, done) => {
      if (body === '') {
        done(null, undefined);
        return;
      }
      const parsed = parseJson(String(body));
      if (parsed.ok) done(null, parsed.value);
      else done(new ProblemError(parsed.problem));
    },
  );
  server.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
}
