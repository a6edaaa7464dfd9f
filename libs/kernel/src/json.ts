import { ok, type Problem, type Result, refuse } from './result.js';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Deeper input is refused before anything recursive (schemas, policies, canonical form) sees it. */
export const maxJsonDepth = 64;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Parses JSON text that came from outside. Refuses text nested deeper than {@link maxJsonDepth} without recursing,
 * the keys by which JavaScript objects can be poisoned (`__proto__`, `constructor`, `prototype`), and strings that a
 * database or UTF-8 cannot hold: with U+0000 or half of a surrogate pair.
 *
 * @example
 * parseJson('{"a":1}'); // { ok: true, value: { a: 1 } }
 * parseJson('[[[…'); // { ok: false, problem: { kind: 'json.too-deep', … } }
 */
export function parseJson(
  text: string,
): Result<Json, Problem<'json.malformed' | 'json.too-deep' | 'json.forbidden-key' | 'json.forbidden-character'>> {
  const depth = nestingDepth(text);
  if (depth > maxJsonDepth)
    return refuse('json.too-deep', `The JSON is nested ${depth} levels deep; at most ${maxJsonDepth} are accepted.`);
  try {
    return isPlain(text) ? ok(JSON.parse(text)) : parseStrictly(text);
  } catch (error) {
    return refuse('json.malformed', `The text is not JSON: ${error instanceof Error ? error.message : 'parse error'}.`);
  }
}

/** Whether nothing in a text could be refused: looking at each member costs far more than parsing. */
const isPlain = (text: string): boolean => !/\\u|__proto__|constructor|prototype/.test(text) && text.isWellFormed();

function parseStrictly(text: string): Result<Json, Problem<'json.forbidden-key' | 'json.forbidden-character'>> {
  let forbidden: string | undefined;
  let unstorable = false;
  const value: Json = JSON.parse(text, (key, inner) => {
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') forbidden = key;
    if (!isStorable(key) || (typeof inner === 'string' && !isStorable(inner))) unstorable = true;
    return inner;
  });
  if (forbidden)
    return refuse('json.forbidden-key', `The JSON has a member named "${forbidden}", which is not accepted.`);
  if (unstorable)
    return refuse(
      'json.forbidden-character',
      'The JSON has a string with the character U+0000 or with half of a surrogate pair, which is not accepted.',
    );
  return ok(value);
}

const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** The deepest nesting of brackets outside strings, found in one pass over the text. */
function nestingDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x7b || c === 0x5b) {
      if (++depth > deepest) deepest = depth;
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
  return deepest;
}
