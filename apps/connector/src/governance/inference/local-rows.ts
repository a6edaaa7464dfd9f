import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, ok, type Result, refuse } from '@hansa/kernel';
import {
  type Column,
  type ColumnBatch,
  type RowCondition,
  type Shaping,
  type TableEngine,
  type TableProblem,
  type TableSource,
  unshaped,
} from '@hansa/tabular';
import type { Dataset, Datasets, SourceFiles } from '../../catalog/index.js';

/** Rows of a dataset that can be read, more than once, while they are in use. */
export interface OpenRows {
  readonly dataset: Dataset;
  /** Of the whole source, whatever the conditions. */
  readonly digest: Digest;
  readonly columns: readonly Column[];
  /** Rows that meet the conditions. */
  readonly rows: number;
  /** Streams columns as typed arrays; the first failure is the last item. */
  read(columns: readonly string[]): AsyncIterable<Result<ColumnBatch, TableProblem>>;
}

export interface RowsWanted {
  readonly datasetId: string;
  readonly where: readonly RowCondition[];
  /** What a policy lets out of the source: conditions see no more than that. @default all of it */
  readonly shaping?: Shaping;
  /** The rows cannot change while they are read, and are those of the digest. */
  readonly frozen?: boolean;
}

/** Opens the datasets of this node for models: columns, rows that meet conditions, and a copy where one is needed. */
export class LocalRows {
  constructor(
    private readonly datasets: Datasets,
    private readonly sources: SourceFiles,
    private readonly tables: TableEngine,
    /** For copies that live as long as their use. */
    private readonly scratch: string,
  ) {}

  async use<T>(wanted: RowsWanted, work: (rows: OpenRows) => Promise<Result<T>>): Promise<Result<T>> {
    const dataset = await this.datasets.find(wanted.datasetId);
    if (!dataset.ok) return dataset;
    const located = await this.sources.fileOf(dataset.value);
    if (!located.ok) return located;
    const source = located.value;
    const { where, shaping = unshaped } = wanted;
    const [shaped, chosen] = [isShaped(shaping), where.length > 0 || wanted.frozen === true];
    const steps = [...(shaped ? [shaping] : []), ...(chosen ? [{ ...unshaped, rows: where }] : [])];
    if (steps.length === 0) return this.#describe(dataset.value, { source, readable: source, shaped }, undefined, work);
    await mkdir(this.scratch, { recursive: true });
    const copies: TableSource[] = [];
    try {
      let counted = 0;
      for (const step of steps) {
        const copy = { file: join(this.scratch, `${randomUUID()}.parquet`), format: 'parquet' } as const;
        const written = await this.tables.writeRepresentation({
          source: copies.at(-1) ?? source,
          shaping: step,
          target: copy,
        });
        copies.push(copy);
        if (!written.ok) return written;
        counted = written.value.rows;
      }
      // The copy comes before the digest: a source that changes between them does not have the digest of the plan.
      return await this.#describe(dataset.value, { source, readable: copies.at(-1) ?? source, shaped }, counted, work);
    } finally {
      await Promise.all(copies.map(({ file }) => rm(file, { force: true })));
    }
  }

  /** Removes copies that a killed process has left. Call before the first use. */
  async clear(): Promise<void> {
    await rm(this.scratch, { recursive: true, force: true });
  }

  async #describe<T>(
    dataset: Dataset,
    { source, readable, shaped }: { source: TableSource; readable: TableSource; shaped: boolean },
    counted: number | undefined,
    work: (rows: OpenRows) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const described = await this.tables.describeSource(source.file, source.format);
    if (!described.ok) return described;
    const { digest, rows = 0 } = described.value;
    const left = shaped ? await this.tables.describeSource(readable.file, readable.format) : described;
    if (!left.ok) return left;
    const { columns } = left.value;
    if (counted === 0) return refuse('dataset.no-rows', 'No row of the dataset meets the conditions.', 'where');
    const read = (names: readonly string[]) => this.tables.readColumns({ source: readable, columns: names });
    return work({ dataset, digest, columns, rows: counted ?? rows, read });
  }
}

function isShaped({ rows, drop, coarsen }: Shaping): boolean {
  return rows.length + drop.length + coarsen.length > 0;
}

/** Stops with a sentence at the first column that is not there. */
export function requireColumns(columns: readonly Column[], names: readonly string[]): Result<null> {
  const missing = names.find((name) => !columns.some((column) => column.name === name));
  if (missing === undefined) return ok(null);
  const shown = columns
    .slice(0, 20)
    .map(({ name }) => name)
    .join(', ');
  const more = columns.length > 20 ? ` and ${columns.length - 20} more` : '';
  return refuse('dataset.missing-column', `The dataset has no column "${missing}"; it has ${shown}${more}.`, missing);
}
