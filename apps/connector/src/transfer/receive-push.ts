import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Transfer } from '@hansa/dsp';
import { type Clock, type Digest, type Ids, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { UnitOfWork } from '@hansa/platform';
import { mediaTypes, type TableEngine, type TargetFormat } from '@hansa/tabular';
import { type Agreements, endAt, sentenceOfEnd } from '../negotiation/index.js';
import { fileName, statedDigest } from './consume.js';
import { tokenDigest } from './progress.js';
import type { Received, ReceivedContent } from './received.schema.js';
import type { ReceivedData } from './received-data.js';
import type { TransferRecord } from './transfer-record.js';
import type { Transfers } from './transfers.js';

/** What the request of a provider says beside its body. */
export interface PushHeaders {
  readonly authorization?: string;
  readonly 'content-type'?: string;
  /** RFC 9530. */
  readonly 'content-digest'?: string;
  readonly 'repr-digest'?: string;
}

/** Bytes that one push may bring. */
const maxBytes = 10 * 2 ** 30;
/** Milliseconds without a byte after which a provider is given up. */
const idleLimit = 30_000;
/** Files that are kept of a transfer that goes on bringing data. */
const keptFiles = 20;

/**
 * The consumer's own sink. Its address and token are made for one transfer and open nothing when that is not started. The
 * same data again, as after an answer that was lost, are taken without being stored twice.
 */
export class ReceivePush {
  readonly #underWay = new Set<string>();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly transfers: Transfers,
    private readonly agreements: Agreements,
    private readonly received: ReceivedData,
    private readonly tables: TableEngine,
    private readonly directory: string,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * @returns what was received; or `data.unauthorized`, `data.conflict` (not now: the transfer is not started, or the bytes
   *   are not those of the digest), `data.busy`, `data.too-large`.
   */
  async accept(id: string, headers: PushHeaders, body: Readable): Promise<Result<Received>> {
    const token = /^Bearer ([A-Za-z0-9_-]{20,200})$/i.exec(headers.authorization ?? '')?.[1];
    const record = token === undefined ? null : await this.transfers.findByToken(tokenDigest(token));
    if (!record || record.id !== id || record.transfer.role !== 'consumer')
      return refuse('data.unauthorized', 'The token of the dataAddress does not open this sink.');
    const agreement = await this.agreements.find(record.agreementId);
    if (!agreement.ok) return agreement;
    const end = endAt(agreement.value, this.clock.now());
    if (end !== null) return refuse('data.conflict', sentenceOfEnd(end));
    const open = checkOpen(record);
    if (!open.ok) return open;
    if (this.#underWay.has(id)) return refuse('data.busy', 'Another push of this transfer is under way.');
    this.#underWay.add(id);
    try {
      return await this.#store(record, headers, body);
    } finally {
      this.#underWay.delete(id);
    }
  }

  async #store(record: TransferRecord, headers: PushHeaders, body: Readable): Promise<Result<Received>> {
    const format = formatOf(headers['content-type']);
    const folder = join(this.directory, fileName(record.id));
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${fileName(this.ids.next())}.${format ?? 'bin'}`);
    const part = `${path}.part`;
    try {
      const written = await writeDigested(body, part);
      if (!written.ok) return written;
      const { bytes, digest } = written.value;
      const providerDigest = statedDigest(headers['content-digest'] ?? headers['repr-digest']);
      if (providerDigest !== null && providerDigest !== digest)
        return refuse('data.conflict', `The bytes that arrived have the digest ${digest}. Send them again.`);
      await rename(part, path);
      const rows = format === null ? null : await this.tables.countRows(path, format);
      const content = { path, format, bytes, rows: rows?.ok ? rows.value : null, digest, providerDigest };
      const kept = await this.#keep(record, content);
      if (!kept.ok || kept.value.content.path !== path) await rm(path, { force: true });
      await this.received.keepLatest(record.id, keptFiles);
      return kept;
    } finally {
      await rm(part, { force: true });
    }
  }

  /** The transfer may have ended while the bytes came. */
  #keep({ id }: TransferRecord, content: ReceivedContent): Promise<Result<Received>> {
    return this.unitOfWork.run(async (tx): Promise<Result<Received>> => {
      const record = await this.transfers.lock(tx, id);
      if (!record.ok) return record;
      if ((await this.agreements.endOf(tx, record.value.agreementId)) !== null)
        return refuse('data.conflict', 'The agreement has ended while the data came.');
      const open = checkOpen(record.value);
      if (!open.ok) return open;
      const [latest] = await this.received.of(id, 1, tx);
      if (latest?.content.digest === content.digest) return ok(latest);
      return ok(await this.received.add(tx, record.value, content));
    });
  }
}

function checkOpen({ transfer }: TransferRecord): Result<null, Problem> {
  return isReceiving(transfer)
    ? ok(null)
    : refuse('data.conflict', `The transfer is ${transfer.state}; nothing can be brought now.`);
}

/** Started and not about to end. A provider that answers our resumption may push before its answer has arrived. */
function isReceiving({ state, pending }: Transfer): boolean {
  return pending === null ? state === 'STARTED' : pending.message.type === 'TransferStartMessage';
}

function formatOf(contentType: string | undefined): TargetFormat | null {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  const found = Object.entries(mediaTypes).find(([, mediaType]) => mediaType === type);
  return found ? (found[0] as TargetFormat) : null;
}

/** Writes a body to a file, as long as it comes without long pauses and is not too large. */
async function writeDigested(
  body: Readable,
  path: string,
): Promise<Result<{ readonly bytes: number; readonly digest: Digest }, Problem>> {
  const hash = createHash('sha256');
  let bytes = 0;
  let tooLarge = false;
  const timer = setTimeout(() => body.destroy(new Error('idle')), idleLimit);
  try {
    await pipeline(
      body,
      async function* (parts: AsyncIterable<Buffer>) {
        for await (const part of parts) {
          timer.refresh();
          bytes += part.length;
          tooLarge = bytes > maxBytes;
          if (tooLarge) return;
          hash.update(part);
          yield part;
        }
      },
      createWriteStream(path),
    );
  } catch {
    return refuse('data.conflict', 'The data did not arrive whole. Send them again.');
  } finally {
    clearTimeout(timer);
  }
  if (tooLarge) return refuse('data.too-large', `More than ${maxBytes} bytes are not taken.`);
  return ok({ bytes, digest: `sha-256:${hash.digest('hex')}` });
}
