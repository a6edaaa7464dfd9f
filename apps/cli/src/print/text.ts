import { isJsonObject, type Json } from '@hansa/kernel';

/** Control characters and marks that turn the direction of text: with them a foreign title could rewrite the screen. */
const unprintable = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const escapable = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text of unknown origin for a person's screen: one line, nothing that a terminal obeys. */
export function printable(text: string): string {
  return text.replace(/[\t\r\n]+/g, ' ').replace(unprintable, '\ufffd');
}

/**
 * A copy in which every text, names of members included, is {@link printable}. A member is copied when it is read, so
 * that a sentence about a large document does not cost a copy of all of it.
 */
export function printableData<T>(value: T): T {
  const json = value as Json;
  if (!isJsonObject(json)) return cleaned(json) as T;
  const copy = {};
  for (const [name, inner] of Object.entries(json)) {
    let own: Json | undefined;
    Object.defineProperty(copy, printable(name), {
      configurable: true,
      enumerable: true,
      get: () => {
        own ??= cleaned(inner);
        return own;
      },
    });
  }
  return copy as T;
}

function cleaned(value: Json): Json {
  if (typeof value === 'string') return printable(value);
  if (isList(value)) return value.map(cleaned);
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [printable(name), cleaned(inner)]));
  return value;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** JSON for pipes and screens alike: what a terminal would obey is written as an escape, so the value stays the same. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value ?? null, null, 2);
  return `${text.replace(escapable, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

/** `2026-11-23T04:05:06.789Z` as `2026-11-23 04:05:06Z`; anything else as it stands. */
export function time(value: string): string {
  return value.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/, '$1 $2Z');
}

/** A whole number with thin groups: `1 234 567`. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
}

/** Bytes in powers of 1024 with three figures: `1.21 MiB`. */
export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = value < 1 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), units.length - 1);
  return power === 0 ? `${value} B` : `${(value / 1024 ** power).toPrecision(3)} ${units[power]}`;
}

/** A JSON value in a cell: text as it is, all else as JSON. */
export function cell(value: Json | undefined): string {
  return value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}

/** Text of at most `width` characters, an ellipsis at its end when something is missing. */
export function shortened(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}
