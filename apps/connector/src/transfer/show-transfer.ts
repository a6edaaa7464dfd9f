import type { JobQueue } from '@hansa/platform';
import { consumerAddress } from './consume.js';
import { type Pushes, pushJobId, pushQueue } from './pushes.js';
import type { TransferRecord } from './transfer-record.js';

/** Transfers as staff see them: without any token. */
export class ShowTransfer {
  constructor(
    private readonly pushes: Pushes,
    private readonly queue: JobQueue,
  ) {}

  /** One transfer, with how far its push is. */
  async one(record: TransferRecord): Promise<object> {
    const push = await this.pushes.find(record.id);
    if (push === null) return shown(record);
    const { dueAt, failures, problem, deliveries, delivered } = push;
    const job = dueAt === null ? null : await this.queue.find(pushQueue, pushJobId(push));
    const fraction = job?.state === 'active' ? job.progress.fraction : null;
    return { ...shown(record), push: { dueAt, fraction, failures, problem, deliveries, delivered } };
  }
}

/** What of a transfer may be shown; of a sink the host alone, since its address may hold a secret. */
export function shown(record: TransferRecord): object {
  const { transfer, tokenDigest: _, address: __, ...rest } = record;
  const endpoint = consumerAddress(transfer)?.endpoint;
  const sink = transfer.destination?.endpoint ?? null;
  return {
    ...rest,
    role: transfer.role,
    format: transfer.format,
    state: transfer.state,
    pending: transfer.pending?.message.type ?? null,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(sink === null ? {} : { sink: URL.canParse(sink) ? new URL(sink).origin : null }),
    ...('termination' in transfer ? { termination: transfer.termination } : {}),
    ...('suspension' in transfer ? { suspension: transfer.suspension } : {}),
    ...('detail' in transfer ? { detail: transfer.detail } : {}),
  };
}
