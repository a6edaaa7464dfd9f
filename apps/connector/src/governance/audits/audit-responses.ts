import type { AnsweredFinding, FindingAnswer } from '@hansa/fair';
import { answeredFindings } from '@hansa/fair';
import type { Clock } from '@hansa/kernel';
import type { RowOf, Transaction } from '@hansa/platform';
import { type DataSource, EntitySchema, type MigrationInterface, type QueryRunner } from 'typeorm';
import type { IssuedReport } from './audit.js';

/** What was said last about a finding of an audit; the ledger has what was said before. */
interface StoredAnswer extends FindingAnswer {
  readonly auditId: string;
  readonly changedAt: Date;
}

export const auditResponseSchema = new EntitySchema<RowOf<StoredAnswer, never>>({
  name: 'audit_response',
  columns: {
    auditId: { type: 'text', name: 'audit_id', primary: true },
    finding: { type: 'text', primary: true },
    state: { type: 'text' },
    owner: { type: 'text', nullable: true },
    due: { type: 'text', nullable: true },
    reason: { type: 'text', nullable: true },
    evidence: { type: 'text', nullable: true },
    changedAt: { type: 'timestamptz', name: 'changed_at' },
  },
});

export class AuditResponse1764120340000 implements MigrationInterface {
  readonly name = 'AuditResponse1764120340000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_response (
        audit_id text NOT NULL REFERENCES audit,
        -- The digest of the finding as it stands in the report.
        finding text NOT NULL,
        state text NOT NULL CHECK (state IN ('open', 'accepted', 'resolved')),
        owner text,
        due text,
        reason text,
        evidence text,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (audit_id, finding),
        CHECK (state <> 'accepted' OR reason IS NOT NULL),
        CHECK (state <> 'resolved' OR evidence IS NOT NULL)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_response');
  }
}

/** Who answers for the findings of this node's audits, until when, and what came of them. */
export class AuditResponses {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** The findings of a report with what was said about them up to now. */
  async of(
    auditId: string,
    { report }: Pick<IssuedReport, 'report'>,
    tx?: Transaction,
  ): Promise<readonly AnsweredFinding[]> {
    const rows = await (tx ?? this.dataSource).manager.findBy(auditResponseSchema, { auditId });
    const answers = rows.map(({ auditId: _, changedAt: __, ...answer }) => answer as FindingAnswer);
    return answeredFindings(JSON.parse(report), answers, this.clock.now().toISOString().slice(0, 10));
  }

  async save(tx: Transaction, auditId: string, answer: FindingAnswer): Promise<void> {
    const row = { ...answer, auditId, changedAt: this.clock.now() };
    await tx.manager.upsert(auditResponseSchema, row, ['auditId', 'finding']);
  }
}
