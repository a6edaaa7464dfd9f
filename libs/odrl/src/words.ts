import type { Literal } from './policy.js';

const shownCharacters = 120;
const shownValues = 8;

/** A string of the policy for people: no control or formatting characters, and not longer than a line. */
export function shown(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
  return clean.length > shownCharacters ? `${clean.slice(0, shownCharacters)}…` : clean;
}

/**
 * Alternatives or parts as a phrase: `a`, `a or b`, `a, b and 3 more`.
 *
 * @example
 * listOf(['BE', 'DE'], 'or'); // 'BE or DE'
 */
export function listOf(items: readonly string[], conjunction: 'and' | 'or'): string {
  const first = items.slice(0, shownValues).map(shown);
  if (items.length > shownValues) return `${first.join(', ')} ${conjunction} ${items.length - shownValues} more`;
  const last = first.pop() ?? 'nothing';
  return first.length === 0 ? last : `${first.join(', ')} ${conjunction} ${last}`;
}

/** The texts of right operands. */
export function textsOf(values: readonly Literal[]): readonly string[] {
  return values.map(({ value }) => value);
}
