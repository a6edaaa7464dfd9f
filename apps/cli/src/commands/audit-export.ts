import {
  type AuditReport,
  type ExportFormat,
  exportAs,
  exportFormats,
  type RegisterEntry,
  readEntry,
  reportFrom,
} from '@hansa/fair';
import { type Command, Option } from 'commander';
import { action, type Cli, examples } from '../action.js';
import { readObject, readWritten } from '../arguments.js';
import { badUsage, orFail } from '../failure.js';
import type { Terminal } from '../terminal.js';

/** What a file cannot tell: when an entry was published, and under which identifier. */
const formats = exportFormats.filter((format) => format !== 'ats');

/** `hansa audit export`: the report of a file as a model card or as a section of technical documentation. */
export function addAuditExport(audit: Command, cli: Cli): void {
  audit
    .command('export')
    .argument('<report>', 'the report.json that an audit wrote')
    .addOption(new Option('--as <format>', 'the form').choices(formats).makeOptionMandatory())
    .option('--about <file>', 'what the system is, as an entry of the register in YAML or JSON')
    .description('an audit report in another form; what nobody has said is listed as missing; needs no node')
    .addHelpText(
      'after',
      examples(
        'hansa audit export audit/report.json --as model-card > model-card.json',
        'hansa audit export audit/report.json --as annex-iv --about entry.yaml > annex-iv.md',
      ),
    )
    .action(
      action(
        cli,
        async (session, file: string, { as, about }: { readonly as: ExportFormat; readonly about?: string }) => {
          const { terminal } = session;
          const report = reportFrom(readObject(file, terminal));
          if (!report) throw badUsage(`${file} is not an audit report. Give the report.json that an audit wrote.`);
          const entry = about === undefined ? {} : readAbout(about, terminal);
          const material = { entry, audits: [evidenceOf(report)], models: [], publication: null };
          terminal.out(orFail(exportAs(as, material)).body);
        },
      ),
    );
}

function readAbout(file: string, terminal: Terminal): RegisterEntry {
  return orFail(readEntry(readWritten(file, 'entry', '--about', terminal)), 2);
}

/** A report that lies in a file: nobody signed it. */
function evidenceOf(report: AuditReport) {
  const nothing = { issuedAt: null, validUntil: null, page: null, credential: null };
  return { id: null, report, isRevoked: false, ...nothing };
}
