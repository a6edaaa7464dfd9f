import { digestOfJson, isJsonObject, type Json } from '@hansa/kernel';
import type { Inbox, Logger, UnitOfWork } from '@hansa/platform';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { catchError, from, mergeMap, type Observable, throwError } from 'rxjs';
import { type Counterparty, counterpartyOf } from '../identity/index.js';
import type { Ledger } from '../ledger/index.js';
import { ProblemError } from '../server/index.js';
import type { RefusalAllowance } from './refusal-allowance.js';

/** The process that a message is about, or the agreement. */
type Request = FastifyRequest<{ Params: { readonly pid?: string; readonly id?: string } }>;

/**
 * Records in the ledger which messages of verified counterparties were refused for good, and why: each once, before it
 * is answered. Messages whose sender was not verified are only logged and counted: who anybody can pretend to be may
 * write nothing here.
 */
export class RecordRefusals implements NestInterceptor {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly inbox: Inbox,
    private readonly ledger: Ledger,
    private readonly allowance: RefusalAllowance,
    private readonly log: Logger,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const sender = counterpartyOf(request);
    if (!sender || request.method !== 'POST') return next.handle();
    return next.handle().pipe(
      catchError((error: unknown) => {
        const refusal = error instanceof ProblemError && error.status < 500 ? error : null;
        const recorded = refusal ? this.#record(sender, request, refusal) : Promise.resolve();
        return from(recorded).pipe(mergeMap(() => throwError(() => error)));
      }),
    );
  }

  async #record(
    { did }: Counterparty,
    { id: requestId, body, params: { pid, id = pid }, url }: Request,
    refusal: ProblemError,
  ): Promise<void> {
    const unrecorded = this.allowance.take(did);
    if (unrecorded === null) return;
    const digest = digestOfJson((body ?? null) as Json);
    const { kind, detail } = refusal.problem;
    const data = { message: typeOf(body as Json), problem: kind, detail: plain(detail), digest, unrecorded };
    try {
      const fresh = await this.unitOfWork.run(async (tx) => {
        if (!(await this.inbox.note(tx, did, `refused ${digestOfJson([url, digest])}`))) return false;
        const subjects = id === undefined ? [did] : [id, did];
        await this.ledger.append(tx, { kind: 'message.refused', subjects, data });
        return true;
      });
      if (!fresh) this.allowance.giveBack(did, unrecorded);
    } catch (error) {
      // The refusal stands, whether it can be written down or not.
      this.allowance.giveBack(did, unrecorded + 1);
      this.log.error('a refusal could not be recorded', { requestId, error });
    }
  }
}

/** What the message says it is; null where that is no word. */
function typeOf(body: Json | undefined): string | null {
  const type = isJsonObject(body) ? body['@type'] : undefined;
  return typeof type === 'string' && /^\w{1,60}$/.test(type) ? type : null;
}

/** A text that any database holds. It may repeat what a stranger has written. */
const plain = (text: string): string => text.slice(0, 500).replaceAll(/[\p{Cc}\p{Cs}]/gu, '\ufffd');
