import type { JsonObject } from '@hansa/kernel';
import type { HostedModel } from '../governance/index.js';
import type { AuditLine, AuditView, ExplanationView } from './audit-view.js';

/** Who serves a page. */
export interface NodeView {
  /** The city's name as words: `Berlin`. */
  readonly city: string;
  readonly did: string;
  /** The base of absolute addresses, without a slash at the end. */
  readonly publicUrl: string;
  /** Issues membership credentials. */
  readonly authority: boolean;
}

export interface OfferView {
  readonly id: string;
  readonly policy: JsonObject;
  /** The policy in plain sentences. */
  readonly sentences: readonly string[];
}

/** A dataset on offer, without where its data lie. */
export interface DatasetView {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly publisher: string | null;
  readonly licence: string | null;
  readonly offers: readonly OfferView[];
  readonly createdAt: Date;
  readonly content:
    | {
        readonly kind: 'table';
        readonly columns: readonly { readonly name: string; readonly type: string }[];
        readonly rows: number;
        readonly bytes: number;
        readonly digest: string;
      }
    | { readonly kind: 'inference-service'; readonly modelId: string };
}

/** A model and its newest audit. */
export interface RegisterLine {
  readonly model: HostedModel;
  readonly newest: AuditLine | null;
}

export interface HomeView {
  readonly node: NodeView;
  readonly datasets: readonly DatasetView[];
  /** There are more datasets than are shown. */
  readonly hasMore: boolean;
  readonly models: readonly RegisterLine[];
}

export interface DatasetPageView {
  readonly node: NodeView;
  readonly dataset: DatasetView;
}

export interface ModelPageView {
  readonly node: NodeView;
  readonly model: HostedModel;
  /** Newest first. */
  readonly audits: readonly AuditLine[];
  readonly explanation: ExplanationView | null;
  /** The entries of the algorithm register that name it. */
  readonly systems: readonly SystemLink[];
}

/** A system in the algorithm register, as pages elsewhere point to it. */
export interface SystemLink {
  readonly id: string;
  readonly name: string;
}

export interface AuditPageView {
  readonly node: NodeView;
  readonly audit: AuditView;
}
