import type { Problem } from '@hansa/kernel';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { problemBody } from './problem.js';

/**
 * What no honest client sends: two Host headers or a whole address as the target, by which a proxy and a node can
 * disagree about whom a request is for (RFC 9112 §3.2), and U+0000, which no database holds.
 */
export function checkTarget(url: string, rawHeaders: readonly string[]): Problem<'request.invalid'> | null {
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host');
  if (hosts.length > 1) return invalid('The request has more than one Host header.');
  if (!url.startsWith('/') && url !== '*') return invalid('The target of the request must be a path.');
  if (url.includes('%00')) return invalid('The address has the character U+0000, which is not accepted.');
  return null;
}

/** Fastify's router refuses some targets before any route is found; they get the same kind of answer as all others. */
export function answerBadTarget(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode ?? 400;
  const problem =
    status === 414
      ? { kind: 'request.too-long', detail: 'The address of the request is too long.' }
      : { kind: 'request.invalid', detail: 'The address of the request cannot be decoded.' };
  void reply
    .status(status)
    .type('application/problem+json')
    .send(problemBody(problem, status, String(request.id)));
}

const invalid = (detail: string): Problem<'request.invalid'> => ({ kind: 'request.invalid', detail });
