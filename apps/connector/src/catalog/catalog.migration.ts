import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Catalog1763856400000 implements MigrationInterface {
  readonly name = 'Catalog1763856400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE dataset (
        id text PRIMARY KEY,
        title text NOT NULL,
        description text NOT NULL,
        keywords text[] NOT NULL,
        publisher text,
        licence text,
        source jsonb NOT NULL,
        profile jsonb,
        created_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE offer (
        id text PRIMARY KEY,
        dataset_id text NOT NULL REFERENCES dataset ON DELETE CASCADE,
        policy jsonb NOT NULL,
        template jsonb,
        created_at timestamptz NOT NULL,
        withdrawn_at timestamptz
      )`);
    await runner.query('CREATE INDEX offer_dataset ON offer (dataset_id) WHERE withdrawn_at IS NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE offer, dataset');
  }
}
