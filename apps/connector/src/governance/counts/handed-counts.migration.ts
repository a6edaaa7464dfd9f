import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts that were handed out. */
export class HandedCounts1764101500000 implements MigrationInterface {
  readonly name = 'HandedCounts1764101500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE handed_counts (
        agreement_id text PRIMARY KEY,
        request_digest text NOT NULL,
        -- The very bytes that are handed out, the second time as the first.
        answer text,
        problem jsonb,
        counted_at timestamptz NOT NULL,
        CHECK ((answer IS NULL) <> (problem IS NULL))
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE handed_counts');
  }
}
