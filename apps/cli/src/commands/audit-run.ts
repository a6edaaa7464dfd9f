import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { Audit } from '../api.js';
import { number, readObject, rowFilter, several, wholeNumber } from '../arguments.js';
import type { FileAuditOptions } from '../audit-file/options.js';
import { path } from '../client.js';
import { badUsage } from '../failure.js';
import { auditText } from '../print/audit.js';
import { count } from '../print/text.js';
import type { Session } from '../session.js';
import { type WaitOptions, waiting } from '../waiting.js';

interface NodeOptions extends WaitOptions {
  readonly model?: string;
  readonly dataset?: string;
  readonly label?: string;
  readonly plan?: string;
  readonly where?: readonly string[];
}

const help = `${examples(
  'hansa audit run --data people.csv --label recid --positive 1 --prediction risk --outcome burden --protected sex,race --out audit',
  'hansa audit run --data loans.parquet --label repaid --positive yes --prediction granted --outcome benefit --protected sex,age --intersect sex*age --control branch --plan plan.yaml --out audit',
  'hansa audit run --data people.csv --label recid --score p --threshold 0.5 --outcome burden --protected sex,race --seed 1 --out audit',
  'hansa audit run --data survey.csv --label y --prediction yhat --weight w --outcome benefit --protected sex --out audit',
  'hansa audit run --data visits.csv --label y --prediction yhat --cluster person_id --outcome benefit --protected sex --out audit',
  'hansa audit run --data test.csv --training train.csv --proxies --label y --prediction yhat --outcome burden --protected sex --out audit',
  'hansa audit run --data people.csv --model risk.onnx --features age,income --threshold 0.6 --label recid --outcome burden --protected sex --out audit',
  'hansa audit run --data people.csv --model risk.onnx --card model-card.json --label recid --human-baseline clerk --outcome burden --protected sex --out audit',
  'hansa audit run --data jobs.csv --task multiclass --label field --prediction predicted --protected sex --out audit',
  'hansa audit run --counts counts.csv --suppressed-below 10 --population Model=A --outcome burden --protected nationality --out audit',
  'hansa audit run --model urn:uuid:… --dataset urn:uuid:… --label lacksStepFreeAccess --plan audit-plan.json --where split=audit',
)}
With --data or --counts no node is needed: report.json and report.html are written to --out, and nothing leaves this
machine. Exit code then: 0 the audit passed, 1 it failed, 3 the data is insufficient for a verdict, 2 bad input.
With a node: 0 when the audit is done, whatever its verdict; 1 when it failed to run or takes longer.
`;

