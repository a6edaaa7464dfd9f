import pg from 'pg';

/** A session keeps what it has prepared, so there must be an end to it. */
const maxStatements = 500;
const mark = '/* not prepared */ ';
const names = new Map<string, string>();

/** The name of a statement in every session of this process: one name, one text. */
function nameOf(text: string): string | undefined {
  if (text.startsWith(mark)) return undefined;
  const known = names.get(text);
  if (known !== undefined || names.size >= maxStatements) return known;
  const name = `hansa_${names.size}`;
  names.set(text, name);
  return name;
}

/**
 * Marks a statement whose text is made up from input, so that it is not prepared: others would choose what our sessions
 * keep, and leave no room for the statements of the node.
 *
 * @example
 * dataSource.query(unprepared(`SELECT id FROM dataset WHERE ${conditions}`), values);
 */
export const unprepared = (text: string): string => mark + text;

/**
 * Prepares each statement that has parameters, once in a session. Parsing and planning cost three times what running
 * costs for the short statements of a node. Statements must name their columns: when a later version adds one, a
 * prepared `*` fails.
 */
export class PreparingClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: one implementation behind pg's thirteen overloads
  override query(query: any, values?: any, callback?: any): any {
    if (typeof query !== 'string' || !Array.isArray(values) || values.length === 0)
      return super.query(query, values, callback);
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const statement: any = { text: query, name: nameOf(query) };
    return super.query(statement, values, callback);
  }
}

/**
 * A pool of `pg` whose connections prepare what they run.
 *
 * @example
 * const pool = new PreparingPool({ connectionString: 'postgres://localhost/hansa' });
 */
export class PreparingPool extends pg.Pool {
  constructor(config?: pg.PoolConfig) {
    super({ ...config, Client: PreparingClient } as pg.PoolConfig);
  }
}

/** The parts of the `pg` module that TypeORM uses. */
export interface PgDriver {
  readonly Pool: new (config?: pg.PoolConfig) => pg.Pool;
  readonly Client: new (config?: pg.ClientConfig) => pg.Client;
  readonly types: typeof pg.types;
  readonly defaults: typeof pg.defaults;
}

/** `pg`, preparing. */
export const pgDriver: PgDriver = {
  Pool: PreparingPool,
  Client: PreparingClient,
  types: pg.types,
  defaults: pg.defaults,
};
