import { assertNever, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { Duty } from './decision.js';
import { readLiteral } from './literals.js';
import type { AtomicConstraint, Constraint, Literal, Policy, Rule } from './policy.js';
import { hansaNamespace, readableTerm, xsdNamespace } from './terms.js';
import { listOf, shown } from './words.js';

/** A value in a row condition. Dates and times are text in ISO 8601 form, to be read in the column's own type. */
export type RowValue = string | number | boolean;

/** A condition that a row must meet to be released. Conditions are joined by "and". */
export type RowCondition =
  | {
      readonly column: string;
      readonly operator: 'eq' | 'neq' | 'lt' | 'lteq' | 'gt' | 'gteq';
      readonly value: RowValue;
    }
  | { readonly column: string; readonly operator: 'isAnyOf'; readonly values: readonly RowValue[] };

/** How one column loses precision before release. */
export type Coarsening =
  /** Numbers go down to a multiple of `step`: floor(x / step) * step. */
  | { readonly column: string; readonly method: 'step'; readonly step: number }
  /** Texts keep their first `length` characters. */
  | { readonly column: string; readonly method: 'prefix'; readonly length: number }
  /** Dates and times go down to the first moment of their day or month. */
  | { readonly column: string; readonly method: 'date'; readonly unit: 'day' | 'month' };

/** What has to be done to a table before it is released, in this order: rows are chosen by their original values. */
export interface Shaping {
  readonly rows: readonly RowCondition[];
  readonly drop: readonly string[];
  readonly coarsen: readonly Coarsening[];
}

export type ShapingProblem = Problem<'policy.unknown-duty' | 'policy.malformed-duty'>;

const columnTerm = `${hansaNamespace}column`;

/**
 * The left operand that names a column: `https://w3id.org/hansa/v1#column/step%20free`. Any name fits, percent-encoded.
 *
 * @example
 * columnOperand('step free'); // 'https://w3id.org/hansa/v1#column/step%20free'
 */
export function columnOperand(column: string): string {
  return `${columnTerm}/${encodeURIComponent(column)}`;
}

function columnOf(leftOperand: string): string | undefined {
  if (!leftOperand.startsWith(`${columnTerm}/`)) return undefined;
  try {
    return decodeURIComponent(leftOperand.slice(columnTerm.length + 1)) || undefined;
  } catch {
    return undefined;
  }
}

/** One obligation, read. */
type Step =
  | { readonly kind: 'rows'; readonly rows: readonly RowCondition[] }
  | { readonly kind: 'drop'; readonly columns: readonly string[] }
  | { readonly kind: 'coarsen'; readonly coarsening: Coarsening };

const readers: ReadonlyMap<string, (rule: Rule, at: string) => Result<Step, ShapingProblem>> = new Map([
  [`${hansaNamespace}filterRows`, readFilter],
  [`${hansaNamespace}dropColumns`, readDrop],
  [`${hansaNamespace}coarsenColumn`, readCoarsening],
]);

/**
 * What the obligations of a policy ask the provider to do to the data before release: `hansa:filterRows`,
 * `hansa:dropColumns`, `hansa:coarsenColumn`. Any other obligation is one that this node cannot fulfil.
 *
 * @example
 * const shaping = shapingOf(policy);
 * if (!shaping.ok) return shaping; // policy.unknown-duty, policy.malformed-duty
 */
export function shapingOf(policy: Policy): Result<Shaping, ShapingProblem> {
  const read = stepsOf(policy);
  if (!read.ok) return read;
  const steps = read.value;
  return ok({
    rows: steps.flatMap((step) => (step.kind === 'rows' ? step.rows : [])),
    drop: [...new Set(steps.flatMap((step) => (step.kind === 'drop' ? step.columns : [])))],
    coarsen: steps.flatMap((step) => (step.kind === 'coarsen' ? [step.coarsening] : [])),
  });
}

/** The obligations of a policy as duties in words, or the first that cannot be fulfilled. */
export function dutiesOf(policy: Policy): Result<readonly Duty[], ShapingProblem> {
  const read = stepsOf(policy);
  if (!read.ok) return read;
  const texts = read.value.map(stepText);
  return ok(
    policy.obligations.map(({ id, action }, i) => ({
      ...(id === undefined ? {} : { id }),
      action,
      text: texts[i] ?? '',
    })),
  );
}

/** One step for each obligation, in order. */
function stepsOf(policy: Policy): Result<readonly Step[], ShapingProblem> {
  const steps: Step[] = [];
  const coarsened = new Set<string>();
  for (const [i, rule] of policy.obligations.entries()) {
    const at = `/obligation/${i}`;
    const reader = readers.get(rule.action);
    const action = shown(readableTerm(rule.action));
    if (reader === undefined)
      return refuse('policy.unknown-duty', `The obligation ${action} cannot be fulfilled by this node.`, at);
    const step = reader(rule, at);
    if (!step.ok) return step;
    if (step.value.kind === 'coarsen') {
      const { column } = step.value.coarsening;
      if (coarsened.has(column)) return malformed(`The column ${shown(column)} is coarsened twice.`, at);
      coarsened.add(column);
    }
    steps.push(step.value);
  }
  return ok(steps);
}

function malformed(detail: string, at: string) {
  return refuse('policy.malformed-duty', detail, at);
}

function atomics(constraints: readonly Constraint[]): readonly AtomicConstraint[] | undefined {
  const atomic = constraints.filter((c) => c.kind === 'atomic');
  return atomic.length === constraints.length && atomic.length > 0 ? atomic : undefined;
}

const rowOperators = ['eq', 'neq', 'lt', 'lteq', 'gt', 'gteq'] as const;

function readFilter(rule: Rule, at: string): Result<Step, ShapingProblem> {
  const rows: RowCondition[] = [];
  for (const { leftOperand, operator, rightOperand } of atomics(rule.constraints) ?? []) {
    const column = columnOf(leftOperand);
    const values = rightOperand.map(rowValue).filter((value) => value !== undefined);
    const [value] = values;
    const single = rowOperators.find((known) => known === operator);
    if (column === undefined || value === undefined || values.length !== rightOperand.length) break;
    if (operator === 'isAnyOf') rows.push({ column, operator, values });
    else if (single !== undefined && values.length === 1) rows.push({ column, operator: single, value });
    else break;
  }
  return rows.length === rule.constraints.length && rows.length > 0
    ? ok({ kind: 'rows', rows })
    : malformed(
        `filterRows takes constraints on ${columnTerm}/<column> with eq, neq, lt, lteq, gt, gteq or isAnyOf and values of type string, integer, decimal, boolean, date or dateTime.`,
        at,
      );
}

function rowValue(literal: Literal): RowValue | undefined {
  if (literal.type === `${xsdNamespace}boolean`)
    return literal.value === 'true' ? true : literal.value === 'false' ? false : undefined;
  const value = readLiteral(literal, 'string');
  if (value === undefined || value.kind === 'duration') return undefined;
  if (value.kind !== 'number') return literal.value;
  const number = Number(literal.value);
  return value.scale > 0 || Number.isSafeInteger(number) ? number : undefined;
}

function readDrop(rule: Rule, at: string): Result<Step, ShapingProblem> {
  const [constraint, ...more] = atomics(rule.constraints) ?? [];
  const columns = constraint && more.length === 0 ? namedColumns(constraint) : [];
  return columns.length > 0
    ? ok({ kind: 'drop', columns })
    : malformed(`dropColumns takes one constraint: ${columnTerm} isAnyOf the names of columns.`, at);
}

/** The names in `hansa:column eq x` or `hansa:column isAnyOf [x, y]`; none when the constraint is another one. */
function namedColumns({ leftOperand, operator, rightOperand }: AtomicConstraint): readonly string[] {
  const fits =
    leftOperand === columnTerm && (operator === 'isAnyOf' || (operator === 'eq' && rightOperand.length === 1));
  return fits && rightOperand.every(({ type, value }) => type === undefined && value !== '')
    ? rightOperand.map(({ value }) => value)
    : [];
}

function readCoarsening(rule: Rule, at: string): Result<Step, ShapingProblem> {
  const parts = atomics(rule.constraints) ?? [];
  const columns = parts.flatMap(namedColumns);
  const how = parts.filter(({ leftOperand }) => leftOperand !== columnTerm);
  const [column] = columns;
  const [method] = how;
  const coarsening =
    column !== undefined && method !== undefined && columns.length === 1 && how.length === 1 && parts.length === 2
      ? coarseningBy(column, method)
      : undefined;
  return coarsening === undefined
    ? malformed(
        `coarsenColumn takes ${columnTerm} eq a name, and one of hansa:step eq a number above 0, hansa:prefix eq a whole number of characters, hansa:datePart eq day or month.`,
        at,
      )
    : ok({ kind: 'coarsen', coarsening });
}

function coarseningBy(
  column: string,
  { leftOperand, operator, rightOperand }: AtomicConstraint,
): Coarsening | undefined {
  const [literal] = rightOperand;
  if (operator !== 'eq' || literal === undefined || rightOperand.length !== 1) return undefined;
  const number = readLiteral(literal, 'decimal')?.kind === 'number' ? Number(literal.value) : Number.NaN;
  switch (leftOperand) {
    case `${hansaNamespace}step`:
      return number > 0 ? { column, method: 'step', step: number } : undefined;
    case `${hansaNamespace}prefix`:
      return Number.isSafeInteger(number) && number >= 0 ? { column, method: 'prefix', length: number } : undefined;
    case `${hansaNamespace}datePart`: {
      const unit = (['day', 'month'] as const).find((known) => known === literal.value);
      return unit === undefined ? undefined : { column, method: 'date', unit };
    }
    default:
      return undefined;
  }
}

function stepText(step: Step): string {
  switch (step.kind) {
    case 'rows':
      return `Only rows where ${step.rows.map(rowText).join(' and ')} are released.`;
    case 'drop':
      return `Without the column${step.columns.length > 1 ? 's' : ''} ${listOf(step.columns, 'and')}.`;
    case 'coarsen':
      return `The column ${shown(step.coarsening.column)} is coarsened to ${coarseningText(step.coarsening)}.`;
    default:
      return assertNever(step);
  }
}

const rowVerbs = {
  eq: 'is',
  neq: 'is not',
  lt: 'is below',
  lteq: 'is at most',
  gt: 'is above',
  gteq: 'is at least',
} as const;

function rowText(row: RowCondition): string {
  return row.operator === 'isAnyOf'
    ? `${shown(row.column)} is ${listOf(row.values.map(String), 'or')}`
    : `${shown(row.column)} ${rowVerbs[row.operator]} ${shown(String(row.value))}`;
}

function coarseningText(coarsening: Coarsening): string {
  switch (coarsening.method) {
    case 'step':
      return `steps of ${coarsening.step}`;
    case 'prefix':
      return `its first ${coarsening.length} characters`;
    case 'date':
      return `the ${coarsening.unit}`;
    default:
      return assertNever(coarsening);
  }
}
