import type { CellCounts, ConfusionCounts, DisclosedCounts, JointCounts } from '@hansa/fair';
import type { Digest, Problem } from '@hansa/kernel';
import type { SourceFormat, TableProblemKind } from '@hansa/tabular';

/** What to read from a file of confusion tables. */
export interface CountsFileOptions {
  readonly file: string;
  readonly format?: SourceFormat;
  /**
   * Whoever made the file wrote 0 for cells below this number and, where that was one cell of a table only, for the
   * lowest other one. So 0 means withheld, never none.
   */
  readonly suppressedBelow?: number;
  /**
   * Attributes that the file must have. Where each has a column, the other columns tell populations apart; without this
   * each column that is no count and has several values is an attribute.
   */
  readonly attributes?: readonly string[];
}

export type CellName = Exclude<keyof ConfusionCounts, 'n'>;

/** A cell whose number was not disclosed. */
export interface WithheldCell {
  readonly attribute: string;
  readonly group: string;
  readonly cell: CellName;
  /** The row of the file, from 1, the header apart. */
  readonly row: number;
  /** The largest number that it can be; null when the file's rule is not known. The smallest is 0. */
  readonly most: number | null;
  /**
   * What it is if no row lacks the attribute: the difference of another attribute's total and the disclosed groups of
   * this one. A number here means that withholding failed.
   */
  readonly bySubtraction: number | null;
}

/** A cell that was disclosed although it is below the number under which cells are withheld. */
export interface SmallCell {
  readonly attribute: string;
  readonly group: string;
  readonly cell: CellName;
  readonly row: number;
  readonly value: number;
}

/** Confusion tables of one population: one model, one period, whatever the file's further columns tell apart. */
export interface CountsSet {
  /** `{"Dataset":"Prepilot","Model":"BR"}` */
  readonly constants: Readonly<Record<string, string>>;
  /** The total is that of the attribute that covers most rows and of which nothing was withheld. */
  readonly counts: CellCounts;
  /** When every row of the file is a combination of all attributes and nothing was withheld. */
  readonly joint?: JointCounts;
  /** All groups of each attribute together; they differ when rows lack an attribute. */
  readonly totals: readonly { readonly attribute: string; readonly counts: DisclosedCounts }[];
  readonly withheld: readonly WithheldCell[];
  readonly small: readonly SmallCell[];
  /** Attributes with more of a cell than the total has: not all of the tables are about the same people. */
  readonly contradicting: readonly { readonly attribute: string; readonly cell: CellName }[];
}

export interface CountsFile {
  /** In the order of the file. */
  readonly sets: readonly CountsSet[];
  readonly facts: {
    readonly format: SourceFormat;
    readonly bytes: number;
    readonly digest: Digest;
    readonly rows: number;
    /**
     * Zeros occur, and no number below this one: the zeros may be withheld cells. Null when `suppressedBelow` was
     * given, or when small numbers occur.
     */
    readonly looksSuppressedBelow: number | null;
  };
}

export type CountsFileProblem = Problem<
  | TableProblemKind
  | `joint.${string}`
  | 'audit-file.unknown-format'
  | 'counts-file.missing-column'
  | 'counts-file.wrong-count'
  | 'counts-file.repeated-group'
  | 'counts-file.too-many-rows'
>;

export const cellNames: readonly CellName[] = ['tn', 'fp', 'fn', 'tp'];
