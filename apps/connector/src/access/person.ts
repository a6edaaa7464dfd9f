import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Who uses the management interface, as far as their token says it. */
export interface Person {
  /** As it stands in the ledger. */
  readonly name: string;
  /** Came with the administrator token, which several people may share: it names nobody. */
  readonly isAdministrator: boolean;
}

export const administrator: Person = { name: 'administrator', isAdministrator: true };

const admitted = new WeakMap<FastifyRequest, Person>();

export function rememberPerson(request: FastifyRequest, person: Person): void {
  admitted.set(request, person);
}

/** The person that {@link AdminGuard} has let in with this request. */
export const CurrentPerson = createParamDecorator((_data: unknown, context: ExecutionContext): Person => {
  const person = admitted.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (!person) throw new Error('the route has no guard that knows who asks');
  return person;
});
