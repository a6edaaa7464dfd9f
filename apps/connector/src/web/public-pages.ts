import type { Problem, Result } from '@hansa/kernel';
import { ok, refuse } from '@hansa/kernel';
import type { Dataset, Datasets, StoredOffer } from '../catalog/index.js';
import type { AuditReports, HostedModel, PublicRegister } from '../governance/index.js';
import { sentencesOf } from '../policy/index.js';
import { auditLine, auditView } from './audit-view.js';
import type {
  AuditPageView,
  DatasetPageView,
  DatasetView,
  HomeView,
  ModelPageView,
  NodeView,
  RegisterLine,
} from './view.js';

/** As many on the first page; the catalogue and the register have them all. */
const onHomePage = 24;
/** As many entries of the register are looked through for a model. */
const mostSystems = 500;

/** Gathers what the public pages show. What is not on offer or has no verdict is not there for the public. */
export class PublicPages {
  constructor(
    readonly node: NodeView,
    private readonly datasets: Datasets,
    private readonly reports: AuditReports,
    private readonly register: PublicRegister,
  ) {}

  async home(): Promise<HomeView> {
    const [offered, models] = await Promise.all([
      this.datasets.offered(undefined, onHomePage),
      this.lines(await this.reports.listModels(onHomePage)),
    ]);
    const datasets = offered.items.map(({ dataset, offers }) => datasetView(dataset, offers));
    return { node: this.node, datasets, hasMore: offered.next !== null, models };
  }

  async dataset(id: string): Promise<Result<DatasetPageView, Problem<'dataset.not-found'>>> {
    const [dataset, offers] = await Promise.all([this.datasets.find(id), this.datasets.offersOf([id])]);
    if (!dataset.ok) return dataset;
    if (offers.length === 0) return refuse('dataset.not-found', `This node does not offer the dataset ${id}.`);
    return ok({ node: this.node, dataset: datasetView(dataset.value, offers) });
  }

  async model(id: string): Promise<Result<ModelPageView>> {
    const found = await this.reports.model(id);
    if (!found.ok) return found;
    const { model, audits, explanation } = found.value;
    const named = await this.register.systemsWith(model.id, mostSystems);
    const systems = named.map(({ entryId, content: { name = entryId } }) => ({ id: entryId, name }));
    return ok({ node: this.node, model, audits: audits.map(auditLine), explanation, systems });
  }

  async audit(id: string): Promise<Result<AuditPageView>> {
    const found = await this.reports.audit(id);
    return found.ok ? ok({ node: this.node, audit: auditView(found.value) }) : found;
  }

  /** Each model is asked for on its own: a list of the newest audits of all could end before a model's only one. */
  lines(models: readonly HostedModel[]): Promise<readonly RegisterLine[]> {
    return Promise.all(
      models.map(async (model): Promise<RegisterLine> => {
        const found = await this.reports.model(model.id);
        const newest = found.ok ? found.value.audits[0] : undefined;
        return { model, newest: newest ? auditLine(newest) : null };
      }),
    );
  }
}

/** Where the data lie is nobody else's business, so the source is left out. */
function datasetView(dataset: Dataset, offers: readonly StoredOffer[]): DatasetView {
  const { id, title, description, keywords, publisher, licence, createdAt, source, profile } = dataset;
  return {
    id,
    title,
    description,
    keywords,
    publisher,
    licence,
    createdAt,
    offers: offers.map(({ id: offerId, policy }) => ({ id: offerId, policy, sentences: sentencesOf(policy) })),
    content: contentOf(source, profile),
  };
}

function contentOf(source: Dataset['source'], profile: Dataset['profile']): DatasetView['content'] {
  if (source.kind === 'inference-service') return source;
  if (profile === null) throw new Error('a dataset that is a table has a profile');
  return { kind: 'table', ...profile };
}
