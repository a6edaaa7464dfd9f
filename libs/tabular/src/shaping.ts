import { assertNever, ok, type Result, refuse } from '@hansa/kernel';
import type { Comparison, Expression, SqlValue } from './sql.js';
import { type Column, requireColumn, type TableProblem } from './table.js';

/** A policy's value. Dates and times are ISO 8601 text. */
export type RowValue = string | number | boolean;

/**
 * A row stays only when the comparison is true; a missing value makes every comparison untrue. Operators are ODRL's.
 */
export type RowCondition =
  | {
      readonly column: string;
      readonly operator: 'eq' | 'neq' | 'lt' | 'lteq' | 'gt' | 'gteq';
      readonly value: RowValue;
    }
  | { readonly column: string; readonly operator: 'isAnyOf'; readonly values: readonly RowValue[] };

/** Makes a column less exact. */
export type Coarsening =
  /** Numbers go down to a multiple: 10 turns 37 into 30, 0.01 turns 52.518 into 52.51. */
  | { readonly column: string; readonly method: 'step'; readonly step: number }
  /** Texts, dates and whole numbers keep their first characters: 2 turns 10115 into 10. */
  | { readonly column: string; readonly method: 'prefix'; readonly length: number }
  /** Dates and times, also as ISO 8601 text, go down to the first moment of their day or month. */
  | { readonly column: string; readonly method: 'date'; readonly unit: 'day' | 'month' };

/** What a policy does to a table before it leaves: rows that stay, columns that go, columns made coarse. */
export interface Shaping {
  readonly rows: readonly RowCondition[];
  readonly drop: readonly string[];
  readonly coarsen: readonly Coarsening[];
}

/** The whole table as it is. */
export const unshaped: Shaping = { rows: [], drop: [], coarsen: [] };

/** A shaping resolved against a table: nothing in it names a column that the table has not. */
export interface ShapedQuery {
  readonly columns: readonly { readonly column: Column; readonly of: Expression }[];
  readonly where: readonly Expression[];
}

/**
 * Resolves a shaping against the columns that a table really has. Rows are compared by their exact values, before
 * columns are made coarse.
 *
 * @returns `tabular.missing-column` when the policy names a column that is not there: leaving the constraint out would
 *   give away what it protects. `tabular.wrong-type` when a value or method does not suit the column.
 */
export function resolveShaping(columns: readonly Column[], shaping: Shaping): Result<ShapedQuery, TableProblem> {
  for (const name of [shaping.rows, shaping.coarsen]
    .flat()
    .map(({ column }) => column)
    .concat(shaping.drop)) {
    const known = requireColumn(columns, name);
    if (!known.ok) return known;
  }
  const where: Expression[] = [];
  for (const row of shaping.rows) {
    const condition = rowCondition(columns, row);
    if (!condition.ok) return condition;
    where.push(condition.value);
  }
  const kept: { column: Column; of: Expression }[] = [];
  for (const column of columns.filter(({ name }) => !shaping.drop.includes(name))) {
    const coarse = coarsenColumn(column, shaping.coarsen);
    if (!coarse.ok) return coarse;
    kept.push(coarse.value);
  }
  if (kept.length === 0) return refuse('tabular.nothing-left', 'The policy drops every column; nothing would be left.');
  return ok({ columns: kept, where });
}

const comparisons = {
  eq: '=',
  neq: '<>',
  lt: '<',
  lteq: '<=',
  gt: '>',
  gteq: '>=',
} as const satisfies Record<Exclude<RowCondition['operator'], 'isAnyOf'>, Comparison>;

function rowCondition(columns: readonly Column[], row: RowCondition): Result<Expression, TableProblem> {
  const found = requireColumn(columns, row.column);
  if (!found.ok) return found;
  const column = found.value;
  const of = comparable(column);
  if (row.operator !== 'isAnyOf') {
    const right = suitValue(column, row.value);
    return right.ok
      ? ok({ kind: 'compare', operator: comparisons[row.operator], left: of, right: right.value })
      : right;
  }
  const list: Expression[] = [];
  for (const value of row.values) {
    const suited = suitValue(column, value);
    if (!suited.ok) return suited;
    list.push(suited.value);
  }
  return list.length > 0
    ? ok({ kind: 'in', of, list })
    : refuse('tabular.wrong-type', `"isAnyOf" on column "${column.name}" lists no value.`, column.name);
}

/** Nested and text columns compare as text, the others by their own order. */
function comparable(column: Column): Expression {
  const of: Expression = { kind: 'column', name: column.name };
  return column.type === 'text' || column.type === 'json' ? { kind: 'cast', of, to: 'VARCHAR' } : of;
}

const isoDate = /^\d{4}-\d{2}-\d{2}$/;
const isoDateTime = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?Z?)?$/;

/** The policy's value as a parameter of the column's type. */
function suitValue(column: Column, value: string | number | boolean): Result<Expression, TableProblem> {
  const parameter = (of: SqlValue): Expression => ({ kind: 'value', value: of });
  const wrong = (expected: string) =>
    refuse(
      'tabular.wrong-type',
      `Column "${column.name}" holds ${expected}; the policy compares it with ${JSON.stringify(value)}.`,
      column.name,
    );
  switch (column.type) {
    case 'integer':
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number)) return wrong('numbers');
      return ok(numberValue(number));
    }
    case 'boolean':
      if (value === true || value === 'true') return ok(parameter(true));
      if (value === false || value === 'false') return ok(parameter(false));
      return wrong('true or false');
    case 'date':
      return isCalendarDay(value, isoDate)
        ? ok({ kind: 'cast', of: parameter(value), to: 'DATE' })
        : wrong('dates such as 2026-11-23');
    case 'timestamp':
      return isCalendarDay(value, isoDateTime)
        ? ok({ kind: 'cast', of: parameter(value.replace('Z', '')), to: 'TIMESTAMP' })
        : wrong('timestamps in UTC such as 2026-11-23T08:00:00Z');
    case 'text':
    case 'json':
      return ok(parameter(String(value)));
    default:
      return assertNever(column.type);
  }
}

