import { type Finding, findingTypes, labelRateChange } from '@hansa/fair';
import { count } from '../print/text.js';
import type { AuditFileFacts } from './audit-file.js';

/** Below this, two label rates over time are no chance, even among many months. */
const driftAlpha = 0.001;
/** And they must be this far apart to matter. */
const driftGap = 0.1;

/**
 * What a reader must know about the file: labels that drift, rows left out or repeated, columns and values that say
 * nothing.
 *
 * @param time the column of dates, where one was named
 */
export function fileFindings(facts: AuditFileFacts, time?: string): readonly Finding[] {
  return [
    ...drift(facts, time),
    ...leftOut(facts),
    ...duplicates(facts),
    ...constants(facts),
    ...oneAgainstRest(facts),
    ...missingCodes(facts),
    ...lookalikes(facts),
  ];
}

const percent = (share: number) => `${Number((share * 100).toFixed(1))} %`;

function drift({ months = [], label }: AuditFileFacts, time = ''): readonly Finding[] {
  const periods = months.flatMap(({ month, rows: n, labelPositive: positives }) =>
    month === null ? [] : [{ period: month, n, positives }],
  );
  const change = labelRateChange(periods);
  if (change.state !== 'value') return [];
  const { before, after, firstAfter, p } = change;
  if (p > driftAlpha || Math.abs(after.rate - before.rate) < driftGap) return [];
  const text = `The share of positive labels ("${label.column}") jumps over time: ${percent(before.rate)} of ${count(before.n)} rows before ${firstAfter}, ${percent(after.rate)} of ${count(after.n)} from then on (by "${time}"). Rows of the two periods were probably not collected in the same way, and figures that mix them mislead: audit the periods apart.`;
  return [{ type: findingTypes.labelDrift, severity: 'high', attribute: label.column, text }];
}

function leftOut({ rows, counted, leftOut: groups, label, decision }: AuditFileFacts): readonly Finding[] {
  if (counted === rows) return [];
  const share = (own: (typeof groups)[number]) => (own.withoutLabel + own.withoutDecision) / own.rows;
  const [most] = [...groups].filter((own) => own.rows >= 30).sort((a, b) => share(b) - share(a));
  const where =
    most && share(most) > (1.5 * (rows - counted)) / rows
      ? ` Among ${most.attribute} ${most.level} it is ${percent(share(most))}: whom that leaves out may change every figure.`
      : '';
  const text = `${count(rows - counted)} of ${count(rows)} rows (${percent((rows - counted) / rows)}) have no label ("${label.column}") or no decision ("${decision.column}") and are not counted.${where}`;
  return [
    {
      type: findingTypes.missingOutcome,
      severity: (rows - counted) / rows > 0.05 || where !== '' ? 'medium' : 'low',
      text,
    },
  ];
}

function oneAgainstRest({ label }: AuditFileFacts): readonly Finding[] {
  if (label.values.length <= 2) return [];
  const named = (positive: boolean) =>
    label.values
      .filter((own) => own.positive === positive)
      .slice(0, 10)
      .map(({ value, rows }) => `${JSON.stringify(value)} (${count(rows)} rows)`)
      .join(', ');
  const text = `The label "${label.column}" has ${label.values.length} classes. ${named(true)} is positive here, against all others: ${named(false)}. Mistakes between those others do not show; audit each class in a run of its own.`;
  return [{ type: findingTypes.oneAgainstRest, severity: 'low', attribute: label.column, text }];
}

function duplicates({ duplicates: repeated, rows }: AuditFileFacts): readonly Finding[] {
  if (!repeated) return [];
  const share = repeated / rows;
  const text = `${count(repeated)} of ${count(rows)} rows (${percent(share)}) repeat an earlier row in every column. If people are in the file twice, all intervals are too narrow.`;
  return [{ type: findingTypes.duplicateRows, severity: share > 0.01 ? 'medium' : 'low', text }];
}

function constants({ constantColumns, label, decision }: AuditFileFacts): readonly Finding[] {
  // A label or decision that is always the same shows in every figure.
  const plain = constantColumns.filter((column) => column !== label.column && column !== decision.column);
  if (plain.length === 0) return [];
  const text = `Columns with one value in all rows tell nobody apart: ${plain.slice(0, 20).join(', ')}${plain.length > 20 ? ` and ${plain.length - 20} more` : ''}.`;
  return [{ type: findingTypes.constantColumn, severity: 'low', text }];
}

function missingCodes({ missingCodes: codes }: AuditFileFacts): readonly Finding[] {
  return codes.map(({ column, value, rows, firstRow }) => ({
    type: findingTypes.missingCode,
    severity: 'low',
    attribute: column,
    text: `"${column}" is ${JSON.stringify(value)} in ${count(rows)} rows, first in row ${firstRow}. That often stands for a missing value; here it is a group like any other.`,
  }));
}

function lookalikes({ lookalikes: alike }: AuditFileFacts): readonly Finding[] {
  return alike.map(({ column, values }) => ({
    type: findingTypes.lookalikeValues,
    severity: 'medium',
    attribute: column,
    text: `"${column}" has values that differ only in case or spaces: ${values.map((value) => JSON.stringify(value)).join(', ')}. They are counted as groups of their own; if they mean the same, the groups are cut apart.`,
  }));
}
