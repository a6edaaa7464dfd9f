import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Entries that are committed and have no place in the log yet. */
export class LedgerWaiting1764072100000 implements MigrationInterface {
  readonly name = 'LedgerWaiting1764072100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ledger_waiting (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        -- The canonical bytes that will be hashed.
        entry text NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ledger_waiting');
  }
}
