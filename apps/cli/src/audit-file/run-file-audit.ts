import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type AuditPlan, type AuditReport, buildReport, planDigest, reportBytes, type TaskVerdict } from '@hansa/fair';
import { canonicalJson, digestOfJson, type JsonObject } from '@hansa/kernel';
import { pdfOfHtml } from '@hansa/pdf';
import { printableReport, type ReportDocumentOptions, reportDocument } from '@hansa/report';
import { badUsage, CommandFailure, orFail } from '../failure.js';
import { packageVersion } from '../package-root.js';
import type { Paint } from '../print/paint.js';
import { section } from '../print/table.js';
import type { Session } from '../session.js';
import type { DecisionSource } from './audit-file.js';
import { commandOf, requestOf } from './option-names.js';
import type { FileAuditOptions } from './options.js';
import { columnNames, crossings, groupsByAttribute, planOf, range } from './plan-options.js';
import { readCounts, readPeople } from './read-material.js';
import { modelOf, type ScoringModel } from './scoring-model.js';

/** How a process ends by what an audit found. */
export const exitCodes = { pass: 0, fail: 1, 'insufficient-data': 3 } as const;

/**
 * `hansa audit run --data …`: plans, reads, counts, judges, and writes `plan.json`, `report.json` and `report.html`. The
 * plan is written before the file is read.
 */
export async function runFileAudit(session: Session, options: FileAuditOptions): Promise<void> {
  const { label, counts } = options;
  if (label === undefined && counts === undefined)
    throw badUsage('Name the column that says what was true: --label <column>.', '--label');
  const model = await modelOf(options, session.terminal);
  try {
    await audit(session, options, model);
  } finally {
    await model?.close();
  }
}

async function audit(session: Session, options: FileAuditOptions, model: ScoringModel | undefined): Promise<void> {
  const { out, at, data, counts } = options;
  if (out === undefined) throw badUsage('Say where the report shall be written: --out <directory>.', '--out');
  if (at !== undefined && Number.isNaN(Date.parse(at))) throw badUsage('Write --at as 2026-11-23T10:00:00Z.', '--at');
  if (counts !== undefined && (options.training !== undefined || options.proxies))
    throw badUsage('--training and --proxies need the rows of --data; --counts has none.', '--counts');
  const file = counts ?? data;
  if (file === undefined) throw badUsage('Name the file of people: --data people.csv.', '--data');
  refuseUnused(options);
  if (counts !== undefined && options.humanBaseline !== undefined)
    throw badUsage('Decisions by people are compared row by row: give --data with --human-baseline, not --counts.');
  const directory = resolve(session.terminal.directory, out);
  const decision = counts === undefined ? (model?.decision ?? decisionOf(options)) : null;
  const plan = planFrom(options, decision, model, session);
  if (plan.cluster !== undefined) refuseWithClusters(options);
  write(directory, 'plan.json', `${canonicalJson(plan)}\n`);
  session.progress(`The plan is fixed: ${planDigest(plan)}. Reading ${file} …`);
  const report = await reportOf({ ...options, file }, { plan, decision, model }, session);
  const content = reportBytes(report);
  write(directory, 'report.json', content);
  const shown = { ...documentOptions(options, basename(file), model), content };
  const printable = options.pdf ? printableReport(report, shown) : undefined;
  write(directory, 'report.html', printable?.markup ?? reportDocument(report, shown));
  if (printable) write(directory, 'report.pdf', await pdfOfHtml(printable));
  session.settle();
  session.show(report, (value) => reportText(value, out, session.paint));
  session.exitCode = exitCodes[report.verdict.outcome];
}

/** An audit whose plan is fixed. */
interface FixedAudit {
  readonly plan: AuditPlan;
  /** Null where the file holds counts. */
  readonly decision: DecisionSource | null;
  readonly model: ScoringModel | undefined;
}