/** `hansa audit run`: of a file on this machine, or of a hosted model by a node. */
export function addAuditRun(audit: Command, cli: Cli): void {
  const run = audit
    .command('run')
    .description('audit decisions in a file, or a model that a node hosts, and give the verdict')
    .option('--data <file>', 'people with their labels and decisions, as CSV, JSON or Parquet; needs no node')
    .option('--counts <file>', 'confusion tables in place of people: columns TN, FP, FN, TP and the groups, as CSV')
    .option('--suppressed-below <n>', 'counts below this were withheld in --counts and stand there as 0', wholeNumber)
    .option('--population <values>', 'which tables of --counts to read, as Dataset=Pilot,Model=A')
    .option('--label <column>', 'the column that says what was true')
    .option('--task <task>', 'what is decided: binary (default), or multiclass for one of several classes')
    .option(
      '--positive <value>',
      'the value of label and decision that is positive (default: 1); of several classes the one against the rest',
    )
    .option('--prediction <column>', 'the column with the decisions')
    .option('--positive-prediction <values>', 'the values of a decision that are positive, as Medium,High')
    .option(
      '--score <column>',
      'scores, to report their ROC curves, calibration and drift; with --prediction or --threshold',
    )
    .option('--score-range <ends>', 'the least and the greatest score, as 0,1, where there are very many')
    .option('--weight <column>', 'how much each row counts, from 0 on; intervals allow for unequal weights')
    .option('--cluster <column>', 'which rows belong together, as person_id: intervals and tests allow for that')
    .option('--seed <n>', 'also draw how the planned figures vary, the same for the same seed', wholeNumber)
    .option('--human-baseline <column>', 'what people decided about the same rows, to hold the decisions against')
    .option('--positive-baseline <values>', 'the values of --human-baseline that are positive (default: as the label)')
    .option('--threshold <number>', 'decisions are scores, positive from this on (default with --model: 0.5)', number)
    .option('--outcome <meaning>', 'what a positive decision is to the person it is about: benefit or burden')
    .option('--protected <columns>', 'the columns whose groups are compared, as sex,race')
    .option('--intersect <columns>', 'columns to cross, as sex*race; more after commas')
    .option('--control <columns>', 'columns within whose values groups are compared once more')
    .option('--privileged <groups>', "the group that AIF360's figures compare with, as race=Caucasian,sex=Male")
    .option('--time <column>', 'the column with the date of each row, to see whether labels change over time')
    .option('--training <file>', 'what the model was trained on, to find rows of --data that it has seen')
    .option('--proxies', 'look for columns that tell to which group a person belongs; a pass over the file for each')
    .option('--plan <file>', 'the audit plan, as YAML or JSON: metrics, margins, floors; with a node: all of it')
    .option('--at <time>', 'the time to state in the report; without it the same input gives the same bytes')
    .option('--out <directory>', 'where the report is written')
    .option('--pdf', 'write report.pdf as well: tagged, for print and archive, with report.json enclosed')
    .option('--model <file>', 'an ONNX model that scores the people of --data; with a node: the id of a hosted model')
    .option('--card <file>', 'the model card: it gives --threshold, --positive-class and --features at once')
    .option('--features <columns>', "the columns of the model's matrix in the order of training, as age,income")
    .option('--positive-class <class>', "the model's class that means positive, or the place of its column from 0")
    .option('--dataset <id>', 'a dataset of that node with the truth in it')
    .option(
      '--where <condition>',
      'with a node: only rows for which this holds, as split=audit; may be repeated',
      several,
    );
  waiting(run, 'for the verdict', 3600)
    .addHelpText('after', help)
    .action(
      action(cli, async (session, options: NodeOptions & FileAuditOptions) => {
        // The program takes --data for itself, where it names the directory of a node.
        const { data } = session.options;
        const isOfFile = data !== undefined || options.counts !== undefined;
        if (options.task !== undefined && options.dataset !== undefined)
          throw badUsage('--task is for files; nodes audit yes-or-no decisions.', '--task');
        if (options.dataset !== undefined || !isOfFile) return runOnNode(session, options);
        // Loaded when it is needed: no other command should wait for the engine of tables.
        const ofFile = { ...options, ...(data !== undefined && { data }) };
        const { taskOf } = await import('../audit-file/tasks/task-plan-options.js');
        const task = taskOf(ofFile, session.terminal);
        if (task !== null) {
          const { runTaskAudit } = await import('../audit-file/tasks/run-task-audit.js');
          return runTaskAudit(session, ofFile, task);
        }
        const { runFileAudit } = await import('../audit-file/run-file-audit.js');
        await runFileAudit(session, ofFile);
      }),
    );
}

async function runOnNode(session: Session, options: NodeOptions): Promise<void> {
  const { model: modelId, dataset: datasetId, label: labelColumn, plan: planFile } = options;
  if (!modelId || !datasetId || !labelColumn || !planFile)
    throw badUsage(
      'Give --data with a file of people, or --counts with a file of counts; or --model, --dataset, --label and --plan for an audit by a node.',
    );
  const plan = readObject(planFile, session.terminal);
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
}

function progressText({ status, progress }: Audit): string {
  if (status === 'queued' || progress.total === 0) return `The audit is ${status} …`;
  const share = Math.floor((100 * progress.done) / progress.total);
  return `Auditing: ${count(progress.done)} of ${count(progress.total)} (${share} %) …`;
}
