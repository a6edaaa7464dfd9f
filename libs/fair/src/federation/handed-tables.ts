/** Rows by what was true and decided: tn, fp, fn, tp; null where a number is withheld. */
export type HandedCells = readonly [tn: number | null, fp: number | null, fn: number | null, tp: number | null];

/** The tables that the plan needs and no others, with small counts withheld. */
export interface WithheldTables {
  readonly kind: 'tables';
  /** Counts below this are withheld, and others so that nobody can compute them from the rest. */
  readonly minimumCell: number;
  /** As `tablesOfPlan` lists them; each with every combination of levels, also those without rows. */
  readonly tables: readonly HandedTable[];
}

/** Rows by some of the columns. */
export interface HandedTable {
  /** In the order of the document's columns; none for everybody. */
  readonly attributes: readonly string[];
  readonly groups: readonly { readonly codes: readonly number[]; readonly cells: HandedCells }[];
}
