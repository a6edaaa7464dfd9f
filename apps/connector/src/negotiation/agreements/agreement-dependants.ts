import { type DataSource, In, Not } from 'typeorm';
import type { Dataset, Datasets } from '../../catalog/index.js';
import type { Ledger } from '../../ledger/index.js';
import { negotiationSchema } from '../negotiation.schema.js';
import type { AgreementRecord } from './agreement-record.js';
import type { Agreements } from './agreements.js';

/** The transfers under one agreement. */
export interface DependentTransfers {
  /** How many there are, by their state. */
  readonly states: Readonly<Record<string, number>>;
  /** Those that end with the agreement, at most a hundred, the newest first. */
  readonly open: readonly { readonly id: string; readonly state: string }[];
  /** How many access tokens work, or will work once the other side has acknowledged the start. */
  readonly tokens: number;
}

/** What stands on an agreement, as this node sees it. */
export interface Dependants {
  readonly negotiation: { readonly id: string; readonly state: string };
  /** Agreements that stand in its place. */
  readonly successors: readonly string[];
  /** Negotiations under way about an agreement that shall take its place. */
  readonly renewals: readonly string[];
  readonly transfers: DependentTransfers;
  /** Entries of the ledger about data that left or arrived under it, and about answers of a model. */
  readonly receipts: number;
  /** The hosted model that is used under it; null where it is about data, or the model is the other side's. */
  readonly modelId: string | null;
}

const receiptKinds = ['data.released', 'data.received', 'inference.answered', 'inference.explained'];
const over = ['FINALIZED', 'TERMINATED', 'REFUSED'];

/** Finds what stands on an agreement, before somebody ends it. */
export class AgreementDependants {
  #transfersOf: (agreementId: string) => Promise<DependentTransfers> = async () => ({
    states: {},
    open: [],
    tokens: 0,
  });

  constructor(
    private readonly dataSource: DataSource,
    private readonly agreements: Agreements,
    private readonly datasets: Datasets,
    private readonly ledger: Ledger,
  ) {}

  /** The feature that knows the transfers registers how to find them. */
  findTransfersBy(find: (agreementId: string) => Promise<DependentTransfers>): void {
    this.#transfersOf = find;
  }

  async of({ id, negotiationId, role, datasetId }: AgreementRecord): Promise<Dependants> {
    const { manager } = this.dataSource;
    const negotiation = await manager.findOneBy(negotiationSchema, { id: negotiationId });
    const successors = await this.agreements.successorsOf(id);
    const renewals = await manager.find(negotiationSchema, { where: { supersedes: id, state: Not(In(over)) } });
    const dataset = role === 'provider' ? await this.datasets.find(datasetId) : null;
    return {
      negotiation: { id: negotiationId, state: negotiation?.state ?? 'FINALIZED' },
      successors: successors.map((successor) => successor.id),
      renewals: renewals.map((renewal) => renewal.id),
      transfers: await this.#transfersOf(id),
      receipts: await this.ledger.count(id, receiptKinds),
      modelId: dataset?.ok ? modelOf(dataset.value) : null,
    };
  }
}

function modelOf({ source }: Dataset): string | null {
  return source.kind === 'inference-service' ? source.modelId : null;
}
