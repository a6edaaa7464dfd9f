import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Negotiation1763856500000 implements MigrationInterface {
  readonly name = 'Negotiation1763856500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE negotiation (
        id text PRIMARY KEY,
        counterparty text NOT NULL,
        address text NOT NULL,
        dataset_id text NOT NULL,
        purpose text,
        negotiation jsonb NOT NULL,
        decision jsonb,
        credentials text[] NOT NULL,
        state text NOT NULL,
        role text NOT NULL,
        consumer_pid text,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX negotiation_consumer_pid ON negotiation (counterparty, consumer_pid) WHERE role = 'provider'`);
    await runner.query('CREATE INDEX negotiation_created ON negotiation (created_at DESC, id)');
    await runner.query(`
      CREATE TABLE agreement (
        id text PRIMARY KEY,
        negotiation_id text NOT NULL REFERENCES negotiation,
        role text NOT NULL,
        counterparty text NOT NULL,
        address text NOT NULL,
        dataset_id text NOT NULL,
        purpose text,
        policy jsonb NOT NULL,
        credentials text[] NOT NULL,
        agreed_at timestamptz NOT NULL,
        terminated_at timestamptz,
        termination_reason text
      )`);
    await runner.query('CREATE INDEX agreement_agreed ON agreement (agreed_at DESC, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE agreement, negotiation');
  }
}
