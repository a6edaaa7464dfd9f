import { didYouMean, ok, type Result, refuse } from '@hansa/kernel';
import type { CountedColumn, GroupKind } from '@hansa/tabular';
import type { AuditFileProblem } from './audit-file.js';

/** What a code of a value means as an outcome. */
const negative = 0;
export const positive = 1;
export const missing = 255;

/** With more values than this a column holds no classes but numbers or names. */
export const maxClasses = 50;

/**
 * Reads the values of a label: one or two, of which one is positive; or more, where one class was chosen against the rest.
 *
 * @returns for each value {@link negative}, {@link positive} or {@link missing}
 */
export function readLabel(
  column: CountedColumn,
  wanted: string,
  oneAgainstRest: boolean,
): Result<Uint8Array, AuditFileProblem> {
  const present = column.values.filter((value) => value !== null);
  const kind = 'audit-file.label-values';
  if (present.length > 2 && !oneAgainstRest)
    return refuse(
      kind,
      `The label "${column.column}" has ${present.length} values, and an audit asks a yes-or-no question: choose the one that is positive, against all others, with --positive ${JSON.stringify(present.at(-1))}, and audit each class in a run of its own${present.length > maxClasses ? '' : '; or audit all classes at once with --task multiclass'}.`,
      column.column,
    );
  const meant = valueMeant(wanted, column.kind, present);
  if (meant === undefined && present.length >= 2)
    return refuse(kind, `No row has the label ${JSON.stringify(wanted)}${hint(wanted, present)}.`, column.column);
  return ok(codesOf(column, meant === undefined ? [] : [meant]));
}

/** Of several classes the one that is positive, where label and decision both have it; else undefined. */
export function classAgainstRest(
  label: CountedColumn,
  decision: CountedColumn,
  wanted: string,
): readonly string[] | undefined {
  const isTwo = label.values.filter((value) => value !== null).length <= 2;
  const values = decision.values.filter((value) => value !== null);
  return isTwo || valueMeant(wanted, decision.kind, values) === undefined ? undefined : [wanted];
}

/** Whose decisions are read, for messages: the option that names the positive ones. */
const decisionWords = {
  prediction: { what: 'prediction', option: '--positive-prediction' },
  baseline: { what: 'decision by people', option: '--positive-baseline' },
} as const;

/** Reads decisions; with `wanted` values they may have more than two, of which these are positive. */
export function readDecision(
  column: CountedColumn,
  wanted: readonly string[] | undefined,
  labelPositive: string,
  whose: keyof typeof decisionWords = 'prediction',
): Result<Uint8Array, AuditFileProblem> {
  const { what, option } = decisionWords[whose];
  const present = column.values.filter((value) => value !== null);
  const kind = 'audit-file.prediction-values';
  if (wanted === undefined) {
    if (present.length > 2)
      return whose === 'prediction'
        ? tooManyPredictions(column.column, String(present.length))
        : refuse(
            kind,
            `The column "${column.column}" has ${present.length} values, not two. Say which are positive with ${option} a,b.`,
            column.column,
          );
    const meant = valueMeant(labelPositive, column.kind, present);
    if (meant === undefined && present.length === 2)
      return refuse(
        kind,
        `No row has the ${what} ${JSON.stringify(labelPositive)}; name the positive one with ${option}.`,
        column.column,
      );
    return ok(codesOf(column, meant === undefined ? [] : [meant]));
  }
  const meant: string[] = [];
  for (const value of wanted) {
    const found = valueMeant(value, column.kind, present);
    if (found === undefined)
      return refuse(kind, `No row has the ${what} ${JSON.stringify(value)}${hint(value, present)}.`, column.column);
    meant.push(found);
  }
  return ok(codesOf(column, meant));
}

/** The way out for predictions that are scores or classes. */
export function tooManyPredictions(column: string, count: string): Result<never, AuditFileProblem> {
  return refuse(
    'audit-file.prediction-values',
    `The prediction "${column}" has ${count} values, not two. Say which are positive with --positive-prediction a,b; or, ` +
      `if it is a score, give --score ${column} with --threshold.`,
    column,
  );
}

/** The value of the file that was meant: `1.0` means 1 among numbers, `True` and `1` mean true among truth values. */
function valueMeant(wanted: string, kind: GroupKind, values: readonly string[]): string | undefined {
  const number = wanted.trim() === '' ? Number.NaN : Number(wanted);
  const truth = { '1': 'true', '0': 'false' }[wanted.trim()] ?? wanted.trim().toLowerCase();
  const meant = {
    text: wanted,
    boolean: truth,
    integer: Number.isSafeInteger(number) ? String(number) : wanted,
    number: Number.isNaN(number) ? wanted : String(number),
  }[kind];
  return values.find((value) => value === meant);
}

function codesOf({ values }: CountedColumn, positives: readonly string[]): Uint8Array {
  return Uint8Array.from(values, (value) => {
    if (value === null) return missing;
    return positives.includes(value) ? positive : negative;
  });
}

function hint(wanted: string, values: readonly string[]): string {
  const meant = didYouMean(wanted, values);
  return meant === null ? '' : `; perhaps ${JSON.stringify(meant)} is meant`;
}
