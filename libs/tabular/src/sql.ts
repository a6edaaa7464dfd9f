import { assertNever } from '@hansa/kernel';

/** A value that a statement carries beside its text, never in it. */
export type SqlValue = string | number | bigint | boolean;

/** The engine's types that expressions are cast to. */
export type SqlType = 'INTEGER' | 'BIGINT' | 'HUGEINT' | 'DOUBLE' | 'VARCHAR' | 'DATE' | 'TIMESTAMP';

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Expression =
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'value'; readonly value: SqlValue }
  /** With `orNull`, what cannot be converted is missing instead of an error. */
  | { readonly kind: 'cast'; readonly of: Expression; readonly to: SqlType; readonly orNull?: true }
  | {
      readonly kind: 'call';
      readonly name:
        | 'floor'
        | 'round'
        | 'left'
        | 'date_trunc'
        | 'to_json'
        | 'json_extract_string'
        | 'nullif'
        | 'coalesce'
        | 'concat'
        | 'greatest'
        | 'least'
        | 'hash';
      readonly of: readonly Expression[];
    }
  /** Over the rows of a group; `count` without operands counts rows. A missing value is passed over. */
  | {
      readonly kind: 'aggregate';
      readonly name: 'count' | 'sum' | 'min' | 'max' | 'bool_and' | 'arg_min' | 'approx_count_distinct';
      readonly of: readonly Expression[];
      readonly distinct?: true;
    }
  /** The number of the row in its file, from 1. */
  | { readonly kind: 'row-number' }
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'missing'; readonly of: Expression }
  /** The value where all conditions hold, else missing. */
  | { readonly kind: 'where'; readonly conditions: readonly Expression[]; readonly of: Expression }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'in'; readonly of: Expression; readonly list: readonly Expression[] }
  /** The query has one column. */
  | { readonly kind: 'in-query'; readonly of: Expression; readonly select: Select };

/** Where rows come from. Paths and column types reach the text as quoted literals; they are ours, not a caller's. */
export type Relation =
  | { readonly kind: 'table'; readonly name: string }
  | {
      readonly kind: 'reader';
      readonly name: 'read_csv' | 'read_json' | 'read_parquet';
      readonly file: string;
      readonly options: Readonly<Record<string, SqlOption>>;
    };

export type SqlOption = string | number | boolean | readonly string[] | ReadonlyMap<string, string>;

export interface SelectedColumn {
  readonly as: string;
  readonly of: Expression;
}

export interface Select {
  readonly columns: readonly SelectedColumn[];
  readonly from: Relation | { readonly kind: 'query'; readonly select: Select };
  /** All must hold. */
  readonly where?: readonly Expression[];
  /** So many of the first columns are the key of a group; the others are aggregates. */
  readonly groupBy?: number;
  readonly limit?: number | undefined;
}

export interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** A number as a parameter of the engine's type DOUBLE, also NaN. Its shortest text gives the same number back. */
export function double(value: number): Expression {
  return { kind: 'cast', of: { kind: 'value', value: String(value) }, to: 'DOUBLE' };
}

/** A name as an identifier: nothing in it can end the quotation. */
export function quoteIdentifier(name: string): string {
  if (name.includes('\0')) throw new Error('an identifier cannot hold NUL');
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as a literal, for the places where the grammar takes no parameter (options, COPY targets). */
export function quoteLiteral(text: string): string {
  if (text.includes('\0')) throw new Error('a literal cannot hold NUL');
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * The text of a query and its parameters, in order. Each value becomes a numbered parameter, each column a quoted
 * identifier, so that no value can become syntax.
 *
 * @example
 * renderSelect({ columns: [{ as: 'a', of: a }], from: { kind: 'table', name: 't' }, where: [aIsX] });
 * // { sql: 'SELECT "a" AS "a" FROM "t" WHERE ("a" = $1)', values: ['x'] }
 */
export function renderSelect(select: Select): Statement {
  const values: SqlValue[] = [];
  return { sql: renderQuery(select, values), values };
}

function renderQuery(select: Select, values: SqlValue[]): string {
  const render = (expression: Expression) => renderExpression(expression, values);
  const columns = select.columns.map(({ as, of }) => `${render(of)} AS ${quoteIdentifier(as)}`).join(', ');
  const { from } = select;
  const source = from.kind === 'query' ? `(${renderQuery(from.select, values)})` : renderRelation(from);
  const where = select.where?.length ? ` WHERE ${select.where.map(render).join(' AND ')}` : '';
  // By position: a name could also be that of a column of the source.
  const keys = Array.from({ length: select.groupBy ?? 0 }, (_, i) => i + 1).join(', ');
  const groupBy = keys ? ` GROUP BY ${keys}` : '';
  const limit = select.limit === undefined ? '' : ` LIMIT ${Math.trunc(select.limit)}`;
  return `SELECT ${columns} FROM ${source}${where}${groupBy}${limit}`;
}

function renderExpression(expression: Expression, values: SqlValue[]): string {
  const render = (inner: Expression): string => renderExpression(inner, values);
  switch (expression.kind) {
    case 'column':
      return quoteIdentifier(expression.name);
    case 'value':
      return `$${values.push(expression.value)}`;
    case 'cast':
      return `${expression.orNull ? 'TRY_CAST' : 'CAST'}(${render(expression.of)} AS ${expression.to})`;
    case 'call':
      return `${expression.name}(${expression.of.map(render).join(', ')})`;
    case 'aggregate': {
      const of = expression.of.length ? expression.of.map(render).join(', ') : '*';
      return `${expression.name}(${expression.distinct ? 'DISTINCT ' : ''}${of})`;
    }
    case 'row-number':
      return 'row_number() OVER ()';
    case 'missing':
      return `(${render(expression.of)} IS NULL)`;
    case 'where':
      return `CASE WHEN ${expression.conditions.map(render).join(' AND ')} THEN ${render(expression.of)} END`;
    case 'arithmetic':
    case 'compare':
      return `(${render(expression.left)} ${expression.operator} ${render(expression.right)})`;
    case 'in':
      return `(${render(expression.of)} IN (${expression.list.map(render).join(', ')}))`;
    case 'in-query':
      return `(${render(expression.of)} IN (${renderQuery(expression.select, values)}))`;
    default:
      return assertNever(expression);
  }
}

export function renderRelation(relation: Relation): string {
  if (relation.kind === 'table') return quoteIdentifier(relation.name);
  const options = Object.entries(relation.options).map(([name, option]) => `, ${name} = ${renderOption(option)}`);
  return `${relation.name}(${quoteLiteral(relation.file)}${options.join('')})`;
}

function renderOption(option: SqlOption): string {
  if (typeof option === 'string') return quoteLiteral(option);
  if (typeof option === 'number' || typeof option === 'boolean') return String(option);
  if (!(option instanceof Map)) return `[${[...option].map(String).map(quoteLiteral).join(', ')}]`;
  const members = [...option].map(([name, type]) => `${quoteLiteral(name)}: ${quoteLiteral(type)}`);
  return `{${members.join(', ')}}`;
}
