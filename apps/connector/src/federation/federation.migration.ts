import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an audit of several cities has from each of them. */
export class Federation1764101600000 implements MigrationInterface {
  readonly name = 'Federation1764101600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_city (
        audit_id text NOT NULL REFERENCES audit,
        place integer NOT NULL,
        state jsonb NOT NULL,
        answer text,
        PRIMARY KEY (audit_id, place)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_city');
  }
}
