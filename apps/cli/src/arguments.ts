import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type Did,
  isDid,
  isJsonObject,
  type Json,
  type JsonObject,
  ok,
  parseJson,
  type Result,
  refuse,
} from '@hansa/kernel';
import { InvalidArgumentError } from 'commander';
import { parse as parseYaml } from 'yaml';
import { badUsage } from './failure.js';
import type { Terminal } from './terminal.js';

/** Input files larger than this are not documents that a command line reads. */
const maxFileBytes = 64 * 1024 * 1024;

/** Parser of an option that takes a whole number. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 0.');
  return Number(text);
}

/** Parser of an option that takes a number. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Give a number, for instance 0.5.');
  return value;
}

/** Parser of an argument that takes a DID. */
export function did(text: string): Did {
  if (!isDid(text)) throw new InvalidArgumentError('Give a DID, for instance did:web:bruges.example.');
  return text;
}

/** Parser of an option that may be given several times. */
export function several(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** `true`, `0.01`, `{"a":1}` and `"180"` are JSON; any other text is itself. */
export function looseJson(text: string): Json {
  const parsed = parseJson(text);
  return parsed.ok ? parsed.value : text;
}

/**
 * `name=value` pairs as an object.
 *
 * @example
 * assignments(['purpose=dpv:AcademicResearch', 'step=0.01'], '--set'); // { purpose: 'dpv:…', step: 0.01 }
 */
export function assignments(pairs: readonly string[], option: string): JsonObject {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([^=\s]+)=(.*)$/s.exec(pair) ?? [];
      if (name === undefined || value === undefined)
        throw badUsage(`Write ${option} as name=value, not as "${pair}".`, option);
      return [name, looseJson(value)];
    }),
  );
}

const operators = { '=': 'eq', '!=': 'neq', '<': 'lt', '<=': 'lteq', '>': 'gt', '>=': 'gteq' } as const;

/** A row stays only when the condition is true; the operators are ODRL's. */
export type RowFilter =
  | { readonly column: string; readonly operator: (typeof operators)[keyof typeof operators]; readonly value: Json }
  | { readonly column: string; readonly operator: 'isAnyOf'; readonly values: readonly Json[] };

/**
 * A condition on rows as people write it: `split=audit`, `weight>=10`, `state=["Berlin","Bremen"]` for any of these.
 */
export function rowFilter(text: string): RowFilter {
  const [, column, sign, written] = /^([^=!<>]+?)\s*(=|!=|<=|>=|<|>)\s*(.*)$/s.exec(text) ?? [];
  if (column === undefined || written === undefined || !isSign(sign))
    throw badUsage(`Write a condition as column=value (or with != < <= > >=), not as "${text}".`, '--where');
  const value = looseJson(written);
  if (!Array.isArray(value)) return { column: column.trim(), operator: operators[sign], value };
  if (sign !== '=') throw badUsage(`A list of values goes with "=" only: "${text}".`, '--where');
  return { column: column.trim(), operator: 'isAnyOf', values: value };
}

function isSign(text: string | undefined): text is keyof typeof operators {
  return text !== undefined && text in operators;
}

/** The text of a file that a person names. */
export function readText(file: string, { directory }: Terminal): Result<string> {
  const full = resolve(directory, file);
  try {
    const { size } = statSync(full);
    if (size > maxFileBytes)
      return refuse('cli.file', `${file} has ${size} bytes; at most ${maxFileBytes} are read. Is it the right file?`);
    return ok(readFileSync(full, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return refuse(
      'cli.file',
      `${file} cannot be read (${code === 'ENOENT' ? 'there is no such file' : code}). Check the path.`,
    );
  }
}

/** A JSON object out of a file, or bad usage that names the file. */
export function readObject(file: string, terminal: Terminal): JsonObject {
  const text = readText(file, terminal);
  if (!text.ok) throw badUsage(text.problem.detail);
  const parsed = parseJson(text.value);
  if (!parsed.ok) throw badUsage(`${file}: ${parsed.problem.detail}`);
  if (!isJsonObject(parsed.value)) throw badUsage(`${file} must hold a JSON object.`);
  return parsed.value;
}

/** The members of a file in YAML or JSON that a person has written. */
export function readWritten(file: string, what: string, option: string, { directory }: Terminal): JsonObject {
  let read: Json;
  try {
    read = parseYaml(readFileSync(resolve(directory, file), 'utf8'), { maxAliasCount: 0 }) as Json;
  } catch (error) {
    throw badUsage(`The ${what} ${file} cannot be read: ${(error as Error).message.split('\n')[0]}`, option);
  }
  if (!isJsonObject(read)) throw badUsage(`The ${what} ${file} must hold members, each with a name.`, option);
  return read;
}
