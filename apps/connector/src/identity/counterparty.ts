import type { VerifiedCredential } from '@hansa/dcp';
import type { Did } from '@hansa/kernel';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Who sent a protocol message: proven by its token, with the credentials that it presented. */
export interface Counterparty {
  readonly did: Did;
  readonly credentials: readonly VerifiedCredential[];
}

const authenticated = new WeakMap<FastifyRequest, Counterparty>();

export function rememberCounterparty(request: FastifyRequest, counterparty: Counterparty): void {
  authenticated.set(request, counterparty);
}

/** Who sent this request, if it was a protocol message whose sender was verified. */
export const counterpartyOf = (request: FastifyRequest): Counterparty | undefined => authenticated.get(request);

/** The counterparty that {@link CounterpartyGuard} has verified for this request. */
export const CurrentCounterparty = createParamDecorator((_data: unknown, context: ExecutionContext): Counterparty => {
  const counterparty = counterpartyOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (!counterparty) throw new Error('the route has no guard that verifies the counterparty');
  return counterparty;
});