/** Reads a file, counts, and judges under the plan. The same files, options and plan give the same report. */
export async function reportOf(
  { file, ...options }: FileAuditOptions & { readonly file: string },
  { plan, decision, model }: FixedAudit,
  session: Session,
): Promise<AuditReport> {
  const { at } = options;
  const material =
    decision === null
      ? await readCounts({ ...options, counts: file }, plan, session.terminal)
      : await readPeople({ ...options, data: file }, decision, model, plan, session);
  const subject: JsonObject = decision === null ? {} : { decision: canonicalDecision(decision) };
  return orFail(
    buildReport({
      ...(at !== undefined && { at: new Date(at).toISOString() }),
      model: model?.reference ?? { digest: digestOfJson({ data: material.data.digest, ...subject }), ...subject },
      data: material.data,
      plan,
      counts: material.counts,
      dataFindings: material.findings,
      ...(material.scores && { scores: material.scores }),
      ...(material.humanBaseline && { humanBaseline: material.humanBaseline }),
      request: requestOf(options, model?.use),
      software: { name: 'hansa', version: packageVersion() },
    }),
    2,
  );
}

function documentOptions(
  options: FileAuditOptions,
  name: string,
  model: ScoringModel | undefined,
): ReportDocumentOptions {
  const { label, prediction } = options;
  return {
    subject: model ? `the model ${model.name}` : `the decisions in ${name}`,
    kind: model ? 'model' : 'decisions',
    data: name,
    more: [
      ...(label === undefined ? [] : [['Column with the true answer', label] as const]),
      ...(prediction === undefined ? [] : [['Column with the decision', prediction] as const]),
    ],
    command: `hansa audit run ${commandOf(options)}`,
  };
}

/** Where the decisions of a file stand, as the options say. */
export function decisionOf({
  prediction,
  positivePrediction,
  threshold,
  score,
}: Pick<FileAuditOptions, 'prediction' | 'positivePrediction' | 'threshold' | 'score'>): DecisionSource {
  if (prediction === undefined && score !== undefined && threshold !== undefined)
    return { kind: 'threshold', column: score, threshold };
  if (prediction === undefined)
    throw badUsage(
      score === undefined
        ? 'Name the column with the decisions: --prediction <column>; or the model that makes them: --model m.onnx.'
        : 'Say what was decided: --prediction with a column of decisions, or --threshold from which a score is positive.',
      '--prediction',
    );
  if (threshold !== undefined && score !== undefined && score !== prediction)
    throw badUsage('Give --prediction with the decisions, or --threshold for the scores, not both.', '--threshold');
  if (threshold !== undefined) {
    if (positivePrediction !== undefined) throw badUsage('Give --threshold or --positive-prediction, not both.');
    return { kind: 'threshold', column: prediction, threshold };
  }
  const positive =
    positivePrediction === undefined ? undefined : columnNames(positivePrediction, '--positive-prediction');
  return { kind: 'prediction', column: prediction, ...(positive && { positive }) };
}

/** The decision as the report states it. */
function canonicalDecision(decision: DecisionSource): JsonObject {
  return JSON.parse(JSON.stringify(decision)) as JsonObject;
}

function planFrom(
  options: FileAuditOptions,
  decision: DecisionSource | null,
  model: ScoringModel | undefined,
  { terminal }: Session,
): AuditPlan {
  const { label = 'the label', outcome, positive = '1' } = options;
  if (outcome !== undefined && outcome !== 'benefit' && outcome !== 'burden')
    throw badUsage(`--outcome is benefit or burden, not "${outcome}".`, '--outcome');
  return planOf(
    {
      name: decision === null ? 'the label is positive' : `${label} is ${positive}`,
      positive: decision === null ? 'positive' : (model?.positive ?? wordsOf(decision, positive)),
      ...(outcome && { outcome }),
      ...(options.protected && { protected: columnNames(options.protected, '--protected') }),
      ...(options.intersect && { intersect: crossings(options.intersect) }),
      ...(options.control && { control: columnNames(options.control, '--control') }),
      ...(options.privileged && { privileged: groupsByAttribute(options.privileged) }),
      ...(options.weight !== undefined && { weight: options.weight }),
      ...(options.cluster !== undefined && { cluster: options.cluster }),
      ...(options.score !== undefined && { score: scoreOf(options.score, options.scoreRange) }),
      ...(options.seed !== undefined && { seed: options.seed }),
      ...(options.plan && { plan: options.plan }),
    },
    terminal,
  );
}

