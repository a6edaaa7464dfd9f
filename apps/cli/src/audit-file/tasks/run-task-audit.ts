import { basename, resolve } from 'node:path';
import {
  buildTaskReport,
  columnsOfPlan,
  type DataReference,
  type Task,
  type TaskMaterial,
  type TaskPlan,
  taskPlanDigest,
  taskReportBytes,
} from '@hansa/fair';
import { canonicalJson, digestOfJson } from '@hansa/kernel';
import { pdfOfHtml } from '@hansa/pdf';
import { printableTaskReport, type ReportDocumentOptions, taskDocument } from '@hansa/report';
import { TableEngine } from '@hansa/tabular';
import { badUsage, orFail } from '../../failure.js';
import { packageVersion } from '../../package-root.js';
import type { Session } from '../../session.js';
import type { AuditFileFacts } from '../audit-file.js';
import { commandOf } from '../option-names.js';
import type { FileAuditOptions } from '../options.js';
import { sourceOf } from '../read-audit-file.js';
import { exitCodes, verdictText, write } from '../run-file-audit.js';
import { readClasses, taskFileFindings } from './read-classes.js';
import { taskPlanOf } from './task-plan-options.js';

/** `hansa audit run --data … --task …`: plans, writes the plan, reads, counts, judges, and writes the report. */
export async function runTaskAudit(session: Session, options: FileAuditOptions, task: Task): Promise<void> {
  const { out, at, data: file, label, prediction } = options;
  if (file === undefined) throw badUsage(`--task ${task} needs rows: name the file with --data people.csv.`, '--data');
  if (label === undefined) throw badUsage('Name the column that says what was true: --label <column>.', '--label');
  if (prediction === undefined)
    throw badUsage('Name the column with the decisions: --prediction <column>.', '--prediction');
  if (out === undefined) throw badUsage('Say where the report shall be written: --out <directory>.', '--out');
  if (at !== undefined && Number.isNaN(Date.parse(at))) throw badUsage('Write --at as 2026-11-23T10:00:00Z.', '--at');
  refuseUnused(options, task);
  const directory = resolve(session.terminal.directory, out);
  const plan = taskPlanOf(task, options, session.terminal);
  write(directory, 'plan.json', `${canonicalJson(plan)}\n`);
  session.progress(`The plan is fixed: ${taskPlanDigest(plan)}. Reading ${file} …`);
  const columns = { label, prediction };
  const { material, facts } = await readMaterial(session, file, columns, plan);
  const data = dataOf(facts, file, columns);
  const report = orFail(
    buildTaskReport({
      ...(at !== undefined && { at: new Date(at).toISOString() }),
      model: { digest: digestOfJson({ data: data.digest, task, ...columns }), task, ...columns },
      data,
      dataFindings: taskFileFindings(facts),
      material,
      software: { name: 'hansa', version: packageVersion() },
    }),
    2,
  );
  const content = taskReportBytes(report);
  write(directory, 'report.json', content);
  const shown: ReportDocumentOptions = {
    subject: `the decisions in ${basename(file)}`,
    kind: 'decisions',
    data: basename(file),
    more: [
      ['Column with the true answer', label],
      ['Column with the decision', prediction],
    ],
    command: `hansa audit run ${commandOf(options)}`,
    content,
  };
  write(directory, 'report.html', taskDocument(report, shown));
  if (options.pdf) write(directory, 'report.pdf', await pdfOfHtml(printableTaskReport(report, shown)));
  session.settle();
  session.show(report, (value) => verdictText(value, '', out, session.paint));
  session.exitCode = exitCodes[report.verdict.outcome];
}

interface Columns {
  readonly label: string;
  readonly prediction: string;
}

async function readMaterial(
  session: Session,
  file: string,
  columns: Columns,
  plan: TaskPlan,
): Promise<{ readonly material: TaskMaterial; readonly facts: AuditFileFacts }> {
  const tables = new TableEngine();
  try {
    const source = orFail(sourceOf(resolve(session.terminal.directory, file), undefined), 2);
    const read = orFail(await readClasses(tables, source, { ...columns, attributes: columnsOfPlan(plan) }), 2);
    return { material: { plan, classes: read.counted }, facts: read.facts };
  } finally {
    await tables.close();
  }
}

function dataOf(facts: AuditFileFacts, file: string, columns: Columns): DataReference {
  const { digest, rows, counted, format, columns: all } = facts;
  return {
    digest,
    rows: counted,
    file: basename(file),
    format,
    ...columns,
    ...(counted < rows && { rowsInFile: rows }),
    columns: all.map(({ name }) => name),
  };
}

/** Options that say nothing to a task are refused and not passed over. */
function refuseUnused(options: FileAuditOptions, task: Task): void {
  const other = {
    counts: '--counts',
    suppressedBelow: '--suppressed-below',
    population: '--population',
    positive: '--positive',
    positivePrediction: '--positive-prediction',
    threshold: '--threshold',
    score: '--score',
    scoreRange: '--score-range',
    weight: '--weight',
    seed: '--seed',
    model: '--model',
    card: '--card',
    features: '--features',
    positiveClass: '--positive-class',
    humanBaseline: '--human-baseline',
    positiveBaseline: '--positive-baseline',
    outcome: '--outcome',
    control: '--control',
    privileged: '--privileged',
    time: '--time',
    training: '--training',
    proxies: '--proxies',
  } as const satisfies Partial<Record<keyof FileAuditOptions, string>>;
  const [, name] = Object.entries(other).find(([member]) => options[member as keyof typeof other] !== undefined) ?? [];
  if (name !== undefined)
    throw badUsage(`${name} is for audits of yes-or-no decisions; leave it out with --task ${task}.`, name);
}
