import type { Problem } from '@hansa/kernel';
import type { Logger } from '@hansa/platform';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError, problemBody } from './problem.js';

/** Turns a failed request into the error body of the protocol that it was made in. */
export interface ErrorDialect {
  /** Requests whose path begins so are answered in this dialect. */
  readonly prefix: string;
  answer(
    problem: Problem,
    status: number,
    path: string,
  ): { status: number; body: object; headers?: Record<string, string> };
}

/** Every failure leaves through here: in the protocol's own form where it has one, else as an RFC 9457 problem. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Logger,
    private readonly dialects: readonly ErrorDialect[],
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { problem, status } = this.#classify(error, request.id);
    this.#answer(problem, status, request, reply);
  }

  /** Fastify's router refuses some targets before any route is found; they get the same answers as all others. */
  readonly badTarget = ({ statusCode = 400 }: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const problem =
      statusCode === 414
        ? { kind: 'request.too-long', detail: 'The address of the request is too long.' }
        : { kind: 'request.invalid', detail: 'The address of the request cannot be decoded.' };
    this.#answer(problem, statusCode, request, reply);
  };

  #answer(problem: Problem, status: number, request: FastifyRequest, reply: FastifyReply): void {
    const path = request.url.split('?')[0] ?? '';
    const dialect = this.dialects.find((d) => path.startsWith(d.prefix));
    const spoken = dialect?.answer(problem, status, path);
    if (reply.sent) return;
    if (spoken) {
      for (const [name, value] of Object.entries(spoken.headers ?? {})) void reply.header(name, value);
      void reply.status(spoken.status).type('application/json').send(spoken.body);
      return;
    }
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    void reply
      .status(status)
      .type('application/problem+json')
      .send(problemBody(problem, status, String(request.id)));
  }

  #classify(error: unknown, requestId: string): { problem: Problem; status: number } {
    if (error instanceof ProblemError) return { problem: error.problem, status: error.status };
    if (error instanceof HttpException) return { problem: fromHttp(error), status: error.getStatus() };
    const known = fromFastify(error);
    if (known) return known;
    this.log.error('a request failed unexpectedly', { requestId, error });
    const problem = {
      kind: 'internal',
      detail: 'The node failed to answer. The log holds the cause under the request id.',
    };
    return { problem, status: 500 };
  }
}

const kindsOfHttp: Readonly<Record<number, string>> = {
  404: 'route.not-found',
  413: 'request.too-large',
  415: 'request.unsupported-media-type',
};

function fromHttp(error: HttpException): Problem {
  const response = error.getResponse();
  const message = typeof response === 'object' && 'message' in response ? response.message : response;
  const detail = Array.isArray(message) ? message.join('; ') : String(message);
  return { kind: kindsOfHttp[error.getStatus()] ?? 'request.invalid', detail };
}

/** Fastify refuses some requests before any code of ours sees them. */
function fromFastify(error: unknown): { problem: Problem; status: number } | null {
  const { code, statusCode, message } = error as { code?: string; statusCode?: number; message?: string };
  if (typeof code !== 'string' || typeof statusCode !== 'number' || statusCode >= 500) return null;
  const kinds: Record<string, string> = {
    FST_ERR_CTP_BODY_TOO_LARGE: 'request.too-large',
    FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.unsupported-media-type',
    FST_ERR_CTP_EMPTY_JSON_BODY: 'json.malformed',
  };
  return {
    problem: { kind: kinds[code] ?? 'request.invalid', detail: message ?? 'The request is not valid.' },
    status: statusCode,
  };
}