function scoreOf(column: string, ends: string | undefined): NonNullable<AuditPlan['score']> {
  return { column, ...(ends !== undefined && { range: range(ends, '--score-range') }) };
}

/** Options that would be passed over in silence are refused. */
function refuseUnused({ counts, score, scoreRange, weight, seed }: FileAuditOptions): void {
  const ofPeople = score !== undefined ? '--score' : weight !== undefined ? '--weight' : undefined;
  if (counts !== undefined && ofPeople !== undefined)
    throw badUsage(`${ofPeople} names a column of people; --counts has none. Give --data.`, ofPeople);
  if (scoreRange !== undefined && score === undefined)
    throw badUsage('--score-range is the range of --score; name the column of scores.', '--score-range');
  if (seed !== undefined && weight !== undefined)
    throw badUsage(
      'With --weight nothing is drawn, because sums of weights do not say how rows would fall another time: --seed would do nothing. Leave one of them out.',
      '--seed',
    );
}

/** What clusters are not allowed for. */
function refuseWithClusters({ counts, humanBaseline }: FileAuditOptions): void {
  if (counts !== undefined)
    throw badUsage('--cluster names a column of people; --counts has none. Give --data.', '--cluster');
  if (humanBaseline !== undefined)
    throw badUsage(
      'Decisions by people are held against the others row by row, as if rows were unrelated: leave out --human-baseline or --cluster.',
      '--human-baseline',
    );
}

function wordsOf(decision: DecisionSource, positive: string): string {
  const values =
    decision.kind === 'threshold' ? `at least ${decision.threshold}` : (decision.positive ?? [positive]).join(' or ');
  return `${decision.column} ${values}`;
}

/** Writes a file of an audit, and its directory where it is not there. */
export function write(directory: string, name: string, content: string | Uint8Array): void {
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, name), content);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandFailure({ kind: 'cli.file', detail: `${join(directory, name)} cannot be written (${code}).` }, 2);
  }
}

type AnyVerdict = AuditReport['verdict'] | TaskVerdict;

const words = { pass: 'pass', fail: 'fail', 'insufficient-data': 'insufficient data' } as const;

function notes(drawn: AuditReport['drawn'], scores: AuditReport['scores']): string {
  const auc = scores?.everybody.auc;
  return section('Beside the verdict', [
    ...(auc?.state === 'value'
      ? [`area under the ROC curve of "${scores?.column}": ${Number(auc.value.toFixed(4))}`]
      : []),
    ...(drawn ? [`drawn ${drawn.replicates} times from seed ${drawn.seed}: how the planned figures vary`] : []),
  ]);
}

/** The verdict with its reasons and findings, for the terminal. */
export function reportText(report: AuditReport, out: string, paint: Paint): string {
  return verdictText(report, notes(report.drawn, report.scores), out, paint);
}

/** The verdict of an audit of any task, with notes between its reasons and its findings. */
export function verdictText(
  { verdict, findings, data }: Pick<AuditReport, 'findings' | 'data'> & { readonly verdict: AnyVerdict },
  between: string,
  out: string,
  paint: Paint,
): string {
  const { outcome, reasons } = verdict;
  const painted = outcome === 'pass' ? paint.good(words[outcome]) : paint.bad(words[outcome]);
  return [
    `Verdict on ${data.rows} rows: ${paint.bold(painted)}\n`,
    section(
      'Reasons',
      reasons.map(({ outcome: own, text }) => `${words[own]}: ${text}`),
    ),
    between,
    section(
      'Findings',
      findings.map(({ severity, text }) => `${severity}: ${text}`),
    ),
    `\nTo read: ${join(out, 'report.html')}; with every figure: ${join(out, 'report.json')}\n`,
  ].join('');
}
