import { associationOf, type Finding, findingTypes, notStated } from '@hansa/fair';
import { ok, type Result } from '@hansa/kernel';
import type { ColumnProfile, Grouping, JointCount, TableEngine, TableProblem, TableSource } from '@hansa/tabular';

/** What to look for: columns that tell to which group a person belongs. */
export interface ProxyOptions {
  /** Attributes that are protected. */
  readonly attributes: readonly string[];
  /** Columns that are not asked: outcomes, dates, controls. */
  readonly others: readonly string[];
  readonly columns: readonly ColumnProfile[];
  readonly rows: number;
}

/** More columns are not looked at: each takes a pass over the file. */
const mostColumns = 40;
/** Numbers are cut at their tenths, as found in so many rows from the beginning. */
const sampleRows = 10_000;
/** A number with at most so many different values there is taken value by value. */
const mostValues = 16;
const maxCombinations = 20_000;
/** From here on a column is told of. */
const strongV = 0.3;
const veryStrongV = 0.5;
const alpha = 0.001;
/** A column with the same value in a larger share of rows tells too few people apart. */
const nearlyAll = 0.99;

/** A column that tells something of an attribute. */
interface Proxy {
  readonly column: string;
  readonly cramersV: number;
  readonly blindGuess: number;
  readonly guess: number;
}

/** Findings on columns that stand in for a protected attribute, and on those that could not be examined. */
export async function proxyFindings(
  tables: TableEngine,
  source: TableSource,
  options: ProxyOptions,
): Promise<Result<readonly Finding[], TableProblem>> {
  const { attributes, others } = options;
  const known = new Set([...attributes, ...others]);
  const candidates = options.columns.filter(({ name, constant }) => !known.has(name) && !constant);
  const looked = candidates.slice(0, mostColumns);
  const passed = new Map(
    candidates.slice(mostColumns).map(({ name }) => [name, `beyond the first ${mostColumns} columns`]),
  );
  const groupings = await groupingsOf(tables, source, looked, passed);
  if (!groupings.ok) return groupings;
  const proxies = new Map(attributes.map((attribute) => [attribute, [] as Proxy[]]));
  for (const grouping of groupings.value) {
    const columns = [...attributes.map((column): Grouping => ({ column, by: 'value' })), grouping];
    const counted = await tables.countJointly(source, [{ columns, maxCombinations }]);
    if (!counted.ok) {
      if (counted.problem.kind !== 'tabular.too-many-combinations') return counted;
      passed.set(grouping.column, 'too many different values');
      continue;
    }
    const [joint] = counted.value;
    const reason = joint && uselessBecause(joint, options.rows);
    if (!joint || reason) {
      passed.set(grouping.column, reason ?? 'no rows');
      continue;
    }
    for (const [i, attribute] of attributes.entries()) {
      const found = associationOf(tableOf(joint, i));
      if (found.state !== 'value' || found.p > alpha || found.cramersV < strongV) continue;
      proxies.get(attribute)?.push({ column: grouping.column, ...found });
    }
  }
  return ok([...[...proxies].flatMap(([attribute, found]) => proxyFinding(attribute, found)), ...notExamined(passed)]);
}

/** How each column tells rows apart: texts by value, numbers with many values by tenths. */
async function groupingsOf(
  tables: TableEngine,
  source: TableSource,
  columns: readonly ColumnProfile[],
  passed: Map<string, string>,
): Promise<Result<readonly Grouping[], TableProblem>> {
  const usable = columns.filter(({ name, type, repeated }) => {
    const reason = repeated ? 'several columns of this name' : type === 'json' ? 'nested values' : undefined;
    if (reason) passed.set(name, reason);
    return reason === undefined;
  });
  const isNumber = ({ type }: ColumnProfile): boolean => type === 'integer' || type === 'number';
  const samples = await sampleOf(
    tables,
    source,
    usable.filter(isNumber).map(({ name }) => name),
  );
  if (!samples.ok) return samples;
  return ok(
    usable.flatMap((column): readonly Grouping[] => {
      const { name, type } = column;
      if (type === 'date' || type === 'timestamp') return [{ column: name, by: 'month' }];
      if (!isNumber(column)) return [{ column: name, by: 'value' }];
      const values = samples.value.get(name) ?? [];
      const different = [...new Set(values)];
      if (different.length <= mostValues) return [{ column: name, by: 'value' }];
      if (type === 'integer' && different.length === values.length) {
        passed.set(name, 'another number in each row');
        return [];
      }
      const tenths = Array.from({ length: 9 }, (_, i) => values[Math.floor(((i + 1) * values.length) / 10)] ?? 0);
      return [{ column: name, by: 'cut', points: [...new Set(tenths)] }];
    }),
  );
}