/** A number as a parameter of an exact type; the engine would take a bare one for a 128-bit integer. */
function numberValue(number: number): Expression {
  return Number.isSafeInteger(number)
    ? { kind: 'cast', of: { kind: 'value', value: BigInt(number) }, to: 'BIGINT' }
    : { kind: 'cast', of: { kind: 'value', value: number }, to: 'DOUBLE' };
}

function isCalendarDay(value: unknown, syntax: RegExp): value is string {
  if (typeof value !== 'string' || !syntax.test(value)) return false;
  const time = Date.parse(value.replace(' ', 'T'));
  return (
    !Number.isNaN(time) && new Date(`${value.slice(0, 10)}T00:00:00Z`).toISOString().startsWith(value.slice(0, 10))
  );
}

function coarsenColumn(
  column: Column,
  coarsenings: readonly Coarsening[],
): Result<ShapedQuery['columns'][number], TableProblem> {
  const of: Expression = { kind: 'column', name: column.name };
  const own = coarsenings.filter((coarsening) => coarsening.column === column.name);
  const [coarsening] = own;
  if (coarsening === undefined) return ok({ column, of });
  const wrong = (detail: string) => refuse('tabular.wrong-type', detail, column.name);
  if (own.length > 1) return wrong(`The policy makes column "${column.name}" coarse in ${own.length} ways; name one.`);
  switch (coarsening.method) {
    case 'step':
      if (column.type !== 'integer' && column.type !== 'number')
        return wrong(`Column "${column.name}" holds ${column.type}; only numbers are rounded to a step.`);
      if (!(coarsening.step > 0 && Number.isFinite(coarsening.step)))
        return wrong(`The step of column "${column.name}" must be a number above 0.`);
      return ok(roundDown(column, of, coarsening.step));
    case 'prefix': {
      if (column.type === 'json' || column.type === 'boolean' || column.type === 'number')
        return wrong(
          `Column "${column.name}" holds ${column.type}; only texts, dates and whole numbers have a prefix.`,
        );
      if (!(Number.isInteger(coarsening.length) && coarsening.length >= 0))
        return wrong(`The prefix of column "${column.name}" must be a whole number of characters.`);
      const text: Expression = { kind: 'cast', of, to: 'VARCHAR' };
      const left: Expression = { kind: 'call', name: 'left', of: [text, numberValue(coarsening.length)] };
      return ok({ column: { name: column.name, type: 'text' }, of: left });
    }
    case 'date':
      if (column.type !== 'date' && column.type !== 'timestamp' && column.type !== 'text')
        return wrong(
          `Column "${column.name}" holds ${column.type}; only dates and times go down to a ${coarsening.unit}.`,
        );
      return ok(truncateDate(column, of, coarsening.unit));
    default:
      return assertNever(coarsening);
  }
}

/** Text that does not begin with a date becomes a missing value: nothing leaves as fine as it was. */
function truncateDate(column: Column, of: Expression, unit: 'day' | 'month'): ShapedQuery['columns'][number] {
  const type = column.type === 'timestamp' ? 'timestamp' : 'date';
  const day: Expression = { kind: 'call', name: 'left', of: [of, numberValue(10)] };
  const date: Expression = column.type === 'text' ? { kind: 'cast', of: day, to: 'DATE', orNull: true } : of;
  const truncated: Expression = { kind: 'call', name: 'date_trunc', of: [{ kind: 'value', value: unit }, date] };
  return {
    column: { name: column.name, type },
    of: { kind: 'cast', of: truncated, to: type === 'date' ? 'DATE' : 'TIMESTAMP' },
  };
}

/**
 * floor(x / step) * step. Steps below 1 multiply by their inverse, because 0.1 has no exact binary form but 10 has;
 * nine decimals are rounded first so that 0.29 * 100 = 28.999999999999996 counts as 29.
 */
function roundDown(column: Column, of: Expression, step: number): ShapedQuery['columns'][number] {
  const inverse = Math.round(1 / step);
  const isFraction = step < 1 && Math.abs(inverse * step - 1) < 1e-9;
  const factor: Expression = { kind: 'cast', of: { kind: 'value', value: isFraction ? inverse : step }, to: 'DOUBLE' };
  const exact: Expression = { kind: 'cast', of, to: 'DOUBLE' };
  const scaled: Expression = { kind: 'arithmetic', operator: isFraction ? '*' : '/', left: exact, right: factor };
  const rounded: Expression = {
    kind: 'call',
    name: 'round',
    of: [scaled, { kind: 'cast', of: { kind: 'value', value: 9 }, to: 'INTEGER' }],
  };
  const steps: Expression = { kind: 'call', name: 'floor', of: [rounded] };
  const back: Expression = { kind: 'arithmetic', operator: isFraction ? '/' : '*', left: steps, right: factor };
  const isInteger = column.type === 'integer' && Number.isInteger(step);
  return {
    column: { name: column.name, type: isInteger ? 'integer' : 'number' },
    of: isInteger ? { kind: 'cast', of: back, to: 'BIGINT' } : back,
  };
}
