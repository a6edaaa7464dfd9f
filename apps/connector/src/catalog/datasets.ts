import type { FilterCondition } from '@hansa/dsp';
import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { Table, type Transaction } from '@hansa/platform';
import { Any, type DataSource, IsNull, MoreThan } from 'typeorm';
import { datasetSchema, offerSchema } from './catalog.schema.js';
import type { Dataset, StoredOffer } from './dataset.js';
import { offeredQuery } from './find-offered.js';

const datasets = new Table<Dataset>(datasetSchema, ['id']);
const offers = new Table<StoredOffer>(offerSchema, ['id']);

export interface OfferedDataset {
  readonly dataset: Dataset;
  readonly offers: readonly StoredOffer[];
}

/** A page of the datasets on offer; `next` is where the following page begins, null after the last. */
export interface OfferedPage {
  readonly items: readonly OfferedDataset[];
  readonly next: string | null;
}

/** The datasets and offers of this node. Reads take an optional transaction to be part of it. */
export class Datasets {
  constructor(private readonly dataSource: DataSource) {}

  async add(tx: Transaction, dataset: Dataset): Promise<void> {
    await tx.manager.insert(datasetSchema, dataset);
  }

  async find(id: string, tx?: Transaction): Promise<Result<Dataset, Problem<'dataset.not-found'>>> {
    const [dataset] = await this.#read<Dataset>(`${datasets.select} WHERE id = $1`, [id], tx);
    return dataset ? ok(dataset) : refuse('dataset.not-found', `This node has no dataset ${id}.`);
  }

  /** The dataset that had these bytes when it was registered, the newest where there are several. */
  async findDigest(digest: string): Promise<Dataset | null> {
    const where = `profile->>'digest' = $1 ORDER BY created_at DESC, id LIMIT 1`;
    const [dataset] = await this.#read<Dataset>(`${datasets.select} WHERE ${where}`, [digest]);
    return dataset ?? null;
  }

  /** All datasets in the order of their ids, a page at a time. */
  async list(after: string | undefined, limit: number): Promise<readonly Dataset[]> {
    const where = after === undefined ? {} : { id: MoreThan(after) };
    const rows = await this.dataSource.manager.find(datasetSchema, { where, order: { id: 'ASC' }, take: limit });
    return rows as Dataset[];
  }

  async remove(tx: Transaction, id: string): Promise<Result<null, Problem<'dataset.not-found'>>> {
    const { affected } = await tx.manager.delete(datasetSchema, { id });
    return affected === 1 ? ok(null) : refuse('dataset.not-found', `This node has no dataset ${id}.`);
  }

  async addOffer(tx: Transaction, offer: StoredOffer): Promise<void> {
    await tx.manager.insert(offerSchema, offer);
  }

  async findOffer(id: string, tx?: Transaction): Promise<Result<StoredOffer, Problem<'offer.not-found'>>> {
    const [offer] = await this.#read<StoredOffer>(`${offers.select} WHERE id = $1 AND withdrawn_at IS NULL`, [id], tx);
    return offer ? ok(offer) : refuse('offer.not-found', `This node makes no offer ${id}.`);
  }

  async offersOf(datasetIds: readonly string[]): Promise<readonly StoredOffer[]> {
    if (datasetIds.length === 0) return [];
    const where = 'dataset_id = ANY($1::text[]) AND withdrawn_at IS NULL ORDER BY created_at';
    return this.#read<StoredOffer>(`${offers.select} WHERE ${where}`, [datasetIds]);
  }

  async withdraw(tx: Transaction, id: string, at: Date): Promise<Result<null, Problem<'offer.not-found'>>> {
    const { affected } = await tx.manager.update(offerSchema, { id, withdrawnAt: IsNull() }, { withdrawnAt: at });
    return affected === 1 ? ok(null) : refuse('offer.not-found', `This node makes no offer ${id}.`);
  }

  /** The datasets that somebody may negotiate about, with their offers, a page at a time: what the catalogue shows. */
  async offered(
    after: string | undefined,
    limit: number,
    conditions: readonly FilterCondition[] = [],
  ): Promise<OfferedPage> {
    const { text, parameters } = offeredQuery(conditions, after, limit);
    const found: { readonly id: string }[] = await this.dataSource.query(text, [...parameters]);
    const ids = found.map(({ id }) => id);
    const where = { id: Any(ids) };
    const rows = await this.dataSource.manager.find(datasetSchema, { where, order: { id: 'ASC' } });
    const offersOf = new Map<string, StoredOffer[]>(ids.map((id) => [id, []]));
    for (const offer of await this.offersOf(ids)) offersOf.get(offer.datasetId)?.push(offer);
    const items = (rows as Dataset[])
      .map((dataset) => ({ dataset, offers: offersOf.get(dataset.id) ?? [] }))
      // One that was withdrawn between the statements is not on offer any more.
      .filter((offered) => offered.offers.length > 0);
    return { items, next: found.length === limit ? (ids.at(-1) ?? null) : null };
  }

  #read<Row>(text: string, values: readonly unknown[], tx?: Transaction): Promise<readonly Row[]> {
    return tx ? tx.query<Row>(text, values) : this.dataSource.query(text, [...values]);
  }
}
