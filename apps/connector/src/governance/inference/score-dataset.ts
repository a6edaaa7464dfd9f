import type { ModelHost } from '@hansa/inference';
import { ok, type Result } from '@hansa/kernel';
import type { RowCondition } from '@hansa/tabular';
import type { InferenceService } from './inference-service.js';
import type { LocalRows } from './local-rows.js';
import { scoreRows } from './score-rows.js';

export interface DatasetScores {
  readonly rows: number;
  /** Rows whose score reaches the model's threshold. */
  readonly positives: number;
  readonly ms: number;
}

/** Runs a hosted model over a local dataset and counts what it decides. */
export class ScoreDataset {
  constructor(
    private readonly inference: InferenceService,
    private readonly host: ModelHost,
    private readonly rows: LocalRows,
  ) {}

  async run(modelId: string, datasetId: string, where: readonly RowCondition[]): Promise<Result<DatasetScores>> {
    const began = performance.now();
    const loaded = await this.inference.load(modelId);
    if (!loaded.ok) return loaded;
    return this.rows.use({ datasetId, where }, async (rows) => {
      const scored = await scoreRows({ host: this.host, loaded: loaded.value, rows });
      if (!scored.ok) return scored;
      const { decisions } = scored.value;
      const positives = decisions.reduce((sum, decision) => sum + decision, 0);
      return ok({ rows: decisions.length, positives, ms: Math.round(performance.now() - began) });
    });
  }
}
