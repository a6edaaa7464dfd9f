import type { FilterCondition } from '@hansa/dsp';
import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { Transaction } from '@hansa/platform';
import { Any, type DataSource, type EntityManager, IsNull, MoreThan } from 'typeorm';
import { datasetSchema, offerSchema } from './catalog.schema.js';
import type { Dataset, StoredOffer } from './dataset.js';
import { offeredQuery } from './find-offered.js';

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
    const dataset = await this.#manager(tx).findOneBy(datasetSchema, { id });
    return dataset ? ok(dataset as Dataset) : refuse('dataset.not-found', `This node has no dataset ${id}.`);
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
    const offer = await this.#manager(tx).findOneBy(offerSchema, { id, withdrawnAt: IsNull() });
    return offer ? ok(offer as StoredOffer) : refuse('offer.not-found', `This node makes no offer ${id}.`);
  }

  async offersOf(datasetIds: readonly string[]): Promise<readonly StoredOffer[]> {
    if (datasetIds.length === 0) return [];
    const where = { datasetId: Any([...datasetIds]), withdrawnAt: IsNull() };
    const rows = await this.dataSource.manager.find(offerSchema, { where, order: { createdAt: 'ASC' } });
    return rows as StoredOffer[];
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
    const offers = new Map<string, StoredOffer[]>(ids.map((id) => [id, []]));
    for (const offer of await this.offersOf(ids)) offers.get(offer.datasetId)?.push(offer);
    const items = (rows as Dataset[])
      .map((dataset) => ({ dataset, offers: offers.get(dataset.id) ?? [] }))
      // One that was withdrawn between the statements is not on offer any more.
      .filter((offered) => offered.offers.length > 0);
    return { items, next: found.length === limit ? (ids.at(-1) ?? null) : null };
  }

  #manager(tx: Transaction | undefined): EntityManager {
    return tx?.manager ?? this.dataSource.manager;
  }
}
