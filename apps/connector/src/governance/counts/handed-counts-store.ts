import type { Transaction } from '@hansa/platform';
import type { DataSource } from 'typeorm';
import { type HandedCounts, handedCountsSchema } from './handed-counts.schema.js';

/** What was counted for others, by agreement. */
export class HandedCountsStore {
  constructor(private readonly dataSource: DataSource) {}

  find(agreementId: string): Promise<HandedCounts | null> {
    return this.dataSource.manager.findOneBy(handedCountsSchema, { agreementId });
  }

  /** Keeps the first answer under an agreement, and gives it back. */
  async keep(tx: Transaction, handed: HandedCounts): Promise<HandedCounts> {
    await tx.manager
      .createQueryBuilder()
      .insert()
      .into(handedCountsSchema)
      .values({ ...handed })
      .orIgnore()
      .execute();
    return tx.manager.findOneByOrFail(handedCountsSchema, { agreementId: handed.agreementId });
  }
}
