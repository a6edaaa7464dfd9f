import { type Digest, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { RowOf, Transaction } from '@hansa/platform';
import type { DataSource } from 'typeorm';
import type { HostedModel } from './hosted-model.js';
import { modelSchema } from './model.schema.js';

type ModelRow = RowOf<HostedModel, 'signature' | 'card'> & { readonly name: string; readonly version: string };

const newestFirst = { createdAt: 'DESC', id: 'ASC' } as const;

/** The models of this node. */
export class Models {
  constructor(private readonly dataSource: DataSource) {}

  /** False when there is a model of this name and version already. */
  async add(tx: Transaction, model: HostedModel): Promise<boolean> {
    const { name, version } = model.card;
    const added = await tx.manager
      .createQueryBuilder()
      .insert()
      .into(modelSchema)
      .values({ ...model, name, version })
      .orIgnore()
      .returning('id')
      .execute();
    return added.raw.length === 1;
  }

  async find(id: string): Promise<Result<HostedModel, Problem<'model.not-found'>>> {
    const row = await this.dataSource.manager.findOneBy(modelSchema, { id });
    return row ? ok(toModel(row)) : refuse('model.not-found', `This node hosts no model ${id}.`, 'modelId');
  }

  async findVersion(name: string, version: string): Promise<HostedModel | null> {
    const row = await this.dataSource.manager.findOneBy(modelSchema, { name, version });
    return row ? toModel(row) : null;
  }

  /** A model with these bytes, the newest where there are several. */
  async findDigest(digest: Digest): Promise<HostedModel | null> {
    const [row] = await this.dataSource.manager.find(modelSchema, { where: { digest }, order: newestFirst, take: 1 });
    return row ? toModel(row) : null;
  }

  async isHosted(digest: Digest): Promise<boolean> {
    return this.dataSource.manager.existsBy(modelSchema, { digest });
  }

  async list(limit: number, offset: number): Promise<readonly HostedModel[]> {
    const rows = await this.dataSource.manager.find(modelSchema, { order: newestFirst, take: limit, skip: offset });
    return rows.map(toModel);
  }
}

function toModel({ name: _, version: __, ...model }: ModelRow): HostedModel {
  return model as HostedModel;
}
