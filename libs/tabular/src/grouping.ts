import { assertNever, ok, type Result, refuse } from '@hansa/kernel';
import { presentNumber } from './missing.js';
import { double, type Expression } from './sql.js';
import { type Column, requireColumn, type TableProblem } from './table.js';

/**
 * How a column tells rows apart.
 *
 * - `value`: by what it holds.
 * - `month`: by the month of a date or time, as `2026-11`; dates and times may be ISO 8601 text.
 * - `cut`: by the number of cut points that a number reaches (`>=`), as `0`, `1`, …; at most 16 ascending points.
 * - `grid`: by the bin of a number among `bins` equal ones from `lower` to `upper`, as `0`, `1`, …. Bin k begins at
 *   `lower + ((upper - lower) * k) / bins`, computed in doubles, and the last one holds `upper` too; what lies below
 *   is `-1`, what lies above is the number of bins.
 */
export type Grouping =
  | { readonly column: string; readonly by: 'value' }
  | { readonly column: string; readonly by: 'month' }
  | { readonly column: string; readonly by: 'cut'; readonly points: readonly number[] }
  | {
      readonly column: string;
      readonly by: 'grid';
      readonly lower: number;
      readonly upper: number;
      readonly bins: number;
    };

/** What values of a grouping are, and so how they are written and sorted. */
export type GroupKind = 'boolean' | 'number' | 'integer' | 'text';

/** A grouping resolved against a table. */
export interface GroupKey {
  readonly column: string;
  readonly kind: GroupKind;
  /** What rows are grouped by, in the engine's own type, which is faster than text. */
  readonly key: Expression;
  /** The key as one of the types that batches carry, given where the key now is. */
  readonly read: (key: Expression) => Expression;
}

const maxCutPoints = 16;
const maxBins = 100_000;

/**
 * Resolves a grouping against the columns that a table really has.
 *
 * @returns `tabular.missing-column` for a column that is not there, `tabular.wrong-type` for one that cannot be grouped
 *   in this way
 */
export function resolveGrouping(columns: readonly Column[], grouping: Grouping): Result<GroupKey, TableProblem> {
  const found = requireColumn(columns, grouping.column);
  if (!found.ok) return found;
  const column = found.value;
  switch (grouping.by) {
    case 'value':
      return ok(byValue(column));
    case 'month':
      return byMonth(column);
    case 'cut':
      return byCut(column, grouping.points);
    case 'grid':
      return byGrid(column, grouping);
    default:
      return assertNever(grouping);
  }
}

const text = (of: Expression): Expression => ({ kind: 'cast', of, to: 'VARCHAR' });
const call = (name: Extract<Expression, { kind: 'call' }>['name'], ...of: Expression[]): Expression => ({
  kind: 'call',
  name,
  of,
});

const arithmetic = (operator: '+' | '-' | '*' | '/', left: Expression, right: Expression): Expression => ({
  kind: 'arithmetic',
  operator,
  left,
  right,
});

function byValue(column: Column): GroupKey {
  const of: Expression = { kind: 'column', name: column.name };
  switch (column.type) {
    case 'boolean':
      return { column: column.name, kind: 'boolean', key: of, read: (key) => key };
    case 'number':
      return { column: column.name, kind: 'number', key: of, read: (key) => ({ kind: 'cast', of: key, to: 'DOUBLE' }) };
    case 'integer':
      return { column: column.name, kind: 'integer', key: of, read: text };
    case 'json':
      // Texts without their quotation, so that "1" among numbers is the same as 1.
      return {
        column: column.name,
        kind: 'text',
        key: call('json_extract_string', call('to_json', of), text({ kind: 'value', value: '$' })),
        read: (key) => key,
      };
    case 'text':
    case 'date':
    case 'timestamp':
      return { column: column.name, kind: 'text', key: of, read: text };
    default:
      return assertNever(column.type);
  }
}

