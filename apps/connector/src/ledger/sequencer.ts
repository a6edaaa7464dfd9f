import { append, type LedgerEntry, leafHash, type TreeNode } from '@hansa/ledger';
import type { Transaction, UnitOfWork } from '@hansa/platform';

/** Milliseconds for which entries gather, when nobody asks for them. */
const gathering = 200;
const maxBatch = 1000;

/**
 * Gives committed entries their places in the log. The head of the log is one row; if every use case wrote it, they
 * could only commit one after the other, each waiting for a disk. Here whoever holds the row places all that wait, in
 * one transaction: the log has neither gaps nor forks, whichever instance or crash comes between.
 */
export class Sequencer {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | null = null;
  #again: Promise<void> | null = null;
  #stopped = false;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    /** Is told why entries wait longer. They are tried again with the next. */
    private readonly failed: (error: unknown) => void,
  ) {}

  /** There are entries to place soon. */
  wake(): void {
    if (this.#stopped) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.run().catch(this.failed);
    }, gathering).unref();
  }

  /** Places everything that was committed before the call. */
  run(): Promise<void> {
    if (!this.#running) {
      this.#running = this.#placeAll().finally(() => {
        this.#running = null;
      });
      return this.#running;
    }
    // The run under way may have looked already; all who come meanwhile share the next.
    this.#again ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#again = null;
        return this.run();
      });
    return this.#again;
  }

  /** Lets a run under way come to its end. What waits then is placed after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.allSettled([this.#running, this.#again]);
  }

  async #placeAll(): Promise<void> {
    while ((await this.unitOfWork.run((tx) => this.#place(tx))) === maxBatch);
  }

  async #place(tx: Transaction): Promise<number> {
    const [[head], waiting] = await Promise.all([
      tx.query<{ size: string; peaks: readonly Uint8Array[] }>('SELECT size, peaks FROM ledger_head FOR UPDATE', []),
      tx.query<{ id: string; entry: string }>('SELECT id, entry FROM ledger_waiting ORDER BY id LIMIT $1', [maxBatch]),
    ]);
    if (!head) throw new Error('the ledger has lost its head');
    if (waiting.length === 0) return 0;
    let frontier = { size: Number(head.size), peaks: head.peaks };
    const nodes: TreeNode[] = [];
    const rows = waiting.map(({ entry }) => {
      const index = frontier.size;
      const appended = append(frontier, leafHash(Buffer.from(entry)));
      frontier = appended.frontier;
      nodes.push(...appended.nodes);
      const { kind, at, subjects } = JSON.parse(entry) as LedgerEntry;
      return { index, kind, at, subjects, entry };
    });
    const bytes = (hashes: readonly Uint8Array[]) => hashes.map((hash) => Buffer.from(hash));
    tx.write('UPDATE ledger_head SET size = $1, peaks = $2::bytea[]', [frontier.size, bytes(frontier.peaks)]);
    tx.write(
      `INSERT INTO ledger_entry (index, kind, at, subjects, entry)
       SELECT r.index, r.kind, r.at, r.subjects, r.entry
       FROM jsonb_to_recordset($1::jsonb) AS r (index bigint, kind text, at timestamptz, subjects text[], entry text)`,
      [JSON.stringify(rows)],
    );
    tx.write(
      'INSERT INTO ledger_node (level, index, hash) SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])',
      [nodes.map((node) => node.level), nodes.map((node) => node.index), bytes(nodes.map((node) => node.hash))],
    );
    tx.write('DELETE FROM ledger_waiting WHERE id = ANY($1::bigint[])', [waiting.map(({ id }) => id)]);
    return waiting.length;
  }
}
