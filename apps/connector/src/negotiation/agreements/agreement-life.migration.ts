import { expiryOf, parsePolicy } from '@hansa/odrl';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How agreements end, and what they stand in the place of. */
export class AgreementLife1763960000000 implements MigrationInterface {
  readonly name = 'AgreementLife1763960000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE negotiation ADD supersedes text');
    await runner.query(`
      ALTER TABLE agreement ADD expires_at timestamptz, ADD supersedes text, ADD ending jsonb, ADD notice text`);
    await runner.query('ALTER TABLE agreement RENAME terminated_at TO ended_at');
    // Until now only this node's own staff could end an agreement here.
    await runner.query(`
      UPDATE agreement SET ending = jsonb_build_object(
        'kind', 'terminated', 'by', role, 'code', NULL, 'reason', jsonb_build_array(termination_reason))
      WHERE ended_at IS NOT NULL`);
    await runner.query('ALTER TABLE agreement DROP termination_reason');
    const open: { readonly id: string; readonly policy: unknown }[] = await runner.query(
      'SELECT id, policy FROM agreement WHERE ended_at IS NULL',
    );
    for (const { id, policy } of open) {
      const parsed = parsePolicy(policy);
      const expiry = parsed.ok ? expiryOf(parsed.value) : null;
      if (expiry) await runner.query('UPDATE agreement SET expires_at = $2 WHERE id = $1', [id, expiry]);
    }
    await runner.query('CREATE INDEX agreement_expires ON agreement (expires_at) WHERE ended_at IS NULL');
    await runner.query('CREATE INDEX agreement_supersedes ON agreement (supersedes) WHERE supersedes IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX agreement_supersedes, agreement_expires');
    await runner.query('ALTER TABLE agreement ADD termination_reason text');
    await runner.query(`
      UPDATE agreement SET termination_reason = coalesce(ending -> 'reason' ->> 0, ending ->> 'kind')
      WHERE ended_at IS NOT NULL`);
    await runner.query('ALTER TABLE agreement RENAME ended_at TO terminated_at');
    await runner.query('ALTER TABLE agreement DROP expires_at, DROP supersedes, DROP ending, DROP notice');
    await runner.query('ALTER TABLE negotiation DROP supersedes');
  }
}
