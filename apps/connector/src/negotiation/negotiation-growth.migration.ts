import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What keeps a large table of negotiations as fast as a small one. */
export class NegotiationGrowth1764072000000 implements MigrationInterface {
  readonly name = 'NegotiationGrowth1764072000000';

  async up(runner: QueryRunner): Promise<void> {
    // A column and not an index on the expression: such an index would be written with every change of a negotiation.
    await runner.query(`
      ALTER TABLE negotiation ADD COLUMN agreement_id text
        GENERATED ALWAYS AS (negotiation -> 'agreement' ->> '@id') STORED`);
    await runner.query(`
      CREATE INDEX negotiation_agreement ON negotiation (agreement_id) WHERE agreement_id IS NOT NULL`);
    // Room for the next version of a row beside it, which then needs no new entry in any index.
    await runner.query('ALTER TABLE negotiation SET (fillfactor = 70)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE negotiation RESET (fillfactor)');
    await runner.query('ALTER TABLE negotiation DROP COLUMN agreement_id');
  }
}
