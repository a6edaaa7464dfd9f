import type { Result } from '@hansa/kernel';
import type { Counterparty } from './counterparty.js';

/** Finds out who sent a protocol message, by its `Authorization` header, and refuses whom this node does not trust. */
export interface CounterpartyVerifier {
  verifyCounterparty(authorization: string | undefined): Promise<Result<Counterparty>>;
}

export const COUNTERPARTY_VERIFIER = Symbol('counterparty verifier');
