import pg from 'pg';

/** A value as the wire takes it: text, bytes or null. */
type WireValue = string | Buffer | null;

/** What came of one statement, in the form that `pg` gives. */
export interface Answer {
  readonly command: string;
  readonly rowCount: number | null;
  readonly rows: Record<string, unknown>[];
}

/** One statement of a batch. */
export interface Statement {
  readonly text: string;
  /** The name under which the session keeps it; empty: for this time only. */
  readonly name: string;
  readonly values: readonly WireValue[];
  done(error: Error | null, answer?: Answer): void;
}

interface Column {
  readonly name: string;
  read(text: string): unknown;
}

/** The columns of the statements that a session has prepared, by their names: they are asked for once. */
export type Columns = Map<string, readonly Column[]>;

/** The part of `pg`'s connection that a batch needs. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  readonly parsedStatements: Readonly<Record<string, string>>;
  parse(message: { text: string; name: string }): void;
  bind(message: { portal: string; statement: string; values: readonly WireValue[] }): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(message: { portal: string; rows: number }): void;
  sync(): void;
}

const { prepareValue } = (pg as unknown as { utils: { prepareValue(value: unknown): WireValue } }).utils;

/** @throws TypeError for an object that cannot be written as JSON */
export const wireValues = (values: readonly unknown[]): readonly WireValue[] =>
  values.map((value) => prepareValue(value));

/**
 * Statements that go to the server in one packet and come back in one. After the first that fails the server skips the
 * rest (PostgreSQL's manual, 55.2.3), so a batch that opens a transaction runs nothing outside of it.
 */
export class Batch {
  #at = 0;
  #rows: Record<string, unknown>[] = [];

  constructor(
    private readonly statements: readonly Statement[],
    private readonly columns: Columns,
    private readonly parserOf: (type: number) => (text: string) => unknown,
  ) {}

  /** `pg` notes by these two which statement was parsed. */
  get name(): string | undefined {
    return this.statements[this.#at]?.name;
  }
  get text(): string | undefined {
    return this.statements[this.#at]?.text;
  }

  submit(wire: Wire): null {
    const parsed = new Set<string>();
    wire.stream.cork();
    for (const { name, text, values } of this.statements) {
      if (name === '' || !(name in wire.parsedStatements || parsed.has(name))) wire.parse({ text, name });
      parsed.add(name);
      wire.bind({ portal: '', statement: name, values });
      if (!this.columns.has(name)) wire.describe({ type: 'P', name: '' });
      wire.execute({ portal: '', rows: 0 });
    }
    wire.sync();
    wire.stream.uncork();
    return null;
  }

  handleRowDescription({ fields }: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    const columns = fields.map(({ name, dataTypeID }) => ({ name, read: this.parserOf(dataTypeID) }));
    this.columns.set(this.name ?? '', columns);
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const row: Record<string, unknown> = {};
    this.columns.get(this.name ?? '')?.forEach(({ name, read }, i) => {
      const text = fields[i] ?? null;
      row[name] = text === null ? null : read(text);
    });
    this.#rows.push(row);
  }

  /** @param complete its text is for instance `SELECT 2`, `INSERT 0 1` or `BEGIN` */
  handleCommandComplete({ text }: { text: string }): void {
    const [command = '', ...counts] = text.split(' ');
    const count = counts.at(-1);
    const { name = '', done } = this.#next();
    // Nothing was described: it gives no rows. An unnamed statement is described each time.
    if (name === '') this.columns.delete(name);
    else if (!this.columns.has(name)) this.columns.set(name, []);
    const rows = this.#rows;
    this.#rows = [];
    done(null, { command, rowCount: count === undefined ? null : Number(count), rows });
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: '' });
  }

  handleError(error: Error): void {
    while (this.#at < this.statements.length) this.#next().done(error);
  }

  handleReadyForQuery(): void {
    // Every statement has had its answer.
  }

  #next(): Statement {
    const statement = this.statements[this.#at++];
    if (!statement) throw new Error('the database has answered a statement that was not sent');
    return statement;
  }
}
