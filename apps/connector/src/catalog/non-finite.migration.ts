import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Data that go on changing. */
export class NonFinite1764002100000 implements MigrationInterface {
  readonly name = 'NonFinite1764002100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE dataset ADD COLUMN finite boolean NOT NULL DEFAULT true');
    await runner.query('ALTER TABLE dataset ADD COLUMN interval_seconds integer');
    await runner.query(`UPDATE dataset SET finite = false WHERE source ->> 'kind' = 'inference-service'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE dataset DROP COLUMN interval_seconds');
    await runner.query('ALTER TABLE dataset DROP COLUMN finite');
  }
}
