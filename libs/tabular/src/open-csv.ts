import { ok, type Result } from '@hansa/kernel';
import { openSampled } from './csv-sample.js';
import { type OpenTable, openTwice, readHead } from './detect-columns.js';
import { quoteIdentifier, renderRelation } from './sql.js';
import type { Column, TableProblem } from './table.js';
import type { TableSession } from './table-session.js';

/** A CSV line or its header may be this long; a longer one is one broken quotation. */
const maxLineBytes = 2 ** 20;

/** The types of a larger file are detected from a sample and checked by the engine, not by its detection. */
const largeBytes = 4 * 2 ** 20;

/** The engine's own choice is four times as much, for each of some pieces that it reads ahead. */
const bufferBytes = 8 * 2 ** 20;

/**
 * The dialect is fixed by the header line and never guessed from the data, so that a damaged line is an error with its
 * number instead of a different reading of the file. Types must hold for every row; dates are ISO 8601 only, since
 * 03/04 has two readings; timestamps stay text, as reading them would lose their offset.
 */
export async function openCsv(
  session: TableSession,
  file: string,
  bytes: number,
): Promise<Result<OpenTable, TableProblem>> {
  const head = await readHead(file, maxLineBytes);
  if (!head.ok) return head;
  const delim = delimiterOf(head.value);
  // Without `skip` detection may pass over rows that do not fit, and take a later one for the header.
  const dialect = {
    header: true,
    skip: 0,
    delim,
    quote: '"',
    escape: '"',
    max_line_size: maxLineBytes,
    dateformat: '%Y-%m-%d',
    buffer_size: bufferBytes,
  };
  const types = ['BOOLEAN', 'BIGINT', 'DOUBLE', 'DATE', 'VARCHAR'];
  const sniffing = { ...dialect, sample_size: -1, auto_type_candidates: types };
  const reader = { kind: 'reader', name: 'read_csv', file } as const;
  const marked = ({ columns, from }: OpenTable): OpenTable => {
    return { from, columns: markRepeated(columns, headerNames(head.value, delim)) };
  };
  const sampled = bytes > largeBytes ? await openSampled(session, { ...reader, options: sniffing }, dialect) : null;
  if (sampled) return ok(marked(sampled));
  const table = await openTwice(session, { ...reader, options: sniffing }, dialect);
  if (table.ok) {
    const kept = await keepWords(session, table.value);
    return kept.ok ? ok(marked(kept.value)) : kept;
  }
  if (table.problem.kind !== 'tabular.malformed' || table.problem.at) return table;
  // Detection fails without saying where; reading the header's columns as text finds the line.
  const width = headerNames(head.value, delim).length;
  const columns = new Map(Array.from({ length: width }, (_, i) => [`c${i}`, 'VARCHAR']));
  const options = { ...dialect, auto_detect: false, columns };
  const read = await session.run(`SELECT count(*) FROM ${renderRelation({ ...reader, options })}`);
  return read.ok ? table : read;
}

/**
 * To the engine also `F`, `no` and `n` are false. A column of women's `F` would become `false`, so that only a column
 * of `true` and `false`, in any case, stays one of truth values; the others are text.
 */
async function keepWords(session: TableSession, table: OpenTable): Promise<Result<OpenTable, TableProblem>> {
  const named = table.columns.filter(({ type }) => type === 'boolean').map(({ name }) => name);
  if (named.length === 0 || table.from.kind !== 'reader') return ok(table);
  const { options } = table.from;
  const { columns } = options;
  const types = new Map<string, string>(columns instanceof Map ? columns : []);
  for (const name of named) types.set(name, 'VARCHAR');
  const asText = renderRelation({ ...table.from, options: { ...options, columns: types } });
  const tests = named.map((name) => `coalesce(bool_and(lower(${quoteIdentifier(name)}) IN ('true', 'false')), true)`);
  const tested = await session.run(`SELECT ${tests.join(', ')} FROM ${asText}`);
  if (!tested.ok) return tested;
  const words = new Set(named.filter((_, i) => tested.value[0]?.[i] !== true));
  for (const name of named) types.set(name, words.has(name) ? 'VARCHAR' : 'BOOLEAN');
  return ok({
    columns: table.columns.map((column) => (words.has(column.name) ? { ...column, type: 'text' } : column)),
    from: { ...table.from, options: { ...options, columns: types } },
  });
}

/** The separator that occurs most often in the header line, outside quotation. */
function delimiterOf(head: string): string {
  const counts = new Map([',', ';', '\t', '|'].map((delimiter) => [delimiter, 0]));
  let quoted = false;
  for (const character of head) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) break;
    else if (!quoted && counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  const [most = ','] = [...counts].reduce((best, next) => (next[1] > best[1] ? next : best));
  return most;
}

/** The names in the header line of a CSV; a quoted one may hold separators and line ends. */
function headerNames(head: string, delimiter: string): readonly string[] {
  const names: string[] = [];
  let [name, quoted] = ['', false];
  for (let i = 0; i < head.length; i++) {
    const character = head[i] ?? '';
    if (quoted && character === '"' && head[i + 1] === '"') name += head[i++];
    else if (character === '"') quoted = !quoted;
    else if (quoted) name += character;
    else if (character === '\n' || character === '\r') break;
    else if (character === delimiter) {
      names.push(name);
      name = '';
    } else name += character;
  }
  return [...names, name];
}

/** The engine tells names apart without regard to case, and gives all but the first of equal ones a new name. */
function markRepeated(columns: readonly Column[], names: readonly string[]): readonly Column[] {
  const times = new Map<string, number>();
  for (const name of names) times.set(name.toLowerCase(), (times.get(name.toLowerCase()) ?? 0) + 1);
  return columns.map((column) =>
    (times.get(column.name.toLowerCase()) ?? 0) > 1 ? { ...column, repeated: true } : column,
  );
}
