import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { reportFrom, taskReportFrom } from '@hansa/fair';
import type { JsonObject } from '@hansa/kernel';
import { pdfOfHtml } from '@hansa/pdf';
import { optionsOfReport, type PrintableReport, printableReport, printableTaskReport } from '@hansa/report';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import { readObject } from '../arguments.js';
import { badUsage, CommandFailure } from '../failure.js';

interface PdfOptions {
  readonly out: string;
  readonly credential?: string;
}

/** `hansa audit pdf`: a report for print and archive. */
export function addAuditPdf(audit: Command, cli: Cli): void {
  audit
    .command('pdf')
    .argument('<report>', 'the report.json of an audit')
    .option('--out <file>', 'where the PDF is written', 'report.pdf')
    .option('--credential <file>', 'the signed credential about the report, to be enclosed as well')
    .description('an audit report as a PDF for print and archive (PDF/A-3a, PDF/UA-1); needs no node')
    .addHelpText(
      'after',
      `${examples('hansa audit pdf audit/report.json --out audit/report.pdf', 'hansa audit pdf report.json --credential credential.json')}
The report is enclosed as data. The same report gives the same bytes.
`,
    )
    .action(
      action(cli, async (session, file: string, { out, credential }: PdfOptions) => {
        const { terminal } = session;
        const enclosed = credential === undefined ? undefined : JSON.stringify(readObject(credential, terminal));
        const printable = printableOf(readObject(file, terminal), enclosed);
        if (!printable) throw badUsage(`${file} is not an audit report. Give the report.json that an audit wrote.`);
        const bytes = await pdfOfHtml(printable);
        const path = resolve(terminal.directory, out);
        try {
          writeFileSync(path, bytes);
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          throw new CommandFailure({ kind: 'cli.file', detail: `${out} cannot be written (${code}).` }, 2);
        }
        session.show({ file: path, bytes: bytes.length }, () => `Written: ${out}\n`);
      }),
    );
}

/** A report of yes-or-no decisions or of another task, ready for print; null for anything else. */
function printableOf(document: JsonObject, credential: string | undefined): PrintableReport | null {
  const report = reportFrom(document);
  if (report) return printableReport(report, optionsOfReport(report), credential);
  const ofTask = taskReportFrom(document);
  if (!ofTask) return null;
  if (credential !== undefined)
    throw badUsage('Reports on other tasks than yes-or-no decisions have no credential.', '--credential');
  return printableTaskReport(ofTask, optionsOfReport(ofTask));
}
