import { type Clock, must, ok, type Result, type RetryPolicy } from '@hansa/kernel';
import { parsePolicy } from '@hansa/odrl';
import type { GuardedClient, Logger, UnitOfWork } from '@hansa/platform';
import { mediaTypes } from '@hansa/tabular';
import type { SourceFiles } from '../catalog/index.js';
import type { Ledger } from '../ledger/index.js';
import { type Push, type Pushes, readSink, type TransferCommands, type Transfers } from '../transfer/index.js';
import type { Access, Grant } from './access.js';
import { answered, notGranted, type PushOutcome, settle, unanswered } from './push-outcome.js';
import type { Representations, StoredRepresentation } from './representations.js';

export interface PushParts {
  readonly transfers: Transfers;
  readonly pushes: Pushes;
  readonly commands: TransferCommands;
  readonly access: Access;
  readonly sources: SourceFiles;
  readonly representations: Representations;
  readonly client: GuardedClient;
  readonly unitOfWork: UnitOfWork;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long a sink that fails is tried again. */
  readonly retry: RetryPolicy;
}

/** Milliseconds between two looks whether a push under way is still wanted. */
const lookEvery = 150;

/**
 * Brings the data of one transfer to the consumer's sink, under the decision that a pull would get at this moment. The
 * same data are brought again under the same key, however often it takes.
 */
export class PushData {
  constructor(private readonly parts: PushParts) {}

  /**
   * One turn, if it is still wanted.
   *
   * @param signal interrupts the turn, which is then to be taken again.
   * @param onProgress is told the fraction that was sent.
   * @throws when it was interrupted.
   */
  async run(
    transferId: string,
    run: number,
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ): Promise<void> {
    const push = await this.parts.pushes.find(transferId);
    if (push?.run !== run || push.dueAt === null) return;
    const stop = new AbortController();
    const watch = setInterval(() => void this.#look(push, stop), lookEvery);
    try {
      const outcome = await this.#bring(push, AbortSignal.any([signal, stop.signal]), onProgress);
      signal.throwIfAborted();
      await this.#conclude(push, outcome);
    } finally {
      clearInterval(watch);
    }
  }

  async #bring(push: Push, signal: AbortSignal, onProgress: (fraction: number) => void): Promise<PushOutcome> {
    const { transfers, access, client, log } = this.parts;
    const record = must(await transfers.find(push.transferId));
    const { destination } = record.transfer;
    if (destination === null) return { kind: 'void' };
    const granted = await access.decide(record);
    if (!granted.ok) return notGranted(granted.problem);
    const every = granted.value.dataset.intervalSeconds;
    const sink = readSink(client, destination);
    if (!sink.ok) return { kind: 'ended', code: 'push.refused', reason: sink.problem.detail };
    const made = await this.#represent(granted.value, sink.value.format);
    if (!made.ok) {
      log.warn('data could not be made ready for a push', { transfer: record.id, reason: made.problem.detail });
      return { kind: 'later', problem: 'The provider cannot read its data at the moment.' };
    }
    const stored = made.value;
    if (push.delivered?.digest === stored.digest) return { kind: 'delivered', stored, isNew: false, every };
    await this.#release(granted.value, stored, push);
    const { method, url, headers } = sink.value;
    const pushed = await client.push(
      {
        method,
        url,
        headers: { ...about(record.id, stored), ...headers },
        signal,
        onProgress: ({ bytes, total }) => onProgress(bytes / total),
      },
      stored.file,
    );
    if (pushed.ok) return answered(pushed.value.status, stored, every);
    const { kind, detail } = pushed.problem;
    log.info('a push did not arrive', { transfer: record.id, reason: `${kind}: ${detail}` });
    return unanswered(pushed.problem);
  }

  #represent(
    { dataset, agreement }: Grant,
    format: StoredRepresentation['format'],
  ): Promise<Result<StoredRepresentation>> {
    const { sources, representations } = this.parts;
    const policy = must(parsePolicy(agreement.policy));
    // Half of the interval: a copy that the turn before has fetched is old by now.
    const maxAge = dataset.intervalSeconds === null ? undefined : dataset.intervalSeconds * 500;
    return sources
      .fileOf(dataset, maxAge)
      .then((source) => (source.ok ? representations.get(source.value, policy, format) : source));
  }

  /** The receipt is written first: no byte leaves without its entry. */
  async #release({ transfer, agreement }: Grant, stored: StoredRepresentation, { failures }: Push): Promise<void> {
    const { unitOfWork, ledger } = this.parts;
    const { digest, bytes, rows, format } = stored;
    const data = { agreement: agreement.id, digest, bytes, rows, format, range: null, attempt: failures + 1 };
    const subjects = [agreement.id, transfer.id, transfer.datasetId, transfer.counterparty];
    await unitOfWork.run((tx) => ledger.append(tx, { kind: 'data.released', subjects, data }));
  }

  /** Nothing of it happens when the transfer was closed meanwhile. */
  async #conclude(push: Push, outcome: PushOutcome): Promise<void> {
    const { unitOfWork, transfers, pushes, commands, ledger, retry, clock } = this.parts;
    const { next, intent, entry } = settle(push, outcome, retry, clock.now());
    const done = await unitOfWork.run(async (tx): Promise<Result<null>> => {
      const record = await transfers.lock(tx, push.transferId);
      if (!record.ok) return record;
      if (!(await pushes.conclude(tx, push, next))) return ok(null);
      const { id, agreementId, datasetId, counterparty } = record.value;
      const subjects = [agreementId, id, datasetId, counterparty];
      if (entry)
        await ledger.append(tx, { kind: 'data.delivered', subjects, data: { agreement: agreementId, ...entry } });
      const said = intent === null ? ok(null) : await commands.say(tx, record.value, intent);
      return said.ok ? ok(null) : said;
    });
    must(done);
  }

  async #look(push: Push, stop: AbortController): Promise<void> {
    // A look that fails tells nothing; the next one may.
    const now = await this.parts.pushes.find(push.transferId).catch(() => push);
    if (now?.run !== push.run) stop.abort();
  }
}

/** What a sink is told of the data beside its own authorization; the key is the same for the same data of a transfer. */
function about(transferId: string, { digest, format }: StoredRepresentation): Record<string, string> {
  const hex = digest.slice('sha-256:'.length);
  const sha256 = `sha-256=:${Buffer.from(hex, 'hex').toString('base64')}:`;
  return {
    'content-type': mediaTypes[format],
    'content-digest': sha256,
    'repr-digest': sha256,
    'idempotency-key': `"${transferId}/${hex}"`,
  };
}
