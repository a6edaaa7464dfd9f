import {
  catalogError,
  contractNegotiationError,
  type DspProblem,
  type Pids,
  transferError,
  wireStatus,
} from '@hansa/dsp';
import type { Ids, Problem } from '@hansa/kernel';
import type { ErrorDialect } from './problem.filter.js';

/**
 * Failures of the protocol endpoints in the protocol's own error bodies (DSP 2025-1). Who is not authorised gets 404
 * from the negotiation and transfer endpoints, as their HTTPS bindings demand; the reason says what is missing.
 */
export function dspErrors(basePath: string, ids: Ids): readonly ErrorDialect[] {
  return [
    {
      prefix: `${basePath}/catalog`,
      answer: (problem, status) => ({ ...wire(problem, status), body: catalogError(textOf(problem), ids.next()) }),
    },
    {
      prefix: `${basePath}/negotiations`,
      answer: (problem, status, path) => ({
        ...hideProcess(wire(problem, status)),
        body: contractNegotiationError(pidsOf(path), textOf(problem), ids.next()),
      }),
    },
    {
      prefix: `${basePath}/transfers`,
      answer: (problem, status, path) => ({
        ...hideProcess(wire(problem, status)),
        body: transferError(pidsOf(path), textOf(problem), ids.next()),
      }),
    },
  ];
}

interface Wire {
  readonly status: number;
  readonly headers?: Record<string, string>;
}

/** The protocol's own table where the problem is one of the protocol, else the status given. */
function wire(problem: Problem, status: number): Wire {
  const known: (Wire & { readonly retryAfter?: number }) | undefined = wireStatus(problem as DspProblem).status
    ? wireStatus(problem as DspProblem)
    : undefined;
  const { status: mapped = status, retryAfter = status === 503 ? 1 : undefined } = known ?? {};
  return retryAfter === undefined
    ? { status: mapped }
    : { status: mapped, headers: { 'retry-after': String(retryAfter) } };
}

function hideProcess(answer: Wire): Wire {
  return answer.status === 401 || answer.status === 403 ? { ...answer, status: 404 } : answer;
}

function textOf({ kind, detail }: Problem) {
  return { code: kind, reasons: [detail] };
}

/** The pids that an error body must name, also where the process is unknown: the one in the path stands for both. */
function pidsOf(path: string): Pids {
  const segment = path.split('/')[4] ?? '';
  const pid = ['', 'request', 'offers'].includes(segment) ? 'unknown' : decoded(segment);
  return { consumerPid: pid, providerPid: pid } as Pids;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return 'unknown';
  }
}
