import type { Did } from '@hansa/kernel';
import type { DataSource } from 'typeorm';

interface Token {
  readonly issuer: Did;
  readonly jti: string;
  readonly until: Date;
  readonly answer: (seenBefore: boolean) => void;
  readonly fail: (error: unknown) => void;
}

const maxBatch = 500;

/**
 * Remembers tokens until they expire, so that each is accepted once, whichever instance of the node it reaches. Those
 * that arrive while others are being written down are written together: each waits for a disk once, not in line.
 */
export class SeenTokens {
  #sinceSweep = 0;
  #waiting: Token[] = [];
  #noting = false;

  constructor(private readonly dataSource: DataSource) {}

  readonly seenBefore = (issuer: Did, jti: string, until: Date): Promise<boolean> =>
    new Promise((answer, fail) => {
      this.#waiting.push({ issuer, jti, until, answer, fail });
      if (!this.#noting) void this.#noteAll();
    });

  async #noteAll(): Promise<void> {
    this.#noting = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, maxBatch);
      await this.#note(batch).catch(() => this.#noteEach(batch));
    }
    this.#noting = false;
  }

  /** What one sender has put into a token must not be the trouble of the others. */
  async #noteEach(batch: readonly Token[]): Promise<void> {
    for (const token of batch) await this.#note([token]).catch(token.fail);
  }

  async #note(batch: readonly Token[]): Promise<void> {
    this.#sinceSweep += batch.length;
    if (this.#sinceSweep >= 1000) {
      this.#sinceSweep = 0;
      await this.dataSource.query('DELETE FROM seen_token WHERE until < now()');
    }
    // In one order everywhere: two instances that write the same tokens must not wait for each other.
    const inserted: readonly { issuer: Did; jti: string }[] = await this.dataSource.query(
      `INSERT INTO seen_token (issuer, jti, until)
       SELECT issuer, jti, until FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS t (issuer, jti, until)
       ORDER BY issuer, jti ON CONFLICT DO NOTHING RETURNING issuer, jti`,
      [batch.map(({ issuer }) => issuer), batch.map(({ jti }) => jti), batch.map(({ until }) => until)],
    );
    const fresh = new Set(inserted.map(keyOf));
    // Of a token that came twice at once, the first is the fresh one.
    for (const token of batch) token.answer(!fresh.delete(keyOf(token)));
  }
}

const keyOf = ({ issuer, jti }: { readonly issuer: string; readonly jti: string }): string => `${issuer} ${jti}`;
