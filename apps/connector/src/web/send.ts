import { Buffer } from 'node:buffer';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Nothing runs, nothing is loaded from elsewhere, and no other site may frame a page. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Sends a page. It shows what holds now, so a copy is asked about before it is used again. */
export function sendPage(reply: FastifyReply, status: number, markup: string): void {
  void reply
    .status(status)
    .header('content-security-policy', contentSecurityPolicy)
    .header('cache-control', 'no-cache')
    .header('vary', 'accept')
    .type('text/html; charset=utf-8')
    .send(markup);
}

/** Sends data where a page has the same address: what is kept of it depends on what was asked for. */
export function sendData(reply: FastifyReply, document: object): void {
  void reply
    .header('vary', 'accept')
    .header('cache-control', 'no-cache')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(document));
}

export interface Unchanging {
  readonly type: string;
  /** Names the content: other content has another tag. */
  readonly tag: string;
  /** Seconds for which a copy may be used without asking. */
  readonly maxAge: number;
  readonly body: string | Uint8Array;
}

/** Sends what does not change, or tells whoever has it already that their copy is good (RFC 9110 §13.1.2). */
export function sendUnchanging(request: FastifyRequest, reply: FastifyReply, content: Unchanging): void {
  const { type, tag, maxAge, body } = content;
  const etag = `"${tag}"`;
  void reply.header('etag', etag).header('cache-control', `public, max-age=${maxAge}`);
  const known = (request.headers['if-none-match'] ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (known.includes(etag) || known.includes('*')) void reply.status(304).send();
  else void reply.type(type).send(typeof body === 'string' ? body : Buffer.from(body));
}