/** The first values of numeric columns, ascending. */
async function sampleOf(
  tables: TableEngine,
  source: TableSource,
  columns: readonly string[],
): Promise<Result<ReadonlyMap<string, readonly number[]>, TableProblem>> {
  const values = new Map(columns.map((name) => [name, [] as number[]]));
  if (columns.length === 0) return ok(values);
  for await (const batch of tables.readColumns({ source, columns, limit: sampleRows })) {
    if (!batch.ok) return batch;
    for (const [name, vector] of batch.value.columns)
      if (vector.kind === 'number')
        for (const value of vector.values) if (Number.isFinite(value)) values.get(name)?.push(value);
  }
  for (const own of values.values()) own.sort((a, b) => a - b);
  return ok(values);
}

/** Why a column cannot stand in for anything: hardly a value occurs twice, or hardly another one occurs. */
function uselessBecause({ columns, codes, rows }: JointCount, total: number): string | undefined {
  const width = columns.length;
  const own = new Float64Array(columns.at(-1)?.values.length ?? 0);
  for (const [i, n] of rows.entries()) {
    const code = codes[i * width + width - 1] ?? 0;
    own[code] = (own[code] ?? 0) + n;
  }
  if (own.length > total / 2) return 'another value in nearly each row';
  return Math.max(...own) > total * nearlyAll ? 'the same value in nearly all rows' : undefined;
}

/** Rows by value of the last column and group of one attribute; who has no stated group is left out. */
function tableOf({ columns, codes, rows }: JointCount, attribute: number): readonly (readonly number[])[] {
  const width = columns.length;
  const groups = columns[attribute]?.values ?? [];
  const table = (columns.at(-1)?.values ?? []).map(() => groups.map(() => 0));
  for (const [i, n] of rows.entries()) {
    const group = codes[i * width + attribute] ?? 0;
    const row = table[codes[i * width + width - 1] ?? 0];
    const value = groups[group];
    if (row && value !== null && value !== notStated) row[group] = (row[group] ?? 0) + n;
  }
  return table;
}

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;

function proxyFinding(attribute: string, found: readonly Proxy[]): readonly Finding[] {
  const sorted = [...found].sort((a, b) => b.cramersV - a.cramersV);
  const [most] = sorted;
  if (most === undefined) return [];
  const listed = sorted.slice(0, 10).map(({ column, cramersV }) => `${column} (${cramersV.toFixed(2)})`);
  const more = sorted.length > listed.length ? ` and ${sorted.length - listed.length} more` : '';
  const text = `Columns that tell much of ${attribute}, by Cramér's V from 0 to 1: ${listed.join(', ')}${more}. Who guesses ${attribute} from ${most.column} is right for ${percent(most.guess)} of rows, without it for ${percent(most.blindGuess)}. A model that uses such columns can treat groups differently without seeing ${attribute}.`;
  return [{ type: findingTypes.proxy, severity: most.cramersV >= veryStrongV ? 'medium' : 'low', attribute, text }];
}

function notExamined(passed: ReadonlyMap<string, string>): readonly Finding[] {
  if (passed.size === 0) return [];
  const listed = [...passed].slice(0, 20).map(([column, reason]) => `${column} (${reason})`);
  const more = passed.size > listed.length ? ` and ${passed.size - listed.length} more` : '';
  const text = `Not examined as stand-ins for protected attributes: ${listed.join(', ')}${more}.`;
  return [{ type: findingTypes.columnNotExamined, severity: 'low', text }];
}
