import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A message that was refused for good is remembered with the reason. */
export class InboxRefusal1763960023000 implements MigrationInterface {
  readonly name = 'InboxRefusal1763960023000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE inbox ADD COLUMN refusal jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE inbox DROP COLUMN refusal');
  }
}
