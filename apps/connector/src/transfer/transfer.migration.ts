import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Transfer1763856600000 implements MigrationInterface {
  readonly name = 'Transfer1763856600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE transfer (
        id text PRIMARY KEY,
        counterparty text NOT NULL,
        address text NOT NULL,
        agreement_id text NOT NULL REFERENCES agreement,
        dataset_id text NOT NULL,
        transfer jsonb NOT NULL,
        decision jsonb,
        token_digest text UNIQUE,
        state text NOT NULL,
        role text NOT NULL,
        consumer_pid text,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX transfer_consumer_pid ON transfer (counterparty, consumer_pid) WHERE role = 'provider'`);
    await runner.query('CREATE INDEX transfer_agreement ON transfer (agreement_id)');
    await runner.query('CREATE INDEX transfer_created ON transfer (created_at DESC, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE transfer');
  }
}
