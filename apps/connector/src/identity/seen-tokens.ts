import type { Did } from '@hansa/kernel';
import type { DataSource } from 'typeorm';

/** Remembers tokens until they expire, so that each is accepted once, whichever instance of the node it reaches. */
export class SeenTokens {
  #sinceSweep = 0;

  constructor(private readonly dataSource: DataSource) {}

  readonly seenBefore = async (issuer: Did, jti: string, until: Date): Promise<boolean> => {
    if (++this.#sinceSweep >= 1000) {
      this.#sinceSweep = 0;
      await this.dataSource.query('DELETE FROM seen_token WHERE until < now()');
    }
    const inserted: unknown[] = await this.dataSource.query(
      'INSERT INTO seen_token (issuer, jti, until) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1',
      [issuer, jti, until],
    );
    return inserted.length === 0;
  };
}
