import type { JsonObject } from '@hansa/kernel';

/** How a model was used: what a run needs to know of it beside its file. */
export interface RequestedModel {
  readonly threshold: number;
  /** Columns in the order of training; empty where the model's inputs carry the names. */
  readonly features: readonly string[];
  /** The class by its name, or the place of its column. */
  readonly positiveClass?: string | number;
  /** What the report repeats of the model's card. */
  readonly card?: JsonObject;
}

/**
 * What was asked for beside the plan, so that anybody who has the same files can run the audit again. Names of files and
 * their digests stand in the parts on data and model.
 */
export interface ReportRequest {
  /** Whether the file holds people, or counts of them. */
  readonly of: 'people' | 'counts';
  /** The options of `hansa audit run` by their names, as they were given: `{"label":"y","time":"screened"}`. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
  /** Where a model decided. */
  readonly model?: RequestedModel;
}
