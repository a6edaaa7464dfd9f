import { double, type Expression } from './sql.js';
import type { Column } from './table.js';

/** Texts that mean a missing value: the second and third are what numerical tools write for one. */
export const missingTexts: readonly string[] = ['', 'NaN', 'nan'];

const nullif = (of: Expression, value: Expression): Expression => ({ kind: 'call', name: 'nullif', of: [of, value] });

/** A column of numbers as DOUBLE, where NaN is missing: to the engine NaN is above every number. */
export function presentNumber(column: Column): Expression {
  return nullif({ kind: 'cast', of: { kind: 'column', name: column.name }, to: 'DOUBLE' }, double(Number.NaN));
}

/** The value of a column where it has one, else missing. */
export function presentValue(column: Column): Expression {
  const of: Expression = { kind: 'column', name: column.name };
  switch (column.type) {
    case 'number':
      return presentNumber(column);
    case 'text':
      return missingTexts.reduce<Expression>(
        (text, missing) => nullif(text, { kind: 'cast', of: { kind: 'value', value: missing }, to: 'VARCHAR' }),
        { kind: 'cast', of, to: 'VARCHAR' },
      );
    default:
      return of;
  }
}
