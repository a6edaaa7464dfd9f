import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { Audit } from '../api.js';
import { readObject, rowFilter, several } from '../arguments.js';
import { path } from '../client.js';
import type { Paint } from '../print/paint.js';
import { record, section } from '../print/table.js';
import { count, time } from '../print/text.js';
import { type WaitOptions, waiting } from '../waiting.js';
import { listing } from './listing.js';

interface RunOptions extends WaitOptions {
  readonly model: string;
  readonly dataset: string;
  readonly label: string;
  readonly plan: string;
  readonly where?: readonly string[];
}

/** `hansa audit`: is a model fair to everybody it decides about, under a plan that was fixed before? */
export function addAuditCommands(program: Command, cli: Cli): void {
  const audit = program.command('audit').description('audits of hosted models');
  addRun(audit, cli);

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

function addRun(audit: Command, cli: Cli): void {
  const run = audit
    .command('run')
    .requiredOption('--model <id>', 'the hosted model')
    .requiredOption('--dataset <id>', 'a dataset of this node with the truth in it')
    .requiredOption('--label <column>', 'the column that says what was true')
    .requiredOption('--plan <file>', 'the audit plan as JSON: groups, metrics, margins')
    .option('--where <condition>', 'only rows for which this holds, as split=audit; may be repeated', several)
    .description('audit a model on a local dataset and wait for the verdict');
  waiting(run, 'for the verdict', 3600)
    .addHelpText(
      'after',
      `${examples('hansa audit run --model urn:uuid:… --dataset urn:uuid:… --label lacksStepFreeAccess --plan audit-plan.json --where split=audit')}\nExit code: 0 when the audit is done, whatever its verdict; 1 when it failed to run or takes longer.\n`,
    )
    .action(
      action(cli, async (session, options: RunOptions) => {
        const { model: modelId, dataset: datasetId, label: labelColumn } = options;
        const plan = readObject(options.plan, session.terminal);
        const where = options.where?.map(rowFilter);
        const queued = await session.answer(
          session.client.post<Audit>('/audits', { modelId, datasetId, labelColumn, plan, where }),
        );
        const isOver = ({ status }: Audit) => status === 'done' || status === 'failed';
        const last = options.wait
          ? await session.waitUntil(
              () => session.answer(session.client.get<Audit>(path`/audits/${queued.id}`)),
              isOver,
              progressText,
              options.timeout,
            )
          : queued;
        session.show(last, (a) => auditText(a, session.paint));
        if (options.wait && last.status !== 'done') session.exitCode = 1;
      }),
    );
}

function progressText({ status, progress }: Audit): string {
  if (status === 'queued' || progress.total === 0) return `The audit is ${status} …`;
  const share = Math.floor((100 * progress.done) / progress.total);
  return `Auditing: ${count(progress.done)} of ${count(progress.total)} (${share} %) …`;
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

function verdictOf({ verdict }: Audit): string | null {
  if (verdict === undefined || verdict === null) return null;
  return typeof verdict === 'string' ? verdict : verdict.outcome;
}

function auditText(a: Audit, paint: Paint): string {
  const verdict = verdictOf(a);
  const painted = verdict === 'pass' ? paint.good(verdict) : verdict === null ? null : paint.bad(verdict);
  const reasons = (a.reasons ?? []).map((reason) => (typeof reason === 'string' ? reason : reason.text));
  return (
    record([
      ['id', a.id],
      ['status', a.status],
      ['verdict', painted],
      ['model', a.modelId],
      ['dataset', a.datasetId],
      ['report', a.reportDigest],
      ['revoked', a.revokedAt && time(a.revokedAt)],
      ['problem', a.status === 'failed' ? (a.detail ?? 'the log of the node holds the cause') : null],
    ]) +
    section('Reasons', reasons) +
    (a.status === 'done' ? '' : `\nLook again: hansa audit show ${a.id}\n`)
  );
}
