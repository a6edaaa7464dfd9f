import type { Logger } from '@hansa/platform';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LOGGER, ProblemError, problemBody } from '../server/index.js';
import { preferredForm } from './accepts.js';
import { failurePage } from './pages/failure.js';
import { PublicPages } from './public-pages.js';
import { sendPage } from './send.js';

/** Whoever asked for a page and cannot have it gets a page that says why, or the same as data. */
@Catch()
export class PageFilter implements ExceptionFilter {
  constructor(
    private readonly pages: PublicPages,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const request = http.getRequest<FastifyRequest>();
    const requestId = String(request.id);
    const { status, detail } = this.#classify(error, requestId);
    if (reply.sent) return;
    if (preferredForm(request.headers.accept, ['text/html', 'application/json']) === 'text/html') {
      sendPage(reply, status, failurePage({ node: this.pages.node, status, detail, requestId }));
      return;
    }
    const problem = error instanceof ProblemError ? error.problem : { kind: 'page.failed', detail };
    const body = JSON.stringify(problemBody(problem, status, requestId));
    void reply.status(status).type('application/problem+json').header('vary', 'accept').send(body);
  }

  #classify(error: unknown, requestId: string): { readonly status: number; readonly detail: string } {
    if (error instanceof ProblemError) return { status: error.status, detail: error.message };
    if (error instanceof HttpException) return { status: error.getStatus(), detail: error.message };
    this.log.error('a page failed unexpectedly', { requestId, error });
    return { status: 500, detail: 'The node failed to make this page. Its log holds the cause.' };
  }
}
