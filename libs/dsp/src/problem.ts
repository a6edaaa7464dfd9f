import type { Problem } from '@hansa/kernel';

/** What a problem becomes on the wire: an HTTP status, and for "later" the seconds of `Retry-After`. */
export interface WireStatus {
  readonly status: number;
  readonly retryAfter?: number;
}

const statuses = {
  'dsp.schema': { status: 400 },
  'dsp.unexpected-type': { status: 400 },
  'dsp.content': { status: 400 },
  'dsp.no-common-version': { status: 502 },
  'catalog.not-found': { status: 404 },
  'catalog.filter-unsupported': { status: 400 },
  'negotiation.not-found': { status: 404 },
  'negotiation.pid-mismatch': { status: 400 },
  'negotiation.illegal-transition': { status: 400 },
  'negotiation.busy': { status: 503, retryAfter: 1 },
  'negotiation.message-pending': { status: 409 },
  'transfer.not-found': { status: 404 },
  'transfer.pid-mismatch': { status: 400 },
  'transfer.illegal-transition': { status: 400 },
  'transfer.busy': { status: 503, retryAfter: 1 },
  'transfer.message-pending': { status: 409 },
} as const satisfies Record<string, WireStatus>;

/** Every kind of problem that the protocol knows; the `kind` doubles as the `code` of the error body. */
export type DspProblemKind = keyof typeof statuses;
export type DspProblem = Problem<DspProblemKind>;
export const dspProblemKinds: readonly DspProblemKind[] = Object.keys(statuses) as DspProblemKind[];

/**
 * The HTTP answer to a problem. DSP 2025-1, HTTPS bindings: an illegal transition is 400, an unknown process 404 (also
 * for a process of somebody else). 503 is the one answer that asks for the same message again: never remember it as
 * the answer to a message.
 *
 * @example
 * wireStatus({ kind: 'negotiation.busy', detail: '…' }); // { status: 503, code: 'negotiation.busy', retryAfter: 1 }
 */
export function wireStatus(problem: DspProblem): WireStatus & { readonly code: DspProblemKind } {
  return { ...statuses[problem.kind], code: problem.kind };
}
