import type { ListedDataset } from '@hansa/dsp';
import { isJsonObject, type JsonObject } from '@hansa/kernel';
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
  /**
   * Whether a transfer of it has an end of its own (DSP 2025-1, Transfer Process Protocol). False: the data go on
   * changing, and a transfer goes on until one side ends it.
   */
  readonly finite: boolean;
  /** Seconds between two looks at data that go on changing, by which they are pushed; null where nothing is. */
  readonly intervalSeconds: number | null;
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

/** The consumer fetches, by an address that the provider gives it. */
export const pullFormat = 'HttpData-PULL';
/** The provider brings, to an address that the consumer gives it. */
export const pushFormat = 'HttpData-PUSH';

/** The formats in which a dataset can be transferred: data both ways; a model is asked, so it is only pulled. */
export function formatsOf({ source }: Pick<Dataset, 'source'>): readonly string[] {
  return source.kind === 'inference-service' ? [pullFormat] : [pullFormat, pushFormat];
}

/** "Continuously updated" in the EU's frequency list, which DCAT-AP prescribes for `dct:accrualPeriodicity`. */
export const continuouslyUpdated = 'http://publications.europa.eu/resource/authority/frequency/UPDATE_CONT';

/** Whether a catalogue says of a dataset that it is updated continuously, so that no transfer of it ends of itself. */
export function goesOnChanging({ properties }: Pick<ListedDataset, 'properties'>): boolean {
  const frequency = properties['dct:accrualPeriodicity'] ?? properties.accrualPeriodicity;
  const name = isJsonObject(frequency) ? frequency['@id'] : frequency;
  return typeof name === 'string' && /\/frequency\/(?:UPDATE_CONT|CONT)$/.test(name);
}
