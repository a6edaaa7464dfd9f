import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a provider pushes, and the data that a consumer has. */
export class Push1764002200000 implements MigrationInterface {
  readonly name = 'Push1764002200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE push (
        transfer_id text PRIMARY KEY REFERENCES transfer,
        run integer NOT NULL,
        due_at timestamptz,
        failures integer NOT NULL,
        failing_since timestamptz,
        problem text,
        deliveries integer NOT NULL,
        delivered jsonb
      )`);
    await runner.query('CREATE INDEX push_due ON push (due_at) WHERE due_at IS NOT NULL');
    await runner.query(`
      CREATE TABLE received (
        id text PRIMARY KEY,
        transfer_id text NOT NULL REFERENCES transfer,
        content jsonb NOT NULL,
        received_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX received_transfer ON received (transfer_id, received_at DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE received, push');
  }
}
