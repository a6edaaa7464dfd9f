import type { Literal } from './policy.js';
import { xsdNamespace } from './terms.js';

/** A duration as XML Schema counts it: calendar months, and the rest in milliseconds. */
export interface Duration {
  readonly months: number;
  readonly milliseconds: number;
}

/**
 * A literal in its value space. An instant is the span [start, end) in milliseconds since 1970: a moment has no length,
 * a date has a day. A number is exact: `unscaled / 10^scale`.
 */
export type Value =
  | { readonly kind: 'instant'; readonly start: number; readonly end: number }
  | ({ readonly kind: 'duration' } & Duration)
  | { readonly kind: 'number'; readonly unscaled: bigint; readonly scale: number }
  | { readonly kind: 'text'; readonly text: string };

export type Datatype = 'dateTime' | 'date' | 'duration' | 'integer' | 'decimal' | 'string';

const readers: Readonly<Record<Datatype, (text: string) => Value | undefined>> = {
  dateTime: readDateTime,
  date: readDate,
  duration: readDuration,
  integer: (text) => (/^[+-]?\d{1,100}$/.test(text) ? readDecimal(text) : undefined),
  decimal: readDecimal,
  string: (text) => ({ kind: 'text', text }),
};

/**
 * The value of a literal, or undefined when its text does not fit its datatype or the datatype is not supported. A
 * literal without a datatype is read as the `assumed` one: "5" is text unless a number is expected there.
 *
 * @example
 * readLiteral({ value: '2027-01-01', type: `${xsdNamespace}date` }, 'dateTime'); // that day in UTC
 */
export function readLiteral(literal: Literal, assumed: Datatype): Value | undefined {
  const { type, value } = literal;
  if (type === undefined) return readers[assumed](value);
  if (!type.startsWith(xsdNamespace)) return undefined;
  const name = type.slice(xsdNamespace.length);
  return Object.hasOwn(readers, name) ? readers[name as Datatype](value) : undefined;
}

const day = 86_400_000;
const zone = '(Z|[+-](?:0\\d|1[0-3]):[0-5]\\d|[+-]14:00)';
const dateTimeSyntax = new RegExp(
  `^(\\d{4}-\\d\\d-\\d\\d)T((?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d)(\\.\\d{1,30})?${zone}$`,
);
const dateSyntax = new RegExp(`^(\\d{4}-\\d\\d-\\d\\d)${zone}?$`);

/** A time without a zone means a different moment in each city: it has no value here. */
function readDateTime(text: string): Value | undefined {
  const [, date, time, fraction = '', offset] = dateTimeSyntax.exec(text) ?? [];
  if (date === undefined || !isCalendarDate(date)) return undefined;
  const start = Date.parse(`${date}T${time}${fraction.slice(0, 4)}${offset}`);
  return { kind: 'instant', start, end: start };
}

/** A date without a zone is the day in UTC. */
function readDate(text: string): Value | undefined {
  const [, date, offset = 'Z'] = dateSyntax.exec(text) ?? [];
  if (date === undefined || !isCalendarDate(date)) return undefined;
  const start = Date.parse(`${date}T00:00:00${offset}`);
  return { kind: 'instant', start, end: start + day };
}

/** `Date.parse` turns the 30th of February into the 1st of March; a policy must not. */
function isCalendarDate(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}

const durationSyntax =
  /^(-)?P(?=[\dT])(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?$/;

function readDuration(text: string): Value | undefined {
  const match = durationSyntax.exec(text);
  if (match === null) return undefined;
  const sign = match[1] === undefined ? 1 : -1;
  const [years, months, days, hours, minutes, seconds] = match.slice(2).map((part) => Number(part ?? 0));
  const n = (part: number | undefined): number => part ?? 0;
  return {
    kind: 'duration',
    months: sign * (n(years) * 12 + n(months)),
    milliseconds: sign * (n(days) * day + n(hours) * 3_600_000 + n(minutes) * 60_000 + n(seconds) * 1000),
  };
}

/**
 * A duration of zero or more as XML Schema writes it, such as `P3D` or `PT12H`; undefined for anything else.
 *
 * @example
 * parseDuration('P1DT12H'); // { months: 0, milliseconds: 129_600_000, … }
 */
export function parseDuration(text: string): Duration | undefined {
  const value = readDuration(text);
  return value?.kind === 'duration' && value.months >= 0 && value.milliseconds >= 0 ? value : undefined;
}

/** At most 100 digits on either side: exact, and cheap to compare. */
function readDecimal(text: string): Value | undefined {
  const match = /^([+-]?)(\d{0,100})(?:\.(\d{0,100}))?$/.exec(text);
  const [, sign, whole = '', fraction = ''] = match ?? [];
  if (match === null || whole + fraction === '') return undefined;
  const magnitude = BigInt(whole + fraction);
  return { kind: 'number', unscaled: sign === '-' ? -magnitude : magnitude, scale: fraction.length };
}

/** A finite number as a value, for operands whose fact is a count. */
export function numberValue(number: number): Value | undefined {
  return readDecimal(String(number));
}

/** A moment as a value. */
export function instantValue(milliseconds: number): Value {
  return { kind: 'instant', start: milliseconds, end: milliseconds };
}

/**
 * A moment plus a duration (XML Schema 1.1 part 2, appendix E.3.3): months first, with the day clamped to the length of
 * the month, then the rest. In milliseconds since 1970, in UTC.
 */
export function addDuration(moment: number, duration: Duration): number {
  const date = new Date(moment);
  const dayOfMonth = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + duration.months);
  const daysInMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(dayOfMonth, daysInMonth));
  return date.getTime() + duration.milliseconds;
}

export type Comparison = 'less' | 'equal' | 'greater' | 'incomparable';

/**
 * How `a` stands to `b`. Values of different kinds are incomparable, and so are durations like P1M and P30D. A moment
 * equals a date when it lies within that day.
 */
export function compareValues(a: Value, b: Value): Comparison {
  if (a.kind === 'instant' && b.kind === 'instant') return compareInstants(a, b);
  if (a.kind === 'number' && b.kind === 'number')
    return order(a.unscaled * 10n ** BigInt(b.scale), b.unscaled * 10n ** BigInt(a.scale));
  if (a.kind === 'text' && b.kind === 'text') return order(a.text, b.text);
  if (a.kind === 'duration' && b.kind === 'duration') return compareDurations(a, b);
  return 'incomparable';
}

type Instant = Extract<Value, { readonly kind: 'instant' }>;

function compareInstants(a: Instant, b: Instant): Comparison {
  if (isWithin(a, b) || isWithin(b, a)) return 'equal';
  if (a.start >= b.end) return 'greater';
  return a.end <= b.start ? 'less' : 'incomparable';
}

function isWithin(a: Instant, b: Instant): boolean {
  return a.start >= b.start && (a.end === a.start && b.end > b.start ? a.end < b.end : a.end <= b.end);
}

/** The four moments by which XML Schema 1.1 (part 2, §3.3.6.2) defines the partial order of durations. */
const references = ['1696-09-01', '1697-02-01', '1903-03-01', '1903-07-01'].map((date) => Date.parse(date));

function compareDurations(a: Duration, b: Duration): Comparison {
  const [first = 'incomparable', ...others] = references.map((at) => order(addDuration(at, a), addDuration(at, b)));
  return others.every((other) => other === first) ? first : 'incomparable';
}

function order<T extends number | bigint | string>(a: T, b: T): Comparison {
  if (a < b) return 'less';
  if (a > b) return 'greater';
  return a === b ? 'equal' : 'incomparable';
}
