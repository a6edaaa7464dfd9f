import {
  type Clock,
  canonicalJson,
  type Did,
  type Json,
  ok,
  type Problem,
  parseJson,
  type Result,
  refuse,
} from '@hansa/kernel';
import {
  consistencyProof,
  frontierAt,
  type Hash,
  inclusionProof,
  type LedgerEntry,
  type LedgerProof,
  ledgerProof,
  type NodeReader,
  type NoteSigner,
  parseLedgerEntry,
  rootOf,
  signCheckpoint,
} from '@hansa/ledger';
import type { Transaction } from '@hansa/platform';
import type { DataSource } from 'typeorm';
import type { Sequencer } from './sequencer.js';

/** What a use case records; the ledger adds who and when. */
export interface LedgerEvent {
  /** Dotted and past tense: `negotiation.agreed`. */
  readonly kind: string;
  readonly subjects: readonly string[];
  readonly data: Json;
}

export interface StoredEntry {
  readonly index: number;
  readonly entry: LedgerEntry;
}

export interface EntryQuery {
  readonly subject?: string;
  readonly kind?: string;
  /** Entries before this index; the newest come first. */
  readonly before?: number;
  readonly limit: number;
}

/**
 * The node's append-only log. Entries are stored in the transaction of what they record, so there is no change without
 * its entry and no entry without its change.
 */
export class Ledger {
  #appended: (event: LedgerEvent) => void = () => {};

  constructor(
    private readonly dataSource: DataSource,
    private readonly signer: NoteSigner,
    private readonly did: Did,
    private readonly clock: Clock,
    private readonly sequencer: Sequencer,
  ) {}

  /** Names who is told of each entry after its commit. */
  onAppended(listener: (event: LedgerEvent) => void): void {
    this.#appended = listener;
  }

  /**
   * Records events, in the order of the commits of those that wait for each other. They are given their places in the log
   * a moment after the commit, many at once; nobody sees the log without them.
   */
  async append(tx: Transaction, ...events: readonly LedgerEvent[]): Promise<void> {
    if (events.length === 0) return;
    const at = this.clock.now().toISOString();
    const entries = events.map((event) => canonicalJson({ ...event, at, actor: this.did } satisfies LedgerEntry));
    tx.write(
      'INSERT INTO ledger_waiting (entry) SELECT e FROM unnest($1::text[]) WITH ORDINALITY AS w (e, n) ORDER BY n',
      [entries],
    );
    tx.afterCommit(() => {
      this.sequencer.wake();
      for (const event of events) this.#appended(event);
    });
  }

  async entries(query: EntryQuery): Promise<readonly StoredEntry[]> {
    await this.sequencer.run();
    const rows: { index: string; entry: string }[] = await this.dataSource.query(
      `SELECT index, entry FROM ledger_entry
       WHERE ($1::text IS NULL OR subjects @> ARRAY[$1]) AND ($2::text IS NULL OR kind = $2) AND ($3::bigint IS NULL OR index < $3)
       ORDER BY index DESC LIMIT $4`,
      [query.subject ?? null, query.kind ?? null, query.before ?? null, query.limit],
    );
    return rows.map((row) => ({ index: Number(row.index), entry: readEntry(row.entry) }));
  }

  /** How many entries of these kinds are about a subject. */
  async count(subject: string, kinds: readonly string[]): Promise<number> {
    await this.sequencer.run();
    const [row] = await this.dataSource.query(
      'SELECT count(*)::int AS entries FROM ledger_entry WHERE subjects @> ARRAY[$1] AND kind = ANY($2)',
      [subject, kinds],
    );
    return row.entries;
  }

  /** The signed state of the log now (C2SP tlog-checkpoint). */
  async checkpoint(): Promise<string> {
    return this.#sign(await this.#size());
  }

  /** Proof that the entry stands in the log, to be checked offline with this node's public key. */
  async prove(index: number): Promise<Result<LedgerProof, Problem<'ledger.not-found'>>> {
    const size = await this.#size();
    const known = index >= 0 && index < size;
    const [row] = known ? await this.dataSource.query('SELECT entry FROM ledger_entry WHERE index = $1', [index]) : [];
    if (!row)
      return refuse('ledger.not-found', `The ledger has no entry ${index}; it has ${size} entries, counted from 0.`);
    const path = await inclusionProof(this.#nodes, index, size);
    return ok(ledgerProof(readEntry(row.entry), index, path, await this.#sign(size)));
  }

  /** Proof that the log of `older` entries is the beginning of the log now. */
  async proveConsistency(
    older: number,
  ): Promise<Result<{ readonly proof: readonly string[]; readonly checkpoint: string }>> {
    const size = await this.#size();
    if (older < 1 || older > size)
      return refuse('ledger.range', `A consistency proof needs an older size from 1 to ${size}.`, 'from');
    const proof = await consistencyProof(this.#nodes, older, size);
    return ok({ proof: proof.map((hash) => Buffer.from(hash).toString('base64')), checkpoint: await this.#sign(size) });
  }

  async #sign(size: number): Promise<string> {
    return signCheckpoint({ size, root: rootOf(await frontierAt(this.#nodes, size)) }, this.signer);
  }

  /** Every reader comes by here first, and finds what was committed before it asked. */
  async #size(): Promise<number> {
    await this.sequencer.run();
    const [head] = await this.dataSource.query('SELECT size FROM ledger_head');
    return Number(head.size);
  }

  readonly #nodes: NodeReader = {
    read: async (places) => {
      const rows: { ordinal: string; hash: Buffer }[] = await this.dataSource.query(
        `SELECT p.ordinal, n.hash FROM unnest($1::smallint[], $2::bigint[]) WITH ORDINALITY AS p (level, index, ordinal)
         JOIN ledger_node n ON n.level = p.level AND n.index = p.index ORDER BY p.ordinal`,
        [places.map((p) => p.level), places.map((p) => p.index)],
      );
      if (rows.length !== places.length) throw new Error('the ledger has lost a node of its tree');
      return rows.map((row): Hash => row.hash);
    },
  };
}

function readEntry(text: string): LedgerEntry {
  const parsed = parseJson(text);
  const entry = parsed.ok ? parseLedgerEntry(parsed.value) : parsed;
  if (!entry.ok) throw new Error(`a stored ledger entry cannot be read: ${entry.problem.detail}`);
  return entry.value;
}
