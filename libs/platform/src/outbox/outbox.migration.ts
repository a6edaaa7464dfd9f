import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Outbox1763856000000 implements MigrationInterface {
  readonly name = 'Outbox1763856000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic text NOT NULL,
        process_id text NOT NULL,
        counterparty text NOT NULL,
        url text NOT NULL,
        body text NOT NULL,
        state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'dead')),
        attempts integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        due_at timestamptz NOT NULL DEFAULT now(),
        lease_until timestamptz,
        last_error text
      )`);
    await runner.query(`CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'waiting'`);
    await runner.query(`CREATE INDEX outbox_process ON outbox (process_id, id) WHERE state = 'waiting'`);
    await runner.query(`
      CREATE TABLE inbox (
        counterparty text NOT NULL,
        message_key text NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (counterparty, message_key)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE inbox');
    await runner.query('DROP TABLE outbox');
  }
}
