import type { JsonObject } from '@hansa/kernel';
import { serialize } from './message.codec.js';
import { type CatalogError, type ContractNegotiationError, type Pids, type TransferError } from './message.js';

/** What an error body says: a stable code and sentences for people. */
export interface ErrorText {
  readonly code: string;
  readonly reasons: readonly string[];
}

/**
 * The error body of the negotiation endpoints. The pids are required even where the process is unknown: take them from
 * the message or the path then (DSP 2025-1, Contract Negotiation Protocol).
 *
 * @example
 * contractNegotiationError(pids, { code: 'negotiation.not-found', reasons: ['No such negotiation.'] }, id);
 */
export function contractNegotiationError(pids: Pids, { code, reasons }: ErrorText, id: string): JsonObject {
  const error: ContractNegotiationError = { type: 'ContractNegotiationError', ...only(pids), code, reason: reasons };
  return serialize(error, id);
}

/** The error body of the transfer endpoints; see {@link contractNegotiationError}. */
export function transferError(pids: Pids, { code, reasons }: ErrorText, id: string): JsonObject {
  const error: TransferError = { type: 'TransferError', ...only(pids), code, reason: reasons };
  return serialize(error, id);
}

/** The error body of the catalogue endpoints, which is mandatory there (DSP 2025-1, Catalog HTTPS binding). */
export function catalogError({ code, reasons }: ErrorText, id: string): JsonObject {
  const error: CatalogError = { type: 'CatalogError', code, reason: reasons };
  return serialize(error, id);
}

function only({ consumerPid, providerPid }: Pids): Pids {
  return { consumerPid, providerPid };
}
