import type { Transaction } from '@hansa/platform';
import type { DataSource } from 'typeorm';
import { explanationSchema } from './explanation.schema.js';
import type { StoredExplanation } from './stored-explanation.js';

/** The explanations that this node has given. */
export class Explanations {
  constructor(private readonly dataSource: DataSource) {}

  async add(tx: Transaction, explanation: StoredExplanation): Promise<void> {
    await tx.manager.insert(explanationSchema, explanation);
  }

  /** The newest public explanation of a decision of the model. */
  async newestPublic(modelId: string): Promise<StoredExplanation | null> {
    const row = await this.dataSource.manager.findOne(explanationSchema, {
      where: { modelId, isPublic: true },
      order: { createdAt: 'DESC', id: 'ASC' },
    });
    return row as StoredExplanation | null;
  }
}
