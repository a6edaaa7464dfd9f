import type { ExactSums } from './joint-counts.js';

/** Weights are summed in units of 2 to the power of minus this. */
export const weightUnitBits = 90;

/** The largest weight; its square has 30 bits to spare in each of two limbs above the point. */
export const maxWeight = 2 ** 30;

const unit = 2 ** -weightUnitBits;
const limbBits = 30;
const limb = 2 ** limbBits;
/** Limbs of 30 bits from 2^60 down to 2^-90. */
const limbs = 5;
/** So many limbs of 30 bits add up without loss in a double, which has 53. */
const rowsBeforeCarry = 2 ** 23;

/** The double nearest to each exact sum. */
export function nearestDoubles({ sums, squares }: ExactSums): { sums: Float64Array; squares: Float64Array } {
  // Number() rounds an integer to the nearest double; a power of two then changes only the exponent.
  const nearest = (exact: readonly bigint[]) => Float64Array.from(exact, (sum) => Number(sum) * unit);
  return { sums: nearest(sums), squares: nearest(squares) };
}

/**
 * Adds doubles from 0 to 2^60, each rounded down to a multiple of 2^-90, without any further rounding: as five
 * integers of 30 bits, which are carried into one before they could be rounded.
 */
export class ExactAdder {
  readonly #limbs: Float64Array;
  readonly #carried: bigint[];
  #rows = 0;

  constructor(cells: number) {
    this.#limbs = new Float64Array(cells * limbs);
    this.#carried = new Array<bigint>(cells).fill(0n);
  }

  add(cell: number, value: number): void {
    if (++this.#rows > rowsBeforeCarry) this.#carry();
    const at = cell * limbs;
    // Every step is exact: powers of two, and differences of a number and its own leading bits.
    let rest = value / limb;
    for (let i = 0; i < limbs; i++) {
      const whole = Math.floor(rest);
      this.#limbs[at + i] = (this.#limbs[at + i] ?? 0) + whole;
      rest = (rest - whole) * limb;
    }
  }

  /** The sums in units of 2^-90. */
  finish(): readonly bigint[] {
    this.#carry();
    return this.#carried;
  }

  #carry(): void {
    for (let cell = 0; cell < this.#carried.length; cell++) {
      let sum = 0n;
      for (let i = 0; i < limbs; i++) sum = (sum << BigInt(limbBits)) + BigInt(this.#limbs[cell * limbs + i] ?? 0);
      this.#carried[cell] = (this.#carried[cell] ?? 0n) + sum;
    }
    this.#limbs.fill(0);
    this.#rows = 1;
  }
}
