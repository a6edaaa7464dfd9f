import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Identity1763856200000 implements MigrationInterface {
  readonly name = 'Identity1763856200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE seen_token (
        issuer text NOT NULL,
        jti text NOT NULL,
        until timestamptz NOT NULL,
        PRIMARY KEY (issuer, jti)
      )`);
    await runner.query('CREATE INDEX seen_token_until ON seen_token (until)');
    await runner.query(`
      CREATE TABLE credential (
        issuer text NOT NULL,
        id text NOT NULL,
        type text NOT NULL,
        jwt text NOT NULL,
        valid_until timestamptz,
        received_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (issuer, id)
      )`);
    await runner.query(`
      CREATE TABLE credential_request (
        holder_pid text PRIMARY KEY,
        issuer text NOT NULL,
        types text[] NOT NULL,
        status text NOT NULL CHECK (status IN ('REQUESTED', 'ISSUED', 'REJECTED')),
        reason text,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE credential_request, credential, seen_token');
  }
}

/** The tables of a node that issues credentials to others. */
export class Issuer1763856300000 implements MigrationInterface {
  readonly name = 'Issuer1763856300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE member (
        did text PRIMARY KEY,
        claims jsonb NOT NULL,
        admitted_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE issuance_request (
        issuer_pid text PRIMARY KEY,
        holder_pid text NOT NULL,
        holder text NOT NULL,
        status text NOT NULL CHECK (status IN ('RECEIVED', 'ISSUED', 'REJECTED')),
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE issued_credential (
        id text PRIMARY KEY,
        holder text NOT NULL,
        type text NOT NULL,
        status_index integer NOT NULL UNIQUE,
        valid_until timestamptz NOT NULL,
        revoked_at timestamptz,
        issued_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE issued_credential, issuance_request, member');
  }
}
