import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a node goes by in a negotiation, and what is held for a person. All of it is null while a negotiation goes on by
 * itself, so that its updates touch no index.
 */
export class HeldNegotiation1763962000000 implements MigrationInterface {
  readonly name = 'HeldNegotiation1763962000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE negotiation
        ADD COLUMN handling jsonb,
        ADD COLUMN awaiting jsonb,
        ADD COLUMN decide_by timestamptz,
        ADD COLUMN provider_pid text`);
    await runner.query(`
      CREATE UNIQUE INDEX negotiation_provider_pid ON negotiation (counterparty, provider_pid) WHERE role = 'consumer'`);
    await runner.query('CREATE INDEX negotiation_decide_by ON negotiation (decide_by) WHERE decide_by IS NOT NULL');
    await runner.query(`
      CREATE INDEX negotiation_held ON negotiation (created_at DESC, id) WHERE awaiting IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX negotiation_held, negotiation_decide_by, negotiation_provider_pid');
    await runner.query(`
      ALTER TABLE negotiation
        DROP COLUMN handling, DROP COLUMN awaiting, DROP COLUMN decide_by, DROP COLUMN provider_pid`);
  }
}
