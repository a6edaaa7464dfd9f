import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../server/index.js';
import { ADMIN_TOKEN } from './admin-token.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Lets in who presents the administrator token of this node as a bearer token. */
@Injectable()
export class AdminGuard implements CanActivate {
  readonly #expected: Buffer;

  constructor(@Inject(ADMIN_TOKEN) token: string) {
    this.#expected = digest(token);
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    // Digests have one length, so the comparison takes the same time whatever was sent.
    if (scheme?.toLowerCase() === 'bearer' && token && timingSafeEqual(digest(token), this.#expected)) return true;
    throw new ProblemError({
      kind: 'access.unauthorized',
      detail:
        'This needs the administrator token of the node as a bearer token (the file admin-token in its data directory).',
    });
  }
}
