import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Outage1763942400000 implements MigrationInterface {
  readonly name = 'Outage1763942400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outage (
        counterparty text PRIMARY KEY,
        since timestamptz NOT NULL DEFAULT now(),
        failures integer NOT NULL,
        until timestamptz NOT NULL,
        last_error text NOT NULL
      )`);
    await runner.query(`CREATE INDEX outbox_counterparty ON outbox (counterparty, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX outbox_counterparty');
    await runner.query('DROP TABLE outage');
  }
}