/** Text that does not begin with a date or a month is missing. */
function byMonth(column: Column): Result<GroupKey, TableProblem> {
  const of: Expression = { kind: 'column', name: column.name };
  const dateOf = (value: Expression): Expression => ({ kind: 'cast', of: value, to: 'DATE', orNull: true });
  const start = (characters: number) =>
    call('left', of, { kind: 'cast', of: { kind: 'value', value: characters }, to: 'BIGINT' });
  let date: Expression;
  if (column.type === 'date' || column.type === 'timestamp') date = of;
  else if (column.type === 'text') {
    const firstDay = call('concat', start(7), text({ kind: 'value', value: '-01' }));
    date = call('coalesce', dateOf(start(10)), dateOf(firstDay));
  } else
    return refuse(
      'tabular.wrong-type',
      `Column "${column.name}" holds ${column.type}; only dates and times fall into months.`,
      column.name,
    );
  const month = call('date_trunc', text({ kind: 'value', value: 'month' }), date);
  return ok({
    column: column.name,
    kind: 'text',
    key: { kind: 'cast', of: month, to: 'DATE' },
    read: (key) => call('left', text(key), { kind: 'cast', of: { kind: 'value', value: 7 }, to: 'BIGINT' }),
  });
}

function requireNumbers(column: Column): Result<Expression, TableProblem> {
  if (column.type === 'number' || column.type === 'integer') return ok(presentNumber(column));
  const hint = column.type === 'text' ? ' Write decimals with a point, and leave missing values empty.' : '';
  return refuse(
    'tabular.wrong-type',
    `Column "${column.name}" holds ${column.type}; numbers are needed.${hint}`,
    column.name,
  );
}

function byCut(column: Column, points: readonly number[]): Result<GroupKey, TableProblem> {
  const number = requireNumbers(column);
  if (!number.ok) return number;
  const ascending = points.every((point, i) => Number.isFinite(point) && (i === 0 || point > (points[i - 1] ?? 0)));
  if (points.length === 0 || points.length > maxCutPoints || !ascending)
    return refuse(
      'tabular.wrong-type',
      `Column "${column.name}" is cut at 1 to ${maxCutPoints} finite points in ascending order.`,
      column.name,
    );
  const reached = points.map(
    (point): Expression => ({
      kind: 'cast',
      of: { kind: 'compare', operator: '>=', left: number.value, right: double(point) },
      to: 'BIGINT',
    }),
  );
  const key = reached.reduce((left, right) => ({ kind: 'arithmetic', operator: '+', left, right }));
  return ok({ column: column.name, kind: 'integer', key, read: text });
}

function byGrid(column: Column, grid: Extract<Grouping, { by: 'grid' }>): Result<GroupKey, TableProblem> {
  const number = requireNumbers(column);
  if (!number.ok) return number;
  const { lower, upper, bins } = grid;
  const factor = bins / (upper - lower);
  if (
    !(
      Number.isInteger(bins) &&
      bins >= 1 &&
      bins <= maxBins &&
      factor > 0 &&
      Number.isFinite(factor * lower) &&
      Number.isFinite(upper - lower)
    )
  )
    return refuse(
      'tabular.wrong-type',
      `The grid of column "${column.name}" needs 1 to ${maxBins} bins between two finite numbers.`,
      column.name,
    );
  const is = (operator: '<' | '>' | '>=', right: Expression): Expression => ({
    kind: 'compare',
    operator,
    left: number.value,
    right,
  });
  const distance = arithmetic('-', number.value, double(lower));
  const guess = call('floor', arithmetic('*', distance, double(factor)));
  // A product may miss the bin by one where the quotient of doubles does not: 0.29 * 100 is below 29, 29 / 100 is 0.29.
  const startOf = (bin: Expression) =>
    arithmetic('+', double(lower), arithmetic('/', arithmetic('*', double(upper - lower), bin), double(bins)));
  const one = (condition: Expression): Expression => ({ kind: 'cast', of: condition, to: 'DOUBLE' });
  const up = one(is('>=', startOf(arithmetic('+', guess, double(1)))));
  const down = one(is('<', startOf(guess)));
  const exact = arithmetic('-', arithmetic('+', guess, up), down);
  // Bounds instead of cases, which the engine would compute apart: below it is -1, above `bins`, and between them inside.
  const below = one(is('<', double(lower)));
  const above = one(is('>', double(upper)));
  const least = arithmetic('-', arithmetic('*', above, double(bins)), below);
  const most = arithmetic('-', arithmetic('+', double(bins - 1), above), arithmetic('*', below, double(bins)));
  const key = call('least', call('greatest', exact, least), most);
  return ok({ column: column.name, kind: 'number', key, read: (of) => ({ kind: 'cast', of, to: 'DOUBLE' }) });
}
