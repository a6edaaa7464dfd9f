import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import { number, wholeNumber } from '../arguments.js';
import type { CountOptions } from '../audit-file/count-file.js';
import type { MergeOptions } from '../audit-file/merge-files.js';

/** `hansa audit count`, `merge` and `verify`: audits of several cities from their counts; none needs a node. */
export function addFederatedAudits(audit: Command, cli: Cli): void {
  addCount(audit, cli);
  addMerge(audit, cli);
  addVerify(audit, cli);
}

function addCount(audit: Command, cli: Cli): void {
  audit
    .command('count')
    .description('count people under a plan that several cities share; only the counts are written')
    .option('--data <file>', 'people with their labels and decisions, as CSV, JSON or Parquet')
    .option('--plan <file>', 'the shared plan, as YAML or JSON, in full; the plan.json of an audit is one')
    .option('--by <city>', 'whose rows these are: a name, or a DID')
    .option('--label <column>', 'the column that says what was true')
    .option('--positive <value>', 'the value of label and decision that is positive (default: 1)')
    .option('--prediction <column>', 'the column with the decisions')
    .option('--positive-prediction <values>', 'the values of a decision that are positive, as Medium,High')
    .option('--threshold <number>', 'decisions are scores, positive from this on', number)
    .option('--weight <column>', "this file's name of the plan's weight, where it differs")
    .option('--score <column>', "this file's name of the plan's score, where it differs; with --threshold it decides")
    .option('--minimum-cell <n>', 'withhold counts below this, and others that would give them away', wholeNumber)
    .option('--at <time>', 'the time to state; without it the same input gives the same bytes')
    .option('--out <file>', 'where the counts are written')
    .addHelpText(
      'after',
      `${examples(
        'hansa audit count --data people.csv --plan plan.yaml --by Ghent --label recid --prediction risk --out ghent.json',
        'hansa audit count --data people.parquet --plan plan.yaml --by did:web:bruges.example --label recid --prediction score --threshold 0.5 --minimum-cell 10 --out bruges.json',
        'hansa audit count --data people.csv --plan plan-with-score.yaml --by Leuven --label recid --prediction risk --score decile --out leuven.json',
      )}
Next, with the counts of all cities: hansa audit merge ghent.json bruges.json --out audit
Exit code: 0 written, 2 bad input.
`,
    )
    .action(
      action(cli, async (session, options: CountOptions) => {
        // The program takes --data for itself, where it names the directory of a node.
        const { data } = session.options;
        // Loaded when it is needed: no other command should wait for the engine of tables.
        const { countFile } = await import('../audit-file/count-file.js');
        await countFile(session, { ...options, ...(data !== undefined && { data }) });
      }),
    );
}

function addMerge(audit: Command, cli: Cli): void {
  audit
    .command('merge')
    .argument('<counts...>', 'files that hansa audit count wrote under one plan')
    .description('audit several cities together from their counts, and give the verdict')
    .option('--at <time>', 'the time to state in the report; without it the same input gives the same bytes')
    .option('--out <directory>', 'where the report is written')
    .addHelpText(
      'after',
      `${examples('hansa audit merge ghent.json bruges.json antwerp.json --out audit')}
The figures are those of an audit of all rows in one file. Counts that contradict each other are refused, with the city
and the place.
Exit code: 0 the audit passed, 1 it failed, 3 the data is insufficient for a verdict, 2 bad input.
`,
    )
    .action(
      action(cli, async (session, files: readonly string[], options: MergeOptions) => {
        const { mergeFiles } = await import('../audit-file/merge-files.js');
        mergeFiles(session, files, options);
      }),
    );
}

function addVerify(audit: Command, cli: Cli): void {
  audit
    .command('verify')
    .argument('<report>', 'a report.json, or the directory that an audit wrote')
    .argument('[counts...]', 'the files of counts that it was merged from')
    .description('compute every figure of a report again from its counts, and list what differs')
    .addHelpText(
      'after',
      `${examples('hansa audit verify audit', 'hansa audit verify audit/report.json', 'hansa audit verify audit ghent.json bruges.json')}
Who signed a report, and whether it was revoked, is told by: hansa verify credential.json report.json
Exit code: 0 nothing differs, 1 something does, 2 unreadable input.
`,
    )
    .action(
      action(cli, async (session, report: string, files: readonly string[]) => {
        const { verifyReport } = await import('../audit-file/verify-report.js');
        verifyReport(session, report, files);
      }),
    );
}
