import type { JsonObject } from '@hansa/kernel';
import type { TemplateParameters } from '@hansa/odrl';
import type { NegotiationRules } from './negotiation-rules.js';

/** Where the data of a dataset come from. */
export type DatasetSource =
  | { readonly kind: 'file'; readonly path: string; readonly format: string }
  | { readonly kind: 'http'; readonly url: string; readonly format: string }
  /** A model that answers where it stands, offered like a dataset. */
  | { readonly kind: 'inference-service'; readonly modelId: string };

/** What a look at the data has found. */
export interface DatasetProfile {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: number;
  readonly bytes: number;
  readonly digest: string;
}

/** Something that this node can offer (DCAT 3 §6.6). */
export interface Dataset {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly keywords: readonly string[];
  /** Who owns the data. */
  readonly publisher: string | null;
  /** A licence as SPDX identifier, URL or words. */
  readonly licence: string | null;
  readonly source: DatasetSource;
  /** Null for an inference service. */
  readonly profile: DatasetProfile | null;
  readonly createdAt: Date;
}

/** A dataset under a policy; what a consumer may negotiate about. */
export interface StoredOffer {
  readonly id: string;
  readonly datasetId: string;
  /** The ODRL Offer as the catalogue shows it, `@id` included. */
  readonly policy: JsonObject;
  /** The template that it was made from, and its parameters. */
  readonly template: { readonly name: string; readonly parameters: TemplateParameters } | null;
  /** How requests for it are answered; nobody else sees it. */
  readonly negotiation: NegotiationRules;
  readonly createdAt: Date;
  /** Set when the offer is withdrawn: agreements made under it stay. */
  readonly withdrawnAt: Date | null;
}

/** The DSP transfer formats of a dataset: data and inference services are pulled. */
export const transferFormat = 'HttpData-PULL';
