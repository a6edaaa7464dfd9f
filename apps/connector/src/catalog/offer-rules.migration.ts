import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By which rules requests for an offer are answered. Those that were made before are agreed to when they are repeated. */
export class OfferRules1763961000000 implements MigrationInterface {
  readonly name = 'OfferRules1763961000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE offer ADD COLUMN negotiation jsonb NOT NULL DEFAULT
      '{"repeated":"agree","otherTerms":"refuse","bounds":null,"approvals":1,"decideWithin":null}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE offer DROP COLUMN negotiation');
  }
}
