import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is published is never changed and never removed: a further version takes its place. */
export class Register1764110000000 implements MigrationInterface {
  readonly name = 'Register1764110000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE register_entry (
        id text PRIMARY KEY,
        draft jsonb,
        draft_by text,
        draft_at timestamptz,
        is_retired boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL,
        CHECK ((draft IS NULL) = (draft_by IS NULL) AND (draft IS NULL) = (draft_at IS NULL))
      )`);
    await runner.query(`
      CREATE TABLE register_version (
        entry_id text NOT NULL REFERENCES register_entry,
        number integer NOT NULL CHECK (number > 0),
        content jsonb NOT NULL,
        -- What audits said at that moment in the fields that the editor had left open.
        filled jsonb NOT NULL,
        note text,
        changed_by text NOT NULL,
        published_at timestamptz NOT NULL,
        PRIMARY KEY (entry_id, number)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE register_version, register_entry');
  }
}
