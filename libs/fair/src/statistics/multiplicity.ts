/** One hypothesis of a family and the p-value of its test. */
export interface Hypothesis {
  /** What is tested, for instance `falsePositiveRate of race`. */
  readonly name: string;
  readonly p: number;
}

/** P-values adjusted for having asked many questions, together with the questions. */
export interface AdjustedFamily {
  readonly method: 'holm' | 'benjamini-hochberg';
  /** What is held to the level: the chance of any false rejection, or the expected share of false ones among all. */
  readonly controls: 'family-wise error rate' | 'false discovery rate';
  /** How many hypotheses the family has. */
  readonly size: number;
  /** In the order given. A hypothesis is rejected at level α when its adjusted p is at most α. */
  readonly hypotheses: readonly (Hypothesis & { readonly adjusted: number })[];
}

/**
 * Holm's step-down adjustment, valid under any dependence. S. Holm, Scandinavian Journal of Statistics 6 (1979).
 *
 * @example
 * holm([{ name: 'sex', p: 0.01 }, { name: 'age', p: 0.04 }]); // adjusted 0.02 and 0.04
 */
export function holm(family: readonly Hypothesis[]): AdjustedFamily {
  const adjusted = new Map<Hypothesis, number>();
  let largest = 0;
  for (const [i, hypothesis] of ascending(family).entries()) {
    largest = Math.max(largest, Math.min(1, (family.length - i) * hypothesis.p));
    adjusted.set(hypothesis, largest);
  }
  return familyOf('holm', 'family-wise error rate', family, adjusted);
}

/**
 * The step-up adjustment of Benjamini and Hochberg, for exploration; valid for independent and positively dependent
 * tests. Y. Benjamini and Y. Hochberg, Journal of the Royal Statistical Society B 57 (1995).
 */
export function benjaminiHochberg(family: readonly Hypothesis[]): AdjustedFamily {
  const adjusted = new Map<Hypothesis, number>();
  let smallest = 1;
  for (const [i, hypothesis] of ascending(family).reverse().entries()) {
    smallest = Math.min(smallest, (family.length / (family.length - i)) * hypothesis.p);
    adjusted.set(hypothesis, smallest);
  }
  return familyOf('benjamini-hochberg', 'false discovery rate', family, adjusted);
}

const ascending = (family: readonly Hypothesis[]): Hypothesis[] => [...family].sort((a, b) => a.p - b.p);

function familyOf(
  method: AdjustedFamily['method'],
  controls: AdjustedFamily['controls'],
  family: readonly Hypothesis[],
  adjusted: ReadonlyMap<Hypothesis, number>,
): AdjustedFamily {
  const hypotheses = family.map((hypothesis) => ({ ...hypothesis, adjusted: adjusted.get(hypothesis) ?? 1 }));
  return { method, controls, size: family.length, hypotheses };
}
