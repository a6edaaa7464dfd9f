/** A sum of unknowns, each at least 0, that is known. */
export interface KnownSum {
  /** The unknowns, by number from 0. */
  readonly terms: readonly number[];
  readonly total: number;
}

/** Below this a number of the tableau is taken for 0; all coefficients begin as 0, 1 and whole totals. */
const tiny = 1e-7;

/**
 * The unknowns under all sums that are known, by the simplex method: the sharpest bounds that anybody can compute from
 * these sums by arithmetic, subtraction of tables included.
 */
export class LinearBounds {
  readonly #unknowns: number;
  /** Rows of the tableau, the right-hand side last; each belongs to the unknown in `#basis`, −1 for none yet. */
  #rows: Float64Array[];
  #basis: number[];

  private constructor(unknowns: number, sums: readonly KnownSum[]) {
    this.#unknowns = unknowns;
    this.#rows = sums.map(({ terms, total }) => {
      const row = new Float64Array(unknowns + 1);
      for (const term of terms) row[term] = 1;
      row[unknowns] = total;
      return row;
    });
    this.#basis = sums.map(() => -1);
  }

  /** Null when no unknowns have these sums: then they contradict each other. */
  static of(unknowns: number, sums: readonly KnownSum[]): LinearBounds | null {
    const bounds = new LinearBounds(unknowns, sums);
    return bounds.#begin() ? bounds : null;
  }

  /** The least and the largest that a sum of unknowns can be. */
  range(terms: readonly number[]): { readonly lower: number; readonly upper: number } {
    return { lower: Math.max(0, -this.#largest(terms, -1)), upper: this.#largest(terms, 1) };
  }

  /** Finds unknowns that have all sums. */
  #begin(): boolean {
    for (;;) {
      const open = this.#rows.filter((_, i) => this.#basis[i] === -1);
      const gain = new Float64Array(this.#unknowns);
      for (const row of open) for (let j = 0; j < this.#unknowns; j++) gain[j] = (gain[j] ?? 0) + (row[j] ?? 0);
      const enter = gain.findIndex((value) => value > tiny);
      if (enter < 0) break;
      const leave = this.#leaving(enter);
      if (leave < 0) break;
      this.#pivot(leave, enter);
    }
    const left = this.#rows.map((_, i) => i).filter((i) => this.#basis[i] === -1);
    if (left.some((i) => this.#right(i) > 1e-4)) return false;
    for (const i of left) {
      const enter = this.#rows[i]?.findIndex((value, j) => j < this.#unknowns && Math.abs(value) > tiny) ?? -1;
      if (enter >= 0) this.#pivot(i, enter);
    }
    // What is left follows from other sums.
    const kept = this.#rows.map((_, i) => i).filter((i) => this.#basis[i] !== -1);
    this.#rows = kept.flatMap((i) => this.#rows[i] ?? []);
    this.#basis = kept.map((i) => this.#basis[i] ?? -1);
    return true;
  }

  /** Goes from solution to solution as long as `sign` times the sum grows; by Bland's rule it ends. */
  #largest(terms: readonly number[], sign: 1 | -1): number {
    const wanted = new Float64Array(this.#unknowns);
    for (const term of terms) wanted[term] = sign;
    for (;;) {
      const cost = wanted.slice();
      for (const [i, row] of this.#rows.entries()) {
        const own = wanted[this.#basis[i] ?? 0] ?? 0;
        if (own !== 0) for (let j = 0; j < this.#unknowns; j++) cost[j] = (cost[j] ?? 0) - own * (row[j] ?? 0);
      }
      const enter = cost.findIndex((value) => value > tiny);
      const leave = enter < 0 ? -1 : this.#leaving(enter);
      if (enter < 0) return this.#basis.reduce((sum, own, i) => sum + (wanted[own] ?? 0) * this.#right(i), 0);
      if (leave < 0) return Number.MAX_SAFE_INTEGER;
      this.#pivot(leave, enter);
    }
  }

  #right(i: number): number {
    return this.#rows[i]?.[this.#unknowns] ?? 0;
  }

  #leaving(enter: number): number {
    let [best, leave] = [Number.POSITIVE_INFINITY, -1];
    for (const [i, row] of this.#rows.entries()) {
      const step = row[enter] ?? 0;
      if (step <= tiny) continue;
      const ratio = this.#right(i) / step;
      const isTie = Math.abs(ratio - best) <= tiny && (this.#basis[i] ?? 0) < (this.#basis[leave] ?? 0);
      if (ratio < best - tiny || isTie) [best, leave] = [ratio, i];
    }
    return leave;
  }

  #pivot(leave: number, enter: number): void {
    const pivot = this.#rows[leave];
    if (!pivot) return;
    const by = pivot[enter] ?? 1;
    for (let j = 0; j < pivot.length; j++) pivot[j] = (pivot[j] ?? 0) / by;
    for (const [i, row] of this.#rows.entries()) {
      const times = row[enter] ?? 0;
      if (i === leave || times === 0) continue;
      for (let j = 0; j < row.length; j++) row[j] = (row[j] ?? 0) - times * (pivot[j] ?? 0);
    }
    this.#basis[leave] = enter;
  }
}
