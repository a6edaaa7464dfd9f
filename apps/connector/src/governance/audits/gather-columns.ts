import { type CodedAttribute, type JointRows, notStated } from '@hansa/fair';
import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { type ColumnBatch, type ColumnVector, maxWeight } from '@hansa/tabular';

/** A column whose values are read as no (0) or yes (1). */
interface BinaryColumn {
  readonly column: string;
  /** The values that are a yes, all others a no; null for a column of 0 and 1, or of true and false. */
  readonly positive: readonly (string | number | boolean)[] | null;
}

export interface ColumnsToGather {
  readonly label: string;
  /** The values of the label that are a yes. @default null: a column of 0 and 1 */
  readonly positiveLabels?: BinaryColumn['positive'];
  /** Absent when a model decides. */
  readonly decision?: BinaryColumn;
  readonly attributes: readonly string[];
  /** A column of numbers by which rows are weighed. */
  readonly weight?: string;
  /** A column of scores. */
  readonly score?: string;
}

/** What was collected. */
export interface GatheredRows extends JointRows {
  /** NaN where a row has none. Absent where no scores were asked for. */
  readonly scores?: Float64Array;
}

export type GatherProblem = Problem<
  'audit.not-binary' | 'audit.too-many-groups' | 'audit.wrong-weight' | 'audit.wrong-score'
>;

/** An attribute is a category; a column with more values than this is an amount or a name. */
const maxLevels = 1000;

/** Collects label, decision and groups from batches as they stream past a model, in a few bytes a row. */
export class ColumnGatherer {
  readonly #wanted: ColumnsToGather;
  readonly #label = new ByteList();
  readonly #decision = new ByteList();
  readonly #weights: Float64Array[] = [];
  readonly #scores: Float64Array[] = [];
  readonly #attributes: readonly GrowingAttribute[];

  constructor(wanted: ColumnsToGather) {
    this.#wanted = wanted;
    this.#attributes = wanted.attributes.map((name) => new GrowingAttribute(name));
  }

  /** The columns that every batch must have. */
  get columns(): readonly string[] {
    const { label, decision, attributes, weight, score } = this.#wanted;
    return [...new Set([label, decision?.column, ...attributes, weight, score].flatMap((name) => name ?? []))];
  }

  get rows(): number {
    return this.#label.length;
  }

  add(batch: ColumnBatch): Result<null, GatherProblem> {
    const { label, positiveLabels = null, decision } = this.#wanted;
    const before = this.rows;
    const labels = binaryOf({ column: label, positive: positiveLabels }, 'label', columnOf(batch, label), before);
    if (!labels.ok) return labels;
    this.#label.push(labels.value);
    if (decision) {
      const decisions = binaryOf(decision, 'decision', columnOf(batch, decision.column), before);
      if (!decisions.ok) return decisions;
      this.#decision.push(decisions.value);
    }
    for (const attribute of this.#attributes) {
      const added = attribute.add(columnOf(batch, attribute.name));
      if (!added.ok) return added;
    }
    return this.#addNumbers(batch, before);
  }

