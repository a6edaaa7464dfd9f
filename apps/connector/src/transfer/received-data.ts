import { rm } from 'node:fs/promises';
import { type Clock, type Ids, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { Transaction } from '@hansa/platform';
import type { DataSource } from 'typeorm';
import type { Ledger } from '../ledger/index.js';
import { type Received, type ReceivedContent, receivedSchema } from './received.schema.js';
import type { TransferRecord } from './transfer-record.js';

/** The data that this node has as a consumer, pulled or pushed; each arrival with a receipt in the ledger. */
export class ReceivedData {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ledger: Ledger,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async add(tx: Transaction, record: TransferRecord, content: ReceivedContent): Promise<Received> {
    const received = { id: this.ids.next(), transferId: record.id, content, receivedAt: this.clock.now() };
    await tx.manager.insert(receivedSchema, received);
    const { path: _, ...facts } = content;
    await this.ledger.append(tx, {
      kind: 'data.received',
      subjects: [record.agreementId, record.id, record.datasetId, record.counterparty],
      data: { agreement: record.agreementId, ...facts },
    });
    return received;
  }

  /** What a transfer has brought, the latest first. */
  async of(transferId: string, limit = 100, tx?: Transaction): Promise<readonly Received[]> {
    const rows = await (tx?.manager ?? this.dataSource.manager).find(receivedSchema, {
      where: { transferId },
      order: { receivedAt: 'DESC', id: 'ASC' },
      take: limit,
    });
    return rows as Received[];
  }

  async find(transferId: string, id: string): Promise<Result<Received, Problem<'transfer.not-found'>>> {
    const row = await this.dataSource.manager.findOneBy(receivedSchema, { transferId, id });
    return row ? ok(row as Received) : refuse('transfer.not-found', `The transfer ${transferId} has brought no ${id}.`);
  }

  /** Keeps the latest `count` files of a transfer that goes on bringing data; the receipts of all stay in the ledger. */
  async keepLatest(transferId: string, count: number): Promise<void> {
    for (const { id, content } of (await this.of(transferId, count + 100)).slice(count)) {
      await rm(content.path, { force: true });
      await this.dataSource.manager.delete(receivedSchema, { id });
    }
  }
}
