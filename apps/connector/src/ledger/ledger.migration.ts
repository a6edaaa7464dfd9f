import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Ledger1763856100000 implements MigrationInterface {
  readonly name = 'Ledger1763856100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ledger_entry (
        index bigint PRIMARY KEY,
        kind text NOT NULL,
        at timestamptz NOT NULL,
        subjects text[] NOT NULL,
        -- The canonical bytes that were hashed, so that nothing depends on how a database prints JSON.
        entry text NOT NULL
      )`);
    await runner.query('CREATE INDEX ledger_entry_subjects ON ledger_entry USING gin (subjects)');
    await runner.query('CREATE INDEX ledger_entry_kind ON ledger_entry (kind, index)');
    await runner.query(`
      CREATE TABLE ledger_node (
        level smallint NOT NULL,
        index bigint NOT NULL,
        hash bytea NOT NULL,
        PRIMARY KEY (level, index)
      )`);
    await runner.query(`
      CREATE TABLE ledger_head (
        id boolean PRIMARY KEY DEFAULT true CHECK (id),
        size bigint NOT NULL,
        peaks bytea[] NOT NULL
      )`);
    await runner.query(`INSERT INTO ledger_head (size, peaks) VALUES (0, '{}')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ledger_head, ledger_node, ledger_entry');
  }
}
