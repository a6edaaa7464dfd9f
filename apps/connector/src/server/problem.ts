import type { Problem, Result } from '@hansa/kernel';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { z } from 'zod';

/**
 * Carries an expected failure from a use case to the HTTP edge, where it becomes an RFC 9457 problem or a protocol's
 * error body. Anything else that is thrown is a defect and answered with 500.
 */
export class ProblemError extends Error {
  constructor(
    readonly problem: Problem,
    /** The HTTP status, where the table of kinds does not say it. */
    readonly status: number = statusOf(problem.kind),
  ) {
    super(problem.detail);
    this.name = 'ProblemError';
  }
}

/** The value of a result, or its problem thrown towards the edge. */
export function orThrow<T>(result: Result<T>, status?: number): T {
  if (result.ok) return result.value;
  throw new ProblemError(result.problem, status);
}

/** The last part of a kind says what sort of failure it is; what is not listed is the caller's bad input. */
const statusByEnding: Readonly<Record<string, number>> = {
  'not-found': 404,
  'illegal-transition': 409,
  conflict: 409,
  'in-use': 409,
  busy: 503,
  unauthorized: 401,
  forbidden: 403,
  denied: 403,
  'not-acceptable': 406,
  'too-large': 413,
  'too-many': 429,
  'unsupported-media-type': 415,
  'range-not-satisfiable': 416,
  gone: 410,
  unreachable: 502,
  timeout: 504,
  quarantined: 503,
};

export function statusOf(kind: string): number {
  return statusByEnding[kind.slice(kind.lastIndexOf('.') + 1)] ?? 400;
}

/** The body of an `application/problem+json` answer (RFC 9457). */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance?: string;
  readonly at?: string;
}

/** `dataset.not-found` → type `urn:hansa:problem:dataset.not-found`, title `Dataset not found`. */
export function problemBody(problem: Problem, status: number, requestId?: string): ProblemBody {
  const words = problem.kind.replace('.', ' ').replaceAll('-', ' ');
  return {
    type: `urn:hansa:problem:${problem.kind}`,
    title: words.charAt(0).toUpperCase() + words.slice(1),
    status,
    detail: problem.detail,
    ...(requestId ? { instance: `urn:hansa:request:${requestId}` } : {}),
    ...(problem.at ? { at: problem.at } : {}),
  };
}

/** Says of a finding what people need to hear where the words of the schema library do not. */
export const schemaWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.input === undefined) return 'is missing';
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return undefined;
  return [...new Set(issue.errors.map(([first]) => first?.message ?? 'is not valid'))].join(', or: ');
};

/** What a schema found wrong with the input of a request: every issue with its place. */
export function schemaProblem(issues: readonly StandardSchemaV1.Issue[]): ProblemError {
  const texts = issues.slice(0, 20).map(({ message, path }) => {
    const place = (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
    return place === '' ? message : `${place}: ${message}`;
  });
  return new ProblemError({ kind: 'request.invalid', detail: texts.join('; ') });
}
