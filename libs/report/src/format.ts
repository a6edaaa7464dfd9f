import type { Interval } from '@hansa/fair';

/** Numbers and times as people read them. A no-break space keeps a number and its unit on one line. */
const space = '\u00A0';

/** `3,273` */
export function count(value: number): string {
  return value.toLocaleString('en-GB');
}

/** A share with one decimal: `64.0 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}${space}%`;
}

/** A sentence in which numbers and their percent signs stay on one line. */
export function unbroken(sentence: string): string {
  return sentence.replace(/(?<=\d) (?=%)/g, space);
}

/** `1 of 31` */
export function portion(k: number, n: number): string {
  return `${count(k)} of ${count(n)}`.replaceAll(' ', space);
}

/** `1,234.5`: a number of rows that need not be whole. */
export function oneDecimal(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: 1 });
}

/** A number with up to three decimals: `0.785`, `0.25`. */
export function decimal(value: number): string {
  return signed(String(Number(value.toFixed(3))));
}

/** The interval of a share: `60.2 to 67.6 %`. */
export function percentInterval({ lower, upper }: Interval): string {
  return `${(lower * 100).toFixed(1)} to ${percent(upper)}`;
}

/** A difference of shares in percentage points: `30.1`. */
export function points(difference: number): string {
  return signed((difference * 100).toFixed(1));
}

/** A negative number with the minus sign of typography; there is no negative zero. */
function signed(digits: string): string {
  return digits.replace(/^-(?=[0.]*$)/, '').replace('-', '−');
}

/** The interval of a difference or a ratio: `0.182 to 0.245`. */
export function decimalInterval({ lower, upper }: Interval): string {
  return `${decimal(lower)} to ${decimal(upper)}`;
}

/** `1.4 MB`, in powers of 1000. */
export function byteSize(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? count(value) : value.toFixed(1)}${space}${units[power]}`;
}

const dayWords = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const minuteWords = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** `23 November 2026` */
export function day(at: Date): string {
  return dayWords.format(at);
}

/** `23 November 2026 at 04:05 UTC` */
export function minute(at: Date): string {
  return `${minuteWords.format(at)} UTC`;
}

/** `a`, `a and b`, `a, b and c`; `a, b; c, d and e` where a comma stands in an item itself. */
export function list(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  const between = items.some((item) => item.includes(',')) ? '; ' : ', ';
  return items.length > 1 ? `${items.slice(0, -1).join(between)} and ${last}` : last;
}

/** `1 station`, `2 stations`: the plural is given, since not every language adds an s. */
export function counted(value: number, one: string, many: string): string {
  return `${count(value)}${space}${value === 1 ? one : many}`;
}