  #addNumbers(batch: ColumnBatch, before: number): Result<null, GatherProblem> {
    const { weight, score } = this.#wanted;
    if (weight !== undefined) {
      const weights = weightsOf(columnOf(batch, weight), weight, before);
      if (!weights.ok) return weights;
      this.#weights.push(weights.value);
    }
    if (score !== undefined) {
      const scores = scoresOf(columnOf(batch, score), score, before);
      if (!scores.ok) return scores;
      this.#scores.push(scores.value);
    }
    return ok(null);
  }

  /** @param decided what the model decided, when no column holds it; and its scores, when they are asked for */
  finish(decided?: { readonly decisions: Uint8Array; readonly scores?: Float64Array }): GatheredRows {
    const { weight, score } = this.#wanted;
    const scores = decided?.scores ?? (score === undefined ? undefined : joined(this.#scores));
    return {
      label: this.#label.join(),
      decision: decided?.decisions ?? this.#decision.join(),
      attributes: this.#attributes.map((attribute) => attribute.coded()),
      ...(weight !== undefined && { weights: joined(this.#weights) }),
      ...(scores && { scores }),
    };
  }
}

function joined(pieces: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(pieces.reduce((rows, piece) => rows + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Every row needs a weight: to leave out those without one would weigh them with 0. */
function weightsOf(vector: ColumnVector, column: string, before: number): Result<Float64Array, GatherProblem> {
  if (vector.kind === 'number') {
    const row = vector.values.findIndex((weight) => !(weight >= 0 && weight <= maxWeight));
    if (row < 0) return ok(vector.values);
    const detail = `The weight "${column}" of row ${before + row + 1} is ${vector.values[row]}; weights are numbers from 0 to ${maxWeight}.`;
    return refuse('audit.wrong-weight', detail, column);
  }
  return refuse('audit.wrong-weight', `The weight "${column}" is no column of numbers.`, column);
}

function scoresOf(vector: ColumnVector, column: string, before: number): Result<Float64Array, GatherProblem> {
  if (vector.kind !== 'number')
    return refuse('audit.wrong-score', `The score "${column}" is no column of numbers.`, column);
  const row = vector.values.findIndex((score) => Math.abs(score) === Number.POSITIVE_INFINITY);
  if (row < 0) return ok(vector.values);
  return refuse('audit.wrong-score', `The score "${column}" of row ${before + row + 1} is infinite.`, column);
}

class ByteList {
  readonly #pieces: Uint8Array[] = [];
  length = 0;

  push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.length += piece.length;
  }

  join(): Uint8Array {
    const all = new Uint8Array(this.length);
    let at = 0;
    for (const piece of this.#pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  }
}

/** An attribute in dictionary form, its dictionary growing as values appear. */
class GrowingAttribute {
  readonly #levels = new Map<string, number>();
  readonly #pieces: Uint16Array[] = [];

  constructor(readonly name: string) {}

  add(vector: ColumnVector): Result<null, GatherProblem> {
    const codes = new Uint16Array(vector.values.length);
    for (let row = 0; row < codes.length; row++) {
      const level = levelAt(vector, row);
      const known = this.#levels.get(level);
      codes[row] = known ?? this.#levels.size;
      if (known !== undefined) continue;
      this.#levels.set(level, this.#levels.size);
      if (this.#levels.size > maxLevels)
        return refuse(
          'audit.too-many-groups',
          `"${this.name}" has more than ${maxLevels} different values; compare groups by a column of categories.`,
          this.name,
        );
    }
    this.#pieces.push(codes);
    return ok(null);
  }

  coded(): CodedAttribute {
    const codes = new Uint16Array(this.#pieces.reduce((rows, piece) => rows + piece.length, 0));
    let at = 0;
    for (const piece of this.#pieces) {
      codes.set(piece, at);
      at += piece.length;
    }
    return { attribute: this.name, levels: [...this.#levels.keys()], codes };
  }
}

type Cell = string | number | boolean | null;

function cellAt(vector: ColumnVector, row: number): Cell {
  const value = vector.values[row] ?? null;
  if (vector.kind === 'boolean') return value === 0 || value === 1 ? value === 1 : null;
  return Number.isNaN(value) ? null : value;
}

function levelAt(vector: ColumnVector, row: number): string {
  const cell = cellAt(vector, row);
  return cell === null || cell === '' ? notStated : String(cell);
}

function binaryOf(
  { column, positive }: BinaryColumn,
  what: 'label' | 'decision',
  vector: ColumnVector,
  before: number,
): Result<Uint8Array, GatherProblem> {
  const values = new Uint8Array(vector.values.length);
  for (let row = 0; row < values.length; row++) {
    const cell = cellAt(vector, row);
    const isYes = positive === null ? cell === 1 || cell === true : cell !== null && positive.includes(cell);
    const isNo = positive === null ? cell === 0 || cell === false : cell !== null;
    if (!isYes && !isNo) return notBinary(column, what, positive !== null, cell, before + row + 1);
    values[row] = isYes ? 1 : 0;
  }
  return ok(values);
}

function notBinary(
  column: string,
  what: 'label' | 'decision',
  hasList: boolean,
  cell: Cell,
  row: number,
): Result<never, GatherProblem> {
  const is = cell === null ? 'no value' : `the value ${JSON.stringify(cell)}`;
  const wanted = hasList ? 'needs a value' : 'is 0 or 1, or true or false';
  const cure =
    cell === null
      ? 'leave such rows out by a condition in "where"'
      : 'name a column of 0 and 1, or leave such rows out by a condition in "where"';
  return refuse('audit.not-binary', `A ${what} ${wanted}, but "${column}" has ${is} in row ${row}; ${cure}.`, column);
}

function columnOf(batch: ColumnBatch, name: string): ColumnVector {
  const vector = batch.columns.get(name);
  if (!vector) throw new Error(`the batch lacks the column "${name}"`);
  return vector;
}
