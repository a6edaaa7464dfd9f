import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { Transaction } from '@hansa/platform';
import { type DataSource, type EntityManager, In, IsNull, MoreThan } from 'typeorm';
import { datasetSchema, offerSchema } from './catalog.schema.js';
import type { Dataset, StoredOffer } from './dataset.js';

export interface OfferedDataset {
  readonly dataset: Dataset;
  readonly offers: readonly StoredOffer[];
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
    const where = { datasetId: In([...datasetIds]), withdrawnAt: IsNull() };
    const rows = await this.dataSource.manager.find(offerSchema, { where, order: { createdAt: 'ASC' } });
    return rows as StoredOffer[];
  }

  async withdraw(tx: Transaction, id: string, at: Date): Promise<Result<null, Problem<'offer.not-found'>>> {
    const { affected } = await tx.manager.update(offerSchema, { id, withdrawnAt: IsNull() }, { withdrawnAt: at });
    return affected === 1 ? ok(null) : refuse('offer.not-found', `This node makes no offer ${id}.`);
  }

  /** The datasets that somebody may negotiate about, with their offers: what the catalogue shows. */
  async offered(after: string | undefined, limit: number): Promise<readonly OfferedDataset[]> {
    const datasets = (await this.dataSource.manager
      .createQueryBuilder(datasetSchema, 'd')
      .where('EXISTS (SELECT 1 FROM offer o WHERE o.dataset_id = d.id AND o.withdrawn_at IS NULL)')
      .andWhere(after === undefined ? 'true' : 'd.id > :after', { after })
      .orderBy('d.id')
      .take(limit)
      .getMany()) as Dataset[];
    const offers = await this.offersOf(datasets.map((dataset) => dataset.id));
    return datasets.map((dataset) => ({ dataset, offers: offers.filter((offer) => offer.datasetId === dataset.id) }));
  }

  #manager(tx: Transaction | undefined): EntityManager {
    return tx?.manager ?? this.dataSource.manager;
  }
}
