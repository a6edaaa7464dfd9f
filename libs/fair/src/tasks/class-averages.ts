import { type Estimated, undefinedBecause } from '../figure.js';
import { type ClassTable, oneVersusRest } from '../outcomes/multiclass.js';
import { type Interval, wilson } from '../statistics/interval.js';

/** An average over the classes of one table, and the classes that have no figure to enter it. */
export type AverageFigure = Estimated<{ readonly value: number; readonly interval: Interval }> & {
  readonly leftOut: readonly string[];
};

/** Averages over classes, as scikit-learn names them (`zero_division=nan`). Weights are the classes' shares of the labels. */
export const averageNames = ['macroRecall', 'macroPrecision', 'macroF1', 'weightedPrecision', 'weightedF1'] as const;
export type AverageName = (typeof averageNames)[number];

/**
 * An average over the classes of a table with its interval. The weighted mean of recalls is the accuracy, and is not here.
 *
 * Macro-averaged recall and precision are means of shares of different rows: their interval is made from Wilson's of each
 * (MOVER). The others are smooth functions of one multinomial table: theirs is Wilson's for as many rows as would give a
 * share the variance that the delta method gives the average.
 *
 * @example
 * averageOf('macroF1', table, 0.95); // { state: 'value', value: 0.61, interval: { lower: 0.55, … }, leftOut: [] }
 */
export function averageOf(name: AverageName, table: ClassTable, level: number): AverageFigure {
  const parts = partsOf(table);
  const over = overOf[name];
  const told = parts.filter((part) => over(part) > 0);
  const leftOut = parts.filter((part) => over(part) === 0).map(({ name: own }) => own);
  const weight = name.startsWith('weighted') ? (part: Part) => part.labelled : () => 1;
  const weights = told.reduce((sum, part) => sum + weight(part), 0);
  if (weights === 0) return { ...undefinedBecause('no class has the figure'), leftOut };
  const share = (part: Part) => hitsOf(name) * (part.right / over(part));
  const value = told.reduce((sum, part) => sum + weight(part) * share(part), 0) / weights;
  const bounds =
    name === 'macroRecall' || name === 'macroPrecision'
      ? meanOfShares(told, over, value, level)
      : delta({ name, table, parts, told: new Set(told), value, weights }, level);
  return { state: 'value', value, interval: { ...bounds, level }, leftOut };
}

interface Part {
  readonly name: string;
  readonly labelled: number;
  readonly decided: number;
  readonly right: number;
}

function partsOf(table: ClassTable): readonly Part[] {
  return table.classes.map((name) => {
    const { tp, fn, fp } = oneVersusRest(table, name);
    return { name, labelled: tp + fn, decided: tp + fp, right: tp };
  });
}

/** What a class's right answers are divided by. */
const overOf: Readonly<Record<AverageName, (part: Part) => number>> = {
  macroRecall: ({ labelled }) => labelled,
  macroPrecision: ({ decided }) => decided,
  weightedPrecision: ({ decided }) => decided,
  macroF1: ({ labelled, decided }) => labelled + decided,
  weightedF1: ({ labelled, decided }) => labelled + decided,
};

/** F1 counts a right answer twice: 2 tp / (labelled + decided). */
const hitsOf = (name: AverageName): 1 | 2 => (name.endsWith('F1') ? 2 : 1);

function meanOfShares(told: readonly Part[], over: (part: Part) => number, value: number, level: number) {
  let [below, above] = [0, 0];
  for (const part of told) {
    const p = part.right / over(part);
    const own = wilson(part.right, over(part), level);
    below += (p - own.lower) * (p - own.lower);
    above += (own.upper - p) * (own.upper - p);
  }
  return {
    lower: Math.max(0, value - Math.sqrt(below) / told.length),
    upper: Math.min(1, value + Math.sqrt(above) / told.length),
    method: 'mover',
  } as const;
}

interface Averaged {
  readonly name: AverageName;
  readonly table: ClassTable;
  readonly parts: readonly Part[];
  readonly told: ReadonlySet<Part>;
  readonly value: number;
  readonly weights: number;
}

/**
 * The average is f(n) of the cells and does not change when all are multiplied, so that Σ n ∂f/∂n = 0 and its variance is
 * Σ n (∂f/∂n)².
 */
function delta({ name, table, parts, told, value, weights }: Averaged, level: number) {
  const over = overOf[name];
  const [hits, isWeighted, k] = [hitsOf(name), name.startsWith('weighted'), parts.length];
  const isF1 = hits === 2;
  let variance = 0;
  for (let cell = 0; cell < table.cells.length; cell++) {
    const own = table.cells[cell] ?? 0;
    if (own === 0) continue;
    const [label, decision] = [Math.floor(cell / k), cell % k];
    let slope = 0;
    for (const [c, part] of parts.entries()) {
      if (!told.has(part) || (c !== label && c !== decision)) continue;
      const [total, weight] = [over(part), isWeighted ? part.labelled : 1];
      const share = (hits * part.right) / total;
      const grows = (isF1 && c === label ? 1 : 0) + (c === decision ? 1 : 0);
      const rises = c === label && c === decision ? hits / total : 0;
      slope += weight * (rises - (grows * share) / total);
      if (isWeighted && c === label) slope += share - value;
    }
    variance += own * (slope / weights) * (slope / weights);
  }
  const rows = table.cells.reduce((sum, own) => sum + own, 0);
  // Without variance in the sample there is still doubt: as much as about a share of all rows.
  const effective = variance > 0 && value > 0 && value < 1 ? (value * (1 - value)) / variance : rows;
  const { lower, upper } = wilson(value * effective, effective, level);
  return { lower, upper, method: 'delta' } as const;
}
