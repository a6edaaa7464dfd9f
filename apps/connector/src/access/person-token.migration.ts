import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may use the management interface under a name. */
export class PersonToken1763960900000 implements MigrationInterface {
  readonly name = 'PersonToken1763960900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE person_token (
        name text PRIMARY KEY,
        digest bytea NOT NULL UNIQUE,
        admitted_at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE person_token');
  }
}
