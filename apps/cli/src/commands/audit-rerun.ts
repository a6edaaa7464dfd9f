import { reportFrom } from '@hansa/fair';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import { readObject } from '../arguments.js';
import type { RerunFiles } from '../audit-file/rerun-files.js';
import { badUsage } from '../failure.js';
import { rerunText } from '../print/rerun.js';

/** `hansa audit rerun`: does anybody else come to the same report? */
export function addAuditRerun(audit: Command, cli: Cli): void {
  audit
    .command('rerun')
    .argument('<report>', 'the report.json of somebody else')
    .description('run the audit of a report again, and compare every byte')
    .option('--data <file>', 'the people that the report is about')
    .option('--counts <file>', 'the confusion tables that it is about')
    .option('--model <file>', 'the ONNX model that decided, where one did')
    .option('--training <file>', 'what the model was trained on, where the audit looked at that')
    .addHelpText(
      'after',
      `${examples(
        'hansa audit rerun report.json --data people.csv',
        'hansa audit rerun report.json --data test.csv --training train.csv --model risk.onnx',
        'hansa audit rerun report.json --counts counts.csv -o json',
      )}
Plan, options, seeds and time come from the report; files may have other names here. Nothing is written.
Exit code: 0 identical to the byte, 1 something differs, 2 bad input.
`,
    )
    .action(
      action(cli, async (session, file: string, options: RerunFiles) => {
        const value = readObject(file, session.terminal);
        if (value.type !== 'AuditReport')
          throw badUsage(`${file} is not an audit report. Give the report.json of an audit.`);
        const report = reportFrom(value);
        if (!report)
          throw badUsage(
            `${file} does not have the form of a report: hansa audit verify ${file} says where it is wrong.`,
          );
        // The program takes --data for itself, where it names the directory of a node.
        const { data } = session.options;
        // Loaded when it is needed: no other command should wait for the engine of tables.
        const { rerunFiles } = await import('../audit-file/rerun-files.js');
        const outcome = await rerunFiles(session, report, { ...options, ...(data !== undefined && { data }) });
        session.settle();
        session.show(outcome, (shown) => rerunText(file, shown, shown.files, session.paint));
        if (!outcome.same) session.exitCode = 1;
      }),
    );
}
