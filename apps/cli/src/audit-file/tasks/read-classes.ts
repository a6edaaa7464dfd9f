import { type CountedClasses, type Finding, findingTypes } from '@hansa/fair';
import { ok, type Result, refuse } from '@hansa/kernel';
import type { JointCount, TableEngine, TableSource } from '@hansa/tabular';
import { factsOf } from '../audit-facts.js';
import type { AuditFileFacts, AuditFileProblem } from '../audit-file.js';
import { fileFindings } from '../file-findings.js';
import { maxClasses, missing } from '../outcome.js';

/** Where label and decision of a task stand, and what is compared. */
export interface TaskColumns {
  readonly label: string;
  readonly prediction: string;
  readonly attributes: readonly string[];
}

/** What a file holds for a task, counted. */
export interface CountedFile<Counted> {
  readonly counted: Counted;
  readonly facts: AuditFileFacts;
}

/**
 * Counts labels and decisions of several classes by the columns of a plan; the engine groups, so that memory does not
 * depend on the rows. Rows without a label or a decision are in no table but in the facts.
 */
export async function readClasses(
  tables: TableEngine,
  source: TableSource,
  columns: TaskColumns,
): Promise<Result<CountedFile<CountedClasses>, AuditFileProblem>> {
  const { label, prediction, attributes } = columns;
  const repeated = [label, prediction, ...attributes].find((column, i, all) => all.indexOf(column) < i);
  if (repeated !== undefined) {
    const detail = `The column "${repeated}" cannot be an outcome and something else; give each its own column.`;
    return refuse('audit-file.repeated-column', detail, repeated);
  }
  const byValue = [label, prediction, ...attributes].map((column) => ({ column, by: 'value' as const }));
  const [profile, counts] = await Promise.all([
    tables.profileSource(source),
    tables.countJointly(source, [{ columns: byValue }]),
  ]);
  if (!counts.ok) {
    const { kind, at } = counts.problem;
    const isOutcome = kind === 'tabular.too-many-combinations' && (at === label || at === prediction);
    return isOutcome ? tooManyClasses(at, 'very many') : counts;
  }
  if (!profile.ok) return profile;
  const [all] = counts.value;
  if (!all) throw new Error('a counting was not answered');
  const classes = classesOf(all);
  if (!classes.ok) return classes;
  const counted = codedClasses(all, classes.value);
  const people = counted.rows.reduce((sum, rows) => sum + rows, 0);
  if (people === 0)
    return refuse('audit-file.no-rows', `No row has both a label ("${label}") and a decision ("${prediction}").`);
  const outcomes = { label: missingIn(all, 0), decision: missingIn(all, 1) };
  const facts = await factsOf(tables, source, profile.value, { all }, outcomes, people);
  return facts.ok ? ok({ counted, facts: facts.value }) : facts;
}

/** The classes that occur as a label or as a decision, in the order of their column. */
function classesOf({ columns }: JointCount): Result<readonly string[], AuditFileProblem> {
  const [label, decision] = columns;
  if (!label || !decision) throw new Error('a counting lacks its columns');
  const present = [label, decision].map(({ values }) => values.filter((value) => value !== null));
  const [labels = [], decisions = []] = present;
  for (const [column, values] of [[label.column, labels] as const, [decision.column, decisions] as const])
    if (values.length > maxClasses) return tooManyClasses(column, String(values.length));
  const classes = [...labels, ...decisions.filter((value) => !labels.includes(value))];
  if (labels.length === 1)
    return refuse(
      'audit-file.label-values',
      `The label "${label.column}" is ${JSON.stringify(labels[0])} in every row: with one class there is nothing to tell apart.`,
      label.column,
    );
  if (labels.length > 0 && decisions.length > 0 && !decisions.some((value) => labels.includes(value)))
    return refuse(
      'audit-file.prediction-values',
      `No value of the prediction "${decision.column}" is a class of the label "${label.column}": ${listed(decisions)}, but labels are ${listed(labels)}. Write both in the same words.`,
      decision.column,
    );
  return ok(classes);
}

const listed = (values: readonly string[]): string =>
  `${values
    .slice(0, 5)
    .map((value) => JSON.stringify(value))
    .join(', ')}${values.length > 5 ? ', …' : ''}`;

function tooManyClasses(column: string, count: string): Result<never, AuditFileProblem> {
  return refuse(
    'audit-file.label-values',
    `The column "${column}" has ${count} values; classes are at most ${maxClasses}.`,
    column,
  );
}

function codedClasses(all: JointCount, classes: readonly string[]): CountedClasses {
  const [label, decision, ...attributes] = all.columns;
  const width = all.columns.length;
  const codeOf = (values: readonly (string | null)[] = []) =>
    values.map((value) => (value === null ? -1 : classes.indexOf(value)));
  const [labels, decisions] = [codeOf(label?.values), codeOf(decision?.values)];
  const at = (i: number, k: number) => all.codes[i * width + k] ?? 0;
  const known = [...all.rows.keys()].filter((i) => (labels[at(i, 0)] ?? -1) >= 0 && (decisions[at(i, 1)] ?? -1) >= 0);
  return {
    classes,
    attributes: attributes.map(({ column, values }) => ({ attribute: column, values })),
    codes: Uint32Array.from(known.flatMap((i) => [...all.codes.subarray(i * width + 2, (i + 1) * width)])),
    label: Uint16Array.from(known, (i) => labels[at(i, 0)] ?? 0),
    decision: Uint16Array.from(known, (i) => decisions[at(i, 1)] ?? 0),
    rows: Float64Array.from(known, (i) => all.rows[i] ?? 0),
  };
}

/** For each value of an outcome whether there is one: what the facts about a file ask for. */
function missingIn({ columns }: JointCount, column: 0 | 1): Uint8Array {
  return Uint8Array.from(columns[column]?.values ?? [], (value) => (value === null ? missing : 0));
}

/** What a reader must know about the file; that a label has several classes is the question here, and no finding. */
export function taskFileFindings(facts: AuditFileFacts): readonly Finding[] {
  return fileFindings(facts).filter(({ type }) => type !== findingTypes.oneAgainstRest);
}
