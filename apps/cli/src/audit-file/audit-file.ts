import type { HumanDecisions, JointCounts } from '@hansa/fair';
import type { Digest, Problem } from '@hansa/kernel';
import type { ColumnProfile, DerivedColumn, SourceFormat, TableProblemKind } from '@hansa/tabular';

/** Where the decisions stand that are audited. */
export type DecisionSource =
  /** A column of decisions. Without `positive` they are positive by the same value as the label. */
  | { readonly kind: 'prediction'; readonly column: string; readonly positive?: readonly string[] }
  /** A column of scores, of the file or a derived one: positive from the threshold on. */
  | { readonly kind: 'threshold'; readonly column: string; readonly threshold: number };

/** What to read from a file of people. Columns are named exactly as in the file. */
export interface AuditFileOptions {
  readonly file: string;
  /** Told by the name of the file when absent. */
  readonly format?: SourceFormat;
  readonly label: string;
  /** The value of the label that is positive, for instance `1`. */
  readonly positive: string;
  /** Somebody chose `positive`: it is then one class of a label of several, against all others. */
  readonly oneAgainstRest?: boolean;
  readonly decision: DecisionSource;
  /** A column of what people decided about the same rows, positive by the value of the label unless values are given. */
  readonly baseline?: { readonly column: string; readonly positive?: readonly string[] };
  /** A column that is not in the file, such as the scores of a model; the decision may be made of it. */
  readonly derived?: DerivedColumn<AuditFileProblem>;
  readonly protected: readonly string[];
  readonly control?: readonly string[];
  readonly weight?: string;
  /** A column that says which rows belong together. */
  readonly cluster?: string;
  /** A column of dates or times, to look at outcomes month by month. */
  readonly time?: string;
  /** Also count by score: on a grid of equal bins, or by each value that occurs. */
  readonly score?: { readonly column: string; readonly grid: ScoreGrid | 'values' };
}

export interface ScoreGrid {
  readonly lower: number;
  readonly upper: number;
  readonly bins: number;
}

/** How one value of a label or decision was read. */
export interface OutcomeValue {
  readonly value: string;
  readonly rows: number;
  readonly positive: boolean;
}

/** The values of a label or decision. One value only is allowed here, and a finding for whoever judges. */
export interface OutcomeFacts {
  readonly column: string;
  readonly values: readonly OutcomeValue[];
  /** Rows without a value; they are in no confusion table. */
  readonly missing: number;
}

/** Rows of a group that are in no confusion table, since they have no label or no decision. */
export interface LeftOut {
  readonly attribute: string;
  readonly level: string;
  readonly rows: number;
  readonly withoutLabel: number;
  readonly withoutDecision: number;
}

/** A value that is often written for a missing one; it was counted as a value. */
export interface MissingCode {
  readonly column: string;
  readonly value: string;
  readonly rows: number;
  readonly firstRow: number;
}

/** Rows of one month, by what was true and what was decided. */
export interface MonthFacts {
  /** `2026-11`, or null for rows without a date. */
  readonly month: string | null;
  /** Rows that have a label and a decision. */
  readonly rows: number;
  readonly labelPositive: number;
  readonly decidedPositive: number;
}

/** What a report says about the file, and what its findings are made of. Rows are numbered from 1, headers apart. */
export interface AuditFileFacts {
  readonly format: SourceFormat;
  readonly bytes: number;
  readonly digest: Digest;
  /** All rows of the file. */
  readonly rows: number;
  /** Rows in the confusion tables: those with a label and a decision. */
  readonly counted: number;
  readonly columns: readonly ColumnProfile[];
  /** Rows equal to an earlier one; null when there are too many rows to look. */
  readonly duplicates: number | null;
  readonly constantColumns: readonly string[];
  readonly label: OutcomeFacts;
  readonly decision: OutcomeFacts;
  /** For each level of each attribute; empty when no row was left out. */
  readonly leftOut: readonly LeftOut[];
  readonly missingCodes: readonly MissingCode[];
  /** Values of one column that differ only in case or in spaces around them, such as `Male` and ` male`. */
  readonly lookalikes: readonly { readonly column: string; readonly values: readonly string[] }[];
  readonly months?: readonly MonthFacts[];
}

export interface AuditFile {
  /** By the protected attributes, then the control attributes. */
  readonly joint: JointCounts;
  /** The same rows by the protected attributes, with the score's bin as a last attribute named like its column. */
  readonly scores?: JointCounts;
  /** The same rows by month and the score's bin. */
  readonly scoreMonths?: JointCounts;
  /** The same rows by the attributes of `joint`, then the cluster. */
  readonly clusters?: JointCounts;
  readonly baseline?: HumanDecisions;
  readonly facts: AuditFileFacts;
}

export type AuditFileProblem = Problem<
  | TableProblemKind
  | `joint.${string}`
  | `model.${string}`
  | 'audit-file.unknown-format'
  | 'audit-file.repeated-column'
  | 'audit-file.label-values'
  | 'audit-file.prediction-values'
  | 'audit-file.no-rows'
  | 'audit-file.changed'
>;
