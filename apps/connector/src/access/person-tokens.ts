import { createHash, randomBytes } from 'node:crypto';
import type { Transaction } from '@hansa/platform';
import type { DataSource } from 'typeorm';

export interface KnownPerson {
  readonly name: string;
  readonly admittedAt: Date;
}

const prefix = 'hansa_person_';

/** The tokens of named people. The database has digests only: a token is shown once, when it is made. */
export class PersonTokens {
  constructor(private readonly dataSource: DataSource) {}

  /** The name behind a token; null for what is no token of a person. */
  async find(token: string): Promise<string | null> {
    if (!token.startsWith(prefix)) return null;
    const [row] = await this.dataSource.query('SELECT name FROM person_token WHERE digest = $1', [digestOf(token)]);
    return row?.name ?? null;
  }

  /** A token for a person who has none; null when the name is taken. */
  async admit(tx: Transaction, name: string, at: Date): Promise<string | null> {
    const token = prefix + randomBytes(32).toString('base64url');
    const rows = await tx.manager.query(
      'INSERT INTO person_token (name, digest, admitted_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING RETURNING name',
      [name, digestOf(token), at],
    );
    return rows.length === 1 ? token : null;
  }

  async list(): Promise<readonly KnownPerson[]> {
    return this.dataSource.query('SELECT name, admitted_at AS "admittedAt" FROM person_token ORDER BY name');
  }

  /** False when there was no such person. */
  async remove(tx: Transaction, name: string): Promise<boolean> {
    const [rows] = await tx.manager.query('DELETE FROM person_token WHERE name = $1 RETURNING name', [name]);
    return rows.length === 1;
  }
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();
