import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { Audit } from '../api.js';
import { path } from '../client.js';
import { auditText, verdictOf } from '../print/audit.js';
import { time } from '../print/text.js';
import { addAuditCompare } from './audit-compare.js';
import { addAuditCountersign } from './audit-countersign.js';
import { addAuditExport } from './audit-export.js';
import { addAuditFederate } from './audit-federate.js';
import { addFederatedAudits } from './audit-federated.js';
import { addAuditFindings } from './audit-findings.js';
import { addAuditPdf } from './audit-pdf.js';
import { addAuditRerun } from './audit-rerun.js';
import { addAuditRun } from './audit-run.js';
import { listing } from './listing.js';

/** `hansa audit`: is a model fair to everybody it decides about, under a plan that was fixed before? */
export function addAuditCommands(program: Command, cli: Cli): void {
  const audit = program.command('audit').description('audits of files and of hosted models');
  addAuditRun(audit, cli);
  addAuditRerun(audit, cli);
  addAuditCompare(audit, cli);
  addFederatedAudits(audit, cli);
  addAuditFederate(audit, cli);
  addAuditExport(audit, cli);
  addAuditPdf(audit, cli);

  listing<Audit>(audit, cli, {
    what: 'audits',
    url: '/audits',
    cursor: 'offset',
    empty: 'No audits yet. Run one: hansa audit run --help\n',
    columns: [
      { head: 'STATUS', of: (a) => a.status },
      { head: 'VERDICT', of: verdictOf },
      { head: 'REVOKED', of: (a) => a.revokedAt && time(a.revokedAt) },
      { head: 'MODEL', of: (a) => a.modelId },
      { head: 'ID', of: (a) => a.id },
    ],
  });

  audit
    .command('show')
    .argument('<id>')
    .description('one audit: its verdict and the reasons')
    .addHelpText('after', examples('hansa audit show urn:uuid:…'))
    .action(
      action(cli, async (session, id: string) => {
        const one = await session.answer(session.client.get<Audit>(path`/audits/${id}`));
        session.show(one, (a) => auditText(a, session.paint));
      }),
    );

  addReport(audit, cli);
  addAuditFindings(audit, cli);
  addAuditCountersign(audit, cli);

  audit
    .command('revoke')
    .argument('<id>')
    .requiredOption('--reason <text>', 'why; it stands in the ledger')
    .option('-y, --yes', 'do not ask')
    .description('revoke the credential of an audit: policies no longer accept it')
    .addHelpText('after', examples('hansa audit revoke urn:uuid:… --reason "The labels were wrong." --yes'))
    .action(
      action(cli, async (session, id: string, { reason, yes }: { readonly reason: string; readonly yes?: boolean }) => {
        await session.confirm(`Revoke the audit ${id}? This cannot be undone.`, yes);
        await session.answer(session.client.post(path`/audits/${id}/revoke`, { reason }));
        session.show({ id, revoked: true }, () => `Revoked: ${id}.\n`);
      }),
    );
}

function addReport(audit: Command, cli: Cli): void {
  audit
    .command('report')
    .argument('<id>')
    .option('--credential', 'the signed credential about the report, instead of the report')
    .description('the report as canonical JSON, byte by byte as its digest covers it')
    .addHelpText(
      'after',
      examples(
        'hansa audit report urn:uuid:… > report.json',
        'hansa audit report urn:uuid:… --credential > credential.json',
        'hansa verify credential.json report.json',
      ),
    )
    .action(
      action(cli, async (session, id: string, { credential }: { readonly credential?: boolean }) => {
        const what = credential ? 'credential' : 'report';
        session.terminal.out(await session.answer(session.client.getText(`${path`/audits/${id}`}/${what}`)));
      }),
    );
}
