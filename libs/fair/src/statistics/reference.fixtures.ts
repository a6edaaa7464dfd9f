interface ShareCase {
  readonly k: number;
  readonly n: number;
  readonly level: number;
  readonly wilson: readonly [number, number];
  readonly 'clopper-pearson': readonly [number, number];
  readonly jeffreys: readonly [number, number];
}

interface PairCase {
  readonly pair: readonly [number, number, number, number];
  readonly newcombe?: readonly [number, number];
  readonly 'miettinen-nurminen'?: readonly [number, number];
  readonly 'log-ratio'?: readonly [number, number];
}

interface ChiSquareCase {
  readonly table: readonly (readonly number[])[];
  readonly statistic: number;
  readonly p: number;
  readonly df: number;
  readonly leastExpected: number;
  readonly sparseCells: number;
}

/** A statistic and its p-value. */
type Found = readonly [number, number];

interface StrataCase {
  readonly strata: readonly (readonly [number, number, number, number])[];
  readonly oddsRatio: number;
  readonly interval: readonly [number, number];
  readonly cmh: Found;
  readonly cmhCorrected: Found;
  readonly breslowDay: Found;
  readonly tarone: Found;
}

interface FamilyCase {
  readonly p: readonly number[];
  readonly holm: readonly number[];
  readonly 'benjamini-hochberg': readonly number[];
}

interface HeterogeneityCase {
  readonly contrast: 'difference' | 'log-ratio';
  readonly places: readonly (readonly [number, number, number, number])[];
  readonly statistic: number;
  readonly p: number;
  readonly pooled: number;
  readonly inconsistency: number;
}

type Table = readonly (readonly number[])[];

/** What fixtures/statistics.py wrote: figures of mpmath, SciPy and statsmodels. */
export interface Reference {
  readonly logGamma: Table;
  readonly beta: Table;
  readonly betaQuantile: Table;
  readonly gammaUpper: Table;
  readonly normalUpperTail: Table;
  readonly shares: readonly ShareCase[];
  readonly pairs: readonly PairCase[];
  readonly fisher: readonly (readonly [number, number, number, number, number])[];
  readonly chiSquare: readonly ChiSquareCase[];
  readonly strata: readonly StrataCase[];
  readonly mcnemar: readonly (readonly [number, number, readonly [number, number, number], Found])[];
  readonly multiplicity: readonly FamilyCase[];
  readonly power: readonly (readonly [number, number, number, number, number])[];
  readonly heterogeneity: readonly HeterogeneityCase[];
}
