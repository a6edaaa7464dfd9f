import type { Logger } from '@hansa/platform';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { LOGGER, ProblemError } from '../server/index.js';
import { rememberCounterparty } from './counterparty.js';
import { COUNTERPARTY_VERIFIER, type CounterpartyVerifier } from './counterparty-verifier.js';

/** Nothing was found wrong, only nothing was found out: the sender shall try the same message again. */
const notFoundOut = new Set(['did.unresolvable', 'status.unavailable', 'presentation.unavailable']);

/** Lets a protocol message in when its sender has proven who it is and presented the credentials that we demand. */
@Injectable()
export class CounterpartyGuard implements CanActivate {
  constructor(
    @Inject(COUNTERPARTY_VERIFIER) private readonly verifier: CounterpartyVerifier,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const verified = await this.verifier.verifyCounterparty(request.headers.authorization);
    if (verified.ok) {
      rememberCounterparty(request, verified.value);
      return true;
    }
    this.log.info('counterparty refused', { requestId: request.id, problem: verified.problem });
    throw new ProblemError(verified.problem, notFoundOut.has(verified.problem.kind) ? 503 : 401);
  }
}
