import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Governance1763856700000 implements MigrationInterface {
  readonly name = 'Governance1763856700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE model (
        id text PRIMARY KEY,
        digest text NOT NULL,
        name text NOT NULL,
        version text NOT NULL,
        signature jsonb NOT NULL,
        card jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        UNIQUE (name, version)
      )`);
    await runner.query('CREATE INDEX model_digest ON model (digest)');
    await runner.query(`
      CREATE TABLE audit (
        id text PRIMARY KEY,
        model_id text REFERENCES model,
        subject jsonb NOT NULL,
        -- Not a reference: an audit outlives the dataset that it was made on.
        dataset_id text NOT NULL,
        label_column text NOT NULL,
        conditions jsonb NOT NULL,
        plan jsonb NOT NULL,
        plan_digest text NOT NULL,
        dataset_digest text NOT NULL,
        status_index integer NOT NULL UNIQUE,
        planned_at timestamptz NOT NULL,
        state jsonb NOT NULL,
        status text NOT NULL CHECK (status IN ('queued', 'running', 'failed', 'done')),
        issued_at timestamptz,
        is_revoked boolean NOT NULL DEFAULT false,
        CHECK ((status = 'done') = (issued_at IS NOT NULL))
      )`);
    await runner.query('CREATE INDEX audit_model ON audit (model_id, issued_at DESC)');
    await runner.query('CREATE INDEX audit_planned ON audit (planned_at DESC)');
    await runner.query(`
      CREATE TABLE audit_report (
        audit_id text PRIMARY KEY REFERENCES audit,
        -- The very bytes that were hashed and signed, so that nothing depends on how a database prints JSON.
        report text NOT NULL,
        credential text NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE explanation (
        id text PRIMARY KEY,
        model_id text NOT NULL REFERENCES model,
        background text NOT NULL,
        explanation jsonb NOT NULL,
        sentences text[] NOT NULL,
        digest text NOT NULL,
        is_public boolean NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX explanation_public ON explanation (model_id, created_at DESC) WHERE is_public');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE explanation, audit_report, audit, model');
  }
}
