import { rm } from 'node:fs/promises';
import { type Digest, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { type ColumnBatch, chooseColumns, nameColumns, toVector } from './column-vectors.js';
import { countDerived, type DerivedCounting } from './count-derived.js';
import { countJointly } from './count-jointly.js';
import type { DerivedColumn } from './derived-column.js';
import type { OpenTable } from './detect-columns.js';
import type { Counting, JointCount } from './joint-count.js';
import { checkFile, errorCode, openTable } from './open-table.js';
import { ProcessPool } from './process-pool.js';
import { profileTable } from './profile.js';
import { resolveShaping, type Shaping } from './shaping.js';
import { countSharedRows, type SharedRows } from './shared-rows.js';
import { renderRelation, renderSelect } from './sql.js';
import {
  type Column,
  type Representation,
  type SourceDescription,
  type SourceProfile,
  type TableProblem,
  type TableSource,
} from './table.js';
import type { SourceFormat, TargetFormat } from './table-format.js';
import { type Cell, defaultTableLimits, type TableLimits, TableSession } from './table-session.js';
import { batchRows, fileFacts, flatten, publish, writeTable } from './write-table.js';

export interface Preview {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

/**
 * Files of rows: described, shaped and written by DuckDB in processes of its own, each locked to the files of one
 * operation, bounded in memory and time, and killable; a hostile file cannot harm the process that asks.
 *
 * @example
 * const tables = new TableEngine();
 * const stops = await tables.describeSource('/data/stops.csv', 'csv');
 * await tables.close();
 */
export class TableEngine {
  readonly #limits: TableLimits;
  readonly #pool: ProcessPool;
  #written = 0;

  constructor(limits: Partial<TableLimits> = {}) {
    this.#limits = { ...defaultTableLimits, ...limits };
    const { processes, idle } = this.#limits;
    this.#pool = new ProcessPool(() => TableSession.start(this.#limits), processes, idle);
  }

  /** What a file holds: columns with types, rows, bytes and SHA-256. A file without rows is `tabular.empty`. */
  describeSource(file: string, format: SourceFormat): Promise<Result<SourceDescription, TableProblem>> {
    return this.#withTable({ file, format }, async (table, session) => {
      const rows = await countRows(session, table);
      if (!rows.ok) return rows;
      if (rows.value === 0) return refuse('tabular.empty', 'The file has no rows.');
      const facts = await fileFacts(file);
      return facts.ok ? ok({ columns: table.columns, rows: rows.value, ...facts.value }) : facts;
    });
  }

  /**
   * Writes the table, shaped by a policy, as one file. It appears under its name whole and synchronised to disk, or
   * not at all; an older file of the same name is replaced.
   */
  writeRepresentation(request: {
    readonly source: TableSource;
    readonly shaping: Shaping;
    readonly target: { readonly file: string; readonly format: TargetFormat };
  }): Promise<Result<Representation, TableProblem>> {
    const { source, shaping, target } = request;
    const partial = `${target.file}.${process.pid}-${++this.#written}.partial`;
    return this.#withTable(
      source,
      async (table, session) => {
        const shaped = resolveShaping(table.columns, shaping);
        if (!shaped.ok) return shaped;
        try {
          const rows = await writeTable(session, table.from, shaped.value, { file: partial, format: target.format });
          if (!rows.ok) return rows;
          const facts = await fileFacts(partial);
          if (!facts.ok) return facts;
          await publish(partial, target.file);
          return ok({ rows: rows.value, ...facts.value });
        } catch (error) {
          return refuse(
            'tabular.cannot-write',
            `The file cannot be written (${errorCode(error)}); check space and permissions.`,
          );
        } finally {
          await rm(partial, { force: true });
        }
      },
      [partial],
    );
  }

  /**
   * Streams columns as typed arrays; rows never become objects. Integers come as numbers, dates and timestamps as ISO
   * text. The first failure is the last item.
   *
   * @example
   * for await (const batch of tables.readColumns({ source, columns: ['platforms'] })) {
   *   if (!batch.ok) return batch;
   *   batch.value.columns.get('platforms');
   * }
   */
  async *readColumns(request: {
    readonly source: TableSource;
    readonly columns: readonly string[];
    readonly limit?: number;
  }): AsyncGenerator<Result<ColumnBatch, TableProblem>, void, undefined> {
    const { source, columns, limit } = request;
    const session = await this.#acquire();
    try {
      const opened = await session.open([source.file]);
      if (!opened.ok) return yield opened;
      const table = await openTable(session, source);
      if (!table.ok) return yield table;
      const chosen = chooseColumns(table.value.columns, columns);
      if (!chosen.ok) return yield chosen;
      const statement = renderSelect({ columns: chosen.value.map(toVector), from: table.value.from, limit });
      const query = await session.query(statement);
      if (!query.ok) return yield query;
      for (;;) {
        const batch = await session.fetch(batchRows(chosen.value.length));
        if (!batch.ok) return yield batch;
        if (batch.value.rows === 0) return;
        yield ok(nameColumns(chosen.value, batch.value));
      }
    } finally {
      await session.release();
    }
  }

  /** The first rows as JSON cells, for pages. At most 1,000; integers beyond 2^53 and nested values are text. */
  previewRows(source: TableSource, count: number): Promise<Result<Preview, TableProblem>> {
    return this.#withTable(source, async (table, session) => {
      const columns = table.columns.map((column) => ({
        as: column.name,
        of: flatten(column, { kind: 'column', name: column.name }),
      }));
      if (columns.length === 0) return ok({ columns: [], rows: [] });
      const { sql } = renderSelect({ columns, from: table.from, limit: Math.min(count, 1_000) });
      const rows = await session.run(sql);
      if (!rows.ok) return rows;
      return ok({
        columns: table.columns,
        rows: rows.value.map((row) => row.map((cell, i) => toCell(cell, table.columns[i]))),
      });
    });
  }

  /** Rows of a file, also of one that this library wrote: what a receipt states. */
  countRows(file: string, format: SourceFormat | TargetFormat): Promise<Result<number, TableProblem>> {
    if (format !== 'arrow') return this.#withTable({ file, format }, (table, session) => countRows(session, table));
    return this.#withSession([], async (session) => {
      const size = await checkFile(file);
      return size.ok ? session.countArrow(file) : size;
    });
  }

  /**
   * Counts the rows of every combination of values that occurs, for each counting. The engine groups, so that memory
   * depends on the combinations and not on the rows.
   *
   * @returns `tabular.too-many-combinations` when a counting has more than it may have; the problem says how many values
   *   each column has. `tabular.wrong-weight` names the first row whose weight cannot be summed.
   * @example
   * const columns = [{ column: 'sex', by: 'value' }, { column: 'hired', by: 'value' }] as const;
   * const counted = await tables.countJointly(source, [{ columns }]);
   */
  countJointly(
    source: TableSource,
    countings: readonly Counting[],
  ): Promise<Result<readonly JointCount[], TableProblem>> {
    return this.#withTable(source, (table, session) => countEach(session, table, countings));
  }

  /**
   * Counts like {@link countJointly}, where a further column is computed from others as rows stream past: the countings
   * may group by it as by a column of numbers. One pass over the file; memory depends on the combinations, too.
   *
   * @example
   * const columns = [{ column: 'hired', by: 'value' }, { column: 'score', by: 'cut', points: [0.5] }] as const;
   * const counted = await tables.countDerived(source, [{ columns }], { name: 'score', from: ['age'], compute });
   */
  countDerived<P extends Problem>(
    source: TableSource,
    countings: readonly DerivedCounting[],
    derived: DerivedColumn<P>,
  ): Promise<Result<readonly JointCount[], TableProblem | P>> {
    return this.#withTable(source, (table, session) => countDerived(session, table, countings, derived));
  }

  /** What a file holds, and what is missing, constant or there twice. A file without rows is `tabular.empty`. */
  profileSource(source: TableSource): Promise<Result<SourceProfile, TableProblem>> {
    return this.#withTable(source, (table, session) => profile(session, table, source));
  }

  /** {@link countJointly}, then {@link profileSource}, by one process that opens the file once. */
  countAndProfile(
    source: TableSource,
    countings: readonly Counting[],
  ): Promise<Result<{ readonly counts: readonly JointCount[]; readonly profile: SourceProfile }, TableProblem>> {
    return this.#withTable(source, async (table, session) => {
      const counts = await countEach(session, table, countings);
      if (!counts.ok) return counts;
      const profiled = await profile(session, table, source);
      return profiled.ok ? ok({ counts: counts.value, profile: profiled.value }) : profiled;
    });
  }

  /**
   * How many rows of a file also stand in another one, for instance in the data that a model was trained on: equal in
   * every column that both have. With the other file's bytes and digest.
   */
  countSharedRows(
    source: TableSource,
    other: TableSource,
  ): Promise<
    Result<SharedRows & { readonly other: { readonly bytes: number; readonly digest: Digest } }, TableProblem>
  > {
    return this.#withTable(
      source,
      async (table, session) => {
        const opened = await openTable(session, other);
        if (!opened.ok) return opened;
        const [shared, facts] = await Promise.all([
          countSharedRows(session, table, opened.value),
          fileFacts(other.file),
        ]);
        if (!shared.ok) return shared;
        return facts.ok ? ok({ ...shared.value, other: facts.value }) : facts;
      },
      [other.file],
    );
  }

  /** Ends the processes. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  #withTable<T, P extends Problem = TableProblem>(
    source: TableSource,
    use: (table: OpenTable, session: TableSession) => Promise<Result<T, TableProblem | P>>,
    alsoUsed: readonly string[] = [],
  ): Promise<Result<T, TableProblem | P>> {
    return this.#withSession([source.file, ...alsoUsed], async (session) => {
      const table = await openTable(session, source);
      return table.ok ? use(table.value, session) : table;
    });
  }

  async #withSession<T, P extends Problem = TableProblem>(
    paths: readonly string[],
    use: (session: TableSession) => Promise<Result<T, TableProblem | P>>,
  ): Promise<Result<T, TableProblem | P>> {
    const session = await this.#acquire();
    try {
      const opened = await session.open(paths);
      return opened.ok ? await use(session) : opened;
    } finally {
      await session.release();
    }
  }

  async #acquire(): Promise<TableSession> {
    return new TableSession(await this.#pool.acquire(), this.#limits);
  }
}

async function countEach(
  session: TableSession,
  table: OpenTable,
  countings: readonly Counting[],
): Promise<Result<readonly JointCount[], TableProblem>> {
  const counts: JointCount[] = [];
  for (const counting of countings) {
    const counted = await countJointly(session, table, counting);
    if (!counted.ok) return counted;
    counts.push(counted.value);
  }
  return ok(counts);
}

async function profile(
  session: TableSession,
  table: OpenTable,
  { file }: TableSource,
): Promise<Result<SourceProfile, TableProblem>> {
  const [measured, facts] = await Promise.all([profileTable(session, table), fileFacts(file)]);
  if (!measured.ok) return measured;
  return facts.ok ? ok({ ...measured.value, ...facts.value }) : facts;
}

async function countRows(session: TableSession, table: OpenTable): Promise<Result<number, TableProblem>> {
  const counted = await session.run(`SELECT count(*) FROM ${renderRelation(table.from)}`);
  return counted.ok ? ok(Number(counted.value[0]?.[0])) : counted;
}

function toCell(cell: Cell, column: Column | undefined): Cell {
  if (column?.type !== 'integer' || typeof cell !== 'string') return cell;
  return Number.isSafeInteger(Number(cell)) ? Number(cell) : cell;
}
