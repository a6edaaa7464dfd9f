import { boundColumns } from '@hansa/inference';
import { refuse } from '@hansa/kernel';
import type { Column, DerivedColumn, TableEngine, TableSource } from '@hansa/tabular';
import { badUsage, orFail } from '../failure.js';
import { count } from '../print/text.js';
import type { Session } from '../session.js';
import type { AuditFile, AuditFileProblem } from './audit-file.js';
import { orExplain, type ScoringModel } from './scoring-model.js';

/** Milliseconds between two lines of progress. */
const progressEvery = 200;

/** How a model scores the people of a file: the column of its scores, and the columns that it looks at. */
export interface Scoring {
  readonly derived: DerivedColumn<AuditFileProblem>;
  readonly features: readonly string[];
}

/** Looks at the columns of a file, and binds the model to them. What does not fit ends the command with exit code 2. */
export async function scoringOf(
  model: ScoringModel,
  tables: TableEngine,
  source: TableSource,
  options: { readonly label: string },
  session: Session,
): Promise<Scoring> {
  const { columns, rows } = orFail(await tables.describeSource(source.file, source.format), 2);
  const binding = orExplain(await bind(model, tables, source, columns), model.name);
  const features = boundColumns(binding);
  if (features.includes(options.label))
    throw badUsage(
      `The label "${options.label}" is among the inputs of ${model.name}: a model that is told the answer cannot be audited against it.`,
      '--label',
    );
  return { derived: model.derived(binding, progressOf(session, rows)), features };
}

/** As the model binds; where a column is text that should be numbers, also the first row that makes it text. */
async function bind(model: ScoringModel, tables: TableEngine, source: TableSource, columns: readonly Column[]) {
  const bound = model.bind(columns);
  const { kind, at = '', detail } = bound.ok ? { kind: '' } : bound.problem;
  const isText = columns.some(({ name, type }) => name === at && type === 'text');
  if (bound.ok || kind !== 'model.wrong-type' || !isText) return bound;
  const found = await firstNoNumber(tables, source, at);
  const where =
    found === undefined
      ? 'no row has a value in it'
      : `the first that is no number is ${JSON.stringify(found.value)} in row ${found.row}`;
  return refuse(kind, `${detail?.replace(/\.$/, '')}: ${where}.`, at);
}

async function firstNoNumber(tables: TableEngine, source: TableSource, column: string) {
  let before = 0;
  for await (const batch of tables.readColumns({ source, columns: [column] })) {
    const { rows, columns } = orFail(batch, 2);
    const { values } = columns.get(column) ?? { values: [] };
    for (const [i, value] of values.entries())
      if (typeof value === 'string' && value.trim() !== '' && Number.isNaN(Number(value)) && !/^nan$/i.test(value))
        return { value, row: before + i + 1 };
    before += rows;
  }
  return undefined;
}

/** Shows how far a model is, where somebody looks. */
function progressOf(session: Session, total: number): (rows: number) => void {
  let shown = performance.now();
  return (rows) => {
    if (!session.terminal.live || performance.now() - shown < progressEvery) return;
    shown = performance.now();
    const share = Math.floor((100 * rows) / total);
    session.progress(`Scoring: ${count(rows)} of ${count(total)} rows (${share} %) …`);
  };
}

/** That a model which does not name its classes ever gave the label that was taken for the positive one. */
export function requirePositiveLabel(model: ScoringModel, { facts }: AuditFile): void {
  const labels = model.unexpectedLabels(facts.decision.values.some(({ positive }) => positive));
  if (labels.length === 0) return;
  const names = labels.map((label) => JSON.stringify(label)).join(', ');
  throw badUsage(
    `${model.name}: the model never gave the positive label; it gave ${names}. Say which of them is positive with --positive-class.`,
    '--positive-class',
  );
}
