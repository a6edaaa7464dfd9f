import type { AuditCounts } from '@hansa/fair';
import { type Clock, canonicalJson, type Ids, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { Logger, UnitOfWork } from '@hansa/platform';
import type { NodeIdentity } from '../../identity/index.js';
import type { Counting, CountingProgress, CountRows } from './count-rows.js';
import { signCounts } from './counts-credential.js';
import { checkRequest, requestDigest } from './counts-request.js';
import type { HandedCounts } from './handed-counts.schema.js';
import type { HandedCountsStore } from './handed-counts-store.js';

/** The table in canonical JSON with its signature, or how far the count is. */
export type CountsAnswer =
  | { readonly status: 'counted'; readonly text: string }
  | ({ readonly status: 'counting' } & CountingProgress);

/** Milliseconds that a request waits for its count before it is told how far that is. */
const patience = 2_000;

/** What the rows said, and not the caller's words: whoever could ask again would learn about single rows. */
const aboutRows: ReadonlySet<string> = new Set([
  'counts.too-few',
  'counts.too-fine',
  'withhold.too-few-rows',
  'withhold.missing-scores',
  'audit.not-binary',
  'audit.too-many-groups',
  'audit.wrong-weight',
  'audit.wrong-score',
  'scores.not-a-number',
  'scores.outside-grid',
  'audit-counts.no-rows',
]);

interface Running extends CountingProgress {
  readonly requestDigest: string;
  readonly ended: Promise<Result<HandedCounts>>;
}

/**
 * Answers requests for counts. Under one agreement one request is counted, once: a second plan, or other conditions,
 * could be subtracted from the first until a single person is left. Who repeats the request gets the same bytes.
 */
export class AnswerCounts {
  readonly #running = new Map<string, Running>();
  readonly #stop = new AbortController();
  #line: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: HandedCountsStore,
    private readonly countRows: CountRows,
    private readonly identity: NodeIdentity,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly log: Logger,
    /** The smallest count that this node hands out. */
    private readonly minimumCell: number,
  ) {}

  async ask(asked: Omit<Counting, 'minimumCell'>): Promise<Result<CountsAnswer>> {
    const minimumCell = Math.max(this.minimumCell, asked.request.minimumCell ?? 1);
    const checked = checkRequest(asked.request, minimumCell);
    if (!checked.ok) return checked;
    const digest = requestDigest(asked.request);
    const handed = await this.store.find(asked.agreementId);
    if (handed) return handed.requestDigest === digest ? answerOf(handed) : otherRequest();
    const running = this.#running.get(asked.agreementId) ?? this.#start({ ...asked, minimumCell }, digest);
    if (running.requestDigest !== digest) return otherRequest();
    const ended = await Promise.race([running.ended, waited(patience)]);
    if (ended === null) {
      const { done, total } = this.#running.get(asked.agreementId) ?? running;
      return ok({ status: 'counting', done, total });
    }
    return ended.ok ? answerOf(ended.value) : ended;
  }

  /** Interrupts what is being counted; who asks again has it counted anew. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('the node is stopping'));
    await Promise.allSettled([...this.#running.values()].map(({ ended }) => ended));
  }

  #start(counting: Counting, digest: HandedCounts['requestDigest']): Running {
    const { agreementId } = counting;
    const note = (progress: CountingProgress) => {
      const before = this.#running.get(agreementId);
      if (before) this.#running.set(agreementId, { ...before, ...progress });
    };
    const { signal } = this.#stop;
    // One after another: each reads its whole dataset.
    const counted = this.#line.then(() => this.countRows.run(counting, { note, signal }));
    this.#line = counted.catch(() => undefined);
    const ended = counted.then((result) => this.#conclude(counting, digest, result));
    const running = { requestDigest: digest, ended, done: 0, total: 0 };
    this.#running.set(agreementId, running);
    ended.finally(() => this.#running.delete(agreementId)).catch(() => undefined);
    return running;
  }

  async #conclude(
    { agreementId }: Counting,
    digest: HandedCounts['requestDigest'],
    counted: Result<AuditCounts>,
  ): Promise<Result<HandedCounts>> {
    if (!counted.ok && !aboutRows.has(counted.problem.kind)) return counted;
    const countedAt = this.clock.now();
    const head = { agreementId, requestDigest: digest, countedAt };
    const handed: HandedCounts = counted.ok
      ? { ...head, answer: await this.#sign(counted.value, agreementId, countedAt), problem: null }
      : { ...head, answer: null, problem: this.#outward(counted.problem, agreementId) };
    return ok(await this.unitOfWork.run((tx) => this.store.keep(tx, handed)));
  }

  async #sign(counts: AuditCounts, agreementId: string, now: Date): Promise<string> {
    const credential = await signCounts(this.identity, { id: this.ids.next(), counts, agreementId, now });
    return canonicalJson({ counts, credential });
  }

  /** A sentence for the other side. What names a row or a value stays here. */
  #outward(problem: Problem, agreementId: string): Problem {
    if (problem.kind.startsWith('counts.') || problem.kind === 'withhold.too-few-rows') return problem;
    this.log.warn('rows could not be counted', { agreement: agreementId, problem });
    const detail = problem.at === undefined ? '' : ` Look at the column "${problem.at}".`;
    return { kind: problem.kind, detail: `The rows cannot be counted as asked.${detail}` };
  }
}

function answerOf({ answer, problem }: HandedCounts): Result<CountsAnswer> {
  if (answer !== null) return ok({ status: 'counted', text: answer });
  return { ok: false, problem: problem ?? { kind: 'counts.denied', detail: 'The rows cannot be counted.' } };
}

function otherRequest(): Result<never> {
  return refuse(
    'counts.conflict',
    'Other counts were asked for under this agreement; under one agreement one plan is counted, once. Renew the agreement for another.',
  );
}

const waited = (ms: number): Promise<null> => new Promise((resolve) => setTimeout(resolve, ms, null).unref());
