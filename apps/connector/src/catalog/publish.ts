import { type Clock, type Ids, must, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { keepsBounds, offerOf, parsePolicy, serializePolicy, type TemplateParameters } from '@hansa/odrl';
import type { UnitOfWork } from '@hansa/platform';
import type { SourceFormat, TableEngine } from '@hansa/tabular';
import type { Ledger } from '../ledger/index.js';
import type { PolicyTemplates } from '../policy/index.js';
import type { Dataset, DatasetProfile, DatasetSource, StoredOffer } from './dataset.js';
import type { Datasets } from './datasets.js';
import type { HostedModels } from './hosted-models.js';
import { type RulesInput, readRules, readTerms, type TermsInput } from './negotiation-rules.js';
import { type SourceFiles, sourceFormat } from './source-files.js';

export interface NewDataset {
  readonly title: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly publisher: string | null;
  readonly licence: string | null;
  readonly finite: boolean;
  /** Seconds; of no meaning for finite data. */
  readonly intervalSeconds: number;
  readonly source:
    | { readonly kind: 'file'; readonly path: string; readonly format?: SourceFormat | undefined }
    | { readonly kind: 'http'; readonly url: string; readonly format?: SourceFormat | undefined }
    | { readonly kind: 'inference-service'; readonly modelId: string };
}

export interface NewOffer {
  readonly datasetId: string;
  readonly terms: TermsInput;
  /** @default plainRules */
  readonly negotiation?: RulesInput | undefined;
}

/** What a data steward does: register datasets, offer them, take them back. */
export class Publish {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly datasets: Datasets,
    private readonly sources: SourceFiles,
    private readonly tables: TableEngine,
    private readonly templates: PolicyTemplates,
    private readonly models: HostedModels,
    private readonly ledger: Ledger,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Looks at the data first: what cannot be read is not registered. */
  async register(input: NewDataset): Promise<Result<Dataset>> {
    const source = resolveSource(input.source);
    if (!source.ok) return source;
    const profile = await this.#profile(source.value);
    if (!profile.ok) return profile;
    const { title, description, keywords, publisher, licence } = input;
    const changing = !input.finite && source.value.kind !== 'inference-service';
    const dataset: Dataset = {
      id: this.ids.next(),
      title,
      description,
      keywords,
      publisher,
      licence,
      source: source.value,
      finite: input.finite && source.value.kind !== 'inference-service',
      intervalSeconds: changing ? input.intervalSeconds : null,
      profile: profile.value,
      createdAt: this.clock.now(),
    };
    await this.unitOfWork.run(async (tx) => {
      await this.datasets.add(tx, dataset);
      const digest = profile.value?.digest ?? null;
      const data = { title, source: source.value.kind, digest, rows: profile.value?.rows ?? null };
      await this.ledger.append(tx, { kind: 'dataset.registered', subjects: [dataset.id], data });
    });
    return ok(dataset);
  }

  async remove(id: string): Promise<Result<null>> {
    return this.unitOfWork.run(async (tx): Promise<Result<null>> => {
      const removed = await this.datasets.remove(tx, id);
      if (removed.ok) await this.ledger.append(tx, { kind: 'dataset.removed', subjects: [id], data: {} });
      return removed;
    });
  }

  /** A policy that this node could not enforce is refused before anybody sees it. */
  async offer(input: NewOffer): Promise<Result<StoredOffer>> {
    const dataset = await this.datasets.find(input.datasetId);
    if (!dataset.ok) return dataset;
    const { terms } = input;
    const policy = readTerms(this.templates, terms);
    if (!policy.ok) return policy;
    const rules = readRules(this.templates, input.negotiation);
    if (!rules.ok) return rules;
    if (rules.value.bounds) {
      const kept = keepsBounds(policy.value, must(parsePolicy(rules.value.bounds)));
      if (!kept.ok)
        return refuse(
          'offer.bounds-too-strict',
          `The offer itself is outside. ${kept.problem.detail}`,
          'negotiation.bounds',
        );
    }
    const id = this.ids.next();
    const offer: StoredOffer = {
      id,
      datasetId: input.datasetId,
      policy: serializePolicy(offerOf(policy.value, { id })),
      template: 'template' in terms ? (terms.template as { name: string; parameters: TemplateParameters }) : null,
      negotiation: rules.value,
      createdAt: this.clock.now(),
      withdrawnAt: null,
    };
    await this.unitOfWork.run(async (tx) => {
      await this.datasets.addOffer(tx, offer);
      await this.ledger.append(tx, { kind: 'offer.published', subjects: [id, input.datasetId], data: offer.policy });
    });
    return ok(offer);
  }

  async withdraw(id: string): Promise<Result<null, Problem>> {
    return this.unitOfWork.run(async (tx): Promise<Result<null, Problem>> => {
      const withdrawn = await this.datasets.withdraw(tx, id, this.clock.now());
      if (withdrawn.ok) await this.ledger.append(tx, { kind: 'offer.withdrawn', subjects: [id], data: {} });
      return withdrawn;
    });
  }

  async #profile(source: DatasetSource): Promise<Result<DatasetProfile | null>> {
    if (source.kind === 'inference-service') {
      const model = await this.models.find(source.modelId);
      return model.ok ? ok(null) : model;
    }
    const file = await this.sources.fileOf({ source });
    if (!file.ok) return file;
    const described = await this.tables.describeSource(file.value.file, file.value.format);
    // Only here, where an administrator has named it: others do not learn the paths of this machine.
    if (source.kind === 'file' && !described.ok && described.problem.kind === 'tabular.vanished')
      return refuse('dataset.source-invalid', `There is no file ${source.path} on the machine of the node.`, 'source');
    return described;
  }
}

function resolveSource(source: NewDataset['source']): Result<DatasetSource> {
  if (source.kind === 'inference-service') return ok(source);
  const location = source.kind === 'file' ? source.path : source.url;
  const format = sourceFormat(location, source.format);
  if (!format.ok) return format;
  if (source.kind === 'http') {
    const scheme = URL.canParse(source.url) ? new URL(source.url).protocol : '';
    if (scheme !== 'https:' && scheme !== 'http:')
      return refuse('dataset.source-invalid', 'The source must be an absolute https URL.', 'source.url');
  }
  return ok({ ...source, format: format.value });
}
