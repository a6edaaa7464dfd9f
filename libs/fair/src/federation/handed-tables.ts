/** Rows by what was true and decided: tn, fp, fn, tp; null where a number is withheld. */
export type HandedCells = readonly [tn: number | null, fp: number | null, fn: number | null, tp: number | null];

/** The tables that the plan needs and no others, with small counts withheld. */
export interface WithheldTables {
  readonly kind: 'tables';
  /** Counts below this are withheld, and others so that nobody can compute them from the rest. */
  readonly minimumCell: number;
  /** As `tablesOfPlan` lists them; each with every combination of levels, also those without rows. */
  readonly tables: readonly HandedTable[];
  /** Where the plan asks for scores. */
  readonly scores?: WithheldScores;
}

/**
 * Scores of groups in which nothing is withheld, in bins so wide that none of them holds fewer rows than the minimum.
 * Groups of other columns have none.
 */
export interface WithheldScores {
  /** The range that is divided into 1000 bins. */
  readonly range: readonly [lower: number, upper: number];
  /** Those bins put together: the first of each, from 0 on. */
  readonly bins: readonly number[];
  /** Everybody, then what the plan compares, as far as it is handed out. */
  readonly tables: readonly HandedScores[];
}

/** Rows in each bin, by what was true. */
export interface HandedScores {
  readonly attributes: readonly string[];
  /** Each combination of levels, in order. */
  readonly groups: readonly {
    readonly codes: readonly number[];
    readonly negative: readonly number[];
    readonly positive: readonly number[];
  }[];
}

/** Rows by some of the columns. */
export interface HandedTable {
  /** In the order of the document's columns; none for everybody. */
  readonly attributes: readonly string[];
  readonly groups: readonly { readonly codes: readonly number[]; readonly cells: HandedCells }[];
}
