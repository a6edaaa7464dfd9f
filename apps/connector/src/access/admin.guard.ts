import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../server/index.js';
import { ADMIN_TOKEN } from './admin-token.js';
import { administrator, type Person, rememberPerson } from './person.js';
import { PersonTokens } from './person-tokens.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Lets in who presents the administrator token of this node, or the token of a named person, as a bearer token. */
@Injectable()
export class AdminGuard implements CanActivate {
  readonly #expected: Buffer;

  constructor(
    @Inject(ADMIN_TOKEN) token: string,
    private readonly people: PersonTokens,
  ) {
    this.#expected = digest(token);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    const person = scheme?.toLowerCase() === 'bearer' && token ? await this.#personOf(token) : null;
    if (!person)
      throw new ProblemError({
        kind: 'access.unauthorized',
        detail:
          'This needs the administrator token of the node (the file admin-token in its data directory), or the token of a person, as a bearer token.',
      });
    rememberPerson(request, person);
    return true;
  }

  async #personOf(token: string): Promise<Person | null> {
    // Digests have one length, so the comparison takes the same time whatever was sent.
    if (timingSafeEqual(digest(token), this.#expected)) return administrator;
    const name = await this.people.find(token);
    return name === null ? null : { name, isAdministrator: false };
  }
}
