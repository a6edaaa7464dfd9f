import { columnType, type OpenTable, openTwice } from './detect-columns.js';
import { quoteIdentifier, type Relation, renderRelation } from './sql.js';
import type { TableSession } from './table-session.js';

type Reader = Extract<Relation, { kind: 'reader' }>;

/** Rows from which types are guessed. */
const sampleRows = 20_480;

/** What a column is by the sample; `late` for one that has no value there. */
type Guess = 'BOOLEAN' | 'BIGINT' | 'DOUBLE' | 'DATE' | 'VARCHAR' | 'late';

/** Every way to write a number that the engine's detection always takes for one; it takes some more. */
const plainNumber = String.raw`-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?|nan|NaN`;

/**
 * Detects the types of a large CSV from its first rows, and then has the engine check every row in parallel. Detection
 * by all rows takes one thread, and keeps in memory what it has read, so that its memory grows with the file.
 *
 * Reading with the guessed types would be no check: the engine reads `5.5` and `007` as integers, which its detection
 * does not take for any. So a type is kept only where every value is written in a way that detection is known to take
 * for it.
 *
 * @param detecting how to detect the types by all rows
 * @returns what detection by all rows would give; null where that is not certain, or where something is wrong with the
 *   file
 */
export async function openSampled(
  session: TableSession,
  detecting: Reader,
  dialect: Reader['options'],
): Promise<OpenTable | null> {
  const options = { ...detecting.options, sample_size: sampleRows };
  const guessed = await openTwice(session, { ...detecting, options }, dialect);
  if (!guessed.ok || guessed.value.from.kind !== 'reader') return null;
  const { from } = guessed.value;
  const names = guessed.value.columns.map(({ name }) => name);
  const natives = new Map(from.options.columns instanceof Map ? from.options.columns : []);
  const text = { ...from, options: { ...from.options, columns: new Map(names.map((name) => [name, 'VARCHAR'])) } };
  const guesses = await guess(session, text, natives);
  if (!guesses) return null;
  const certain = await check(session, text, guesses);
  if (!certain) return null;
  return {
    columns: names.map((name) => ({ name, type: columnType(certain.get(name) ?? 'VARCHAR') })),
    from: { ...from, options: { ...from.options, columns: certain } },
  };
}

/** The types of the sample, where texts are told apart from columns that have no value in it. */
async function guess(
  session: TableSession,
  text: Reader,
  natives: ReadonlyMap<string, string>,
): Promise<Map<string, Guess> | null> {
  const known = new Set<string>(['BOOLEAN', 'BIGINT', 'DOUBLE', 'DATE', 'VARCHAR'] satisfies Guess[]);
  const isGuess = (native: string): native is Guess => known.has(native);
  const guesses = new Map<string, Guess>();
  for (const [name, native] of natives) {
    if (!isGuess(native)) return null;
    guesses.set(name, native);
  }
  const texts = [...guesses].filter(([, of]) => of === 'VARCHAR').map(([name]) => name);
  if (texts.length === 0) return guesses;
  const counts = texts.map((name) => `count(${quoteIdentifier(name)})`).join(', ');
  const sample = `SELECT * FROM ${renderRelation(text)} LIMIT ${sampleRows}`;
  const counted = await session.run(`SELECT ${counts} FROM (${sample})`);
  if (!counted.ok) return null;
  for (const [i, name] of texts.entries()) if (Number(counted.value[0]?.[i]) === 0) guesses.set(name, 'late');
  return guesses;
}

/** Looks at every row. Integers that become decimals later on are looked at twice. */
async function check(
  session: TableSession,
  text: Reader,
  guesses: ReadonlyMap<string, Guess>,
): Promise<Map<string, string> | null> {
  const natives = new Map<string, string>([...guesses].map(([name, of]) => [name, of === 'late' ? 'VARCHAR' : of]));
  const fits = await test(session, text, guesses);
  if (!fits) return null;
  const decimals = new Map<string, Guess>();
  for (const [name, fitting] of fits) {
    const guessed = guesses.get(name);
    if (fitting) continue;
    // Words that only the engine takes for truth values are texts, and so is what holds other words besides.
    if (guessed === 'BOOLEAN') natives.set(name, 'VARCHAR');
    else if (guessed === 'BIGINT') decimals.set(name, 'DOUBLE');
    else return null;
  }
  if (decimals.size === 0) return natives;
  const fractions = [...decimals.keys()].map(
    (name) => `coalesce(bool_or(contains(${quoteIdentifier(name)}, '.')), false)`,
  );
  const again = await test(session, text, decimals, fractions);
  if (!again || [...again.values()].includes(false)) return null;
  for (const name of decimals.keys()) natives.set(name, 'DOUBLE');
  return natives;
}

/** For each column whether all its values are certain to be of the guessed type, and whether all `more` holds. */
async function test(
  session: TableSession,
  text: Reader,
  guesses: ReadonlyMap<string, Guess>,
  more: readonly string[] = [],
): Promise<ReadonlyMap<string, boolean> | null> {
  const tests = [...guesses].flatMap(([name, of]) => {
    const holds = certain(quoteIdentifier(name), of);
    return holds === null ? [] : [{ name, sql: `coalesce(bool_and(${holds}), true)` }];
  });
  if (tests.length === 0) return new Map();
  const columns = [...tests.map(({ sql }) => sql), ...more].join(', ');
  const tested = await session.run(`SELECT ${columns} FROM ${renderRelation(text)}`);
  if (!tested.ok) return null;
  const [cells = []] = tested.value;
  if (more.some((_, i) => cells[tests.length + i] !== true)) return null;
  return new Map(tests.map(({ name }, i) => [name, cells[i] === true]));
}

/** Holds for a text that is surely of a type; nothing is known of a missing one. */
function certain(column: string, of: Guess): string | null {
  const sameAs = (type: string) => `coalesce(TRY_CAST(${column} AS ${type})::VARCHAR = ${column}, ${column} IS NULL)`;
  switch (of) {
    case 'BOOLEAN':
      return `lower(${column}) IN ('true', 'false')`;
    case 'BIGINT':
      return sameAs('BIGINT');
    case 'DOUBLE':
      return `regexp_full_match(${column}, '${plainNumber}')`;
    case 'DATE':
      return `(length(${column}) = 10 AND ${sameAs('DATE')})`;
    case 'late':
      return `${column} IS NULL`;
    case 'VARCHAR':
      return null;
  }
}
