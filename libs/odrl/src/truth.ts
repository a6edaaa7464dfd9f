import { assertNever } from '@hansa/kernel';
import type { Connective } from './policy.js';

/** The third value is for what cannot be decided: it never permits, and inside a prohibition it never lets through. */
export type State = 'satisfied' | 'unsatisfied' | 'unknown';

/** Kleene's strong conjunction; a rule without constraints holds. */
export function all(states: readonly State[]): State {
  if (states.includes('unsatisfied')) return 'unsatisfied';
  return states.includes('unknown') ? 'unknown' : 'satisfied';
}

function any(states: readonly State[]): State {
  if (states.includes('satisfied')) return 'satisfied';
  return states.includes('unknown') ? 'unknown' : 'unsatisfied';
}

function exactlyOne(states: readonly State[]): State {
  const satisfied = states.filter((state) => state === 'satisfied').length;
  if (satisfied > 1) return 'unsatisfied';
  if (states.includes('unknown')) return 'unknown';
  return satisfied === 1 ? 'satisfied' : 'unsatisfied';
}

/**
 * The truth of a logical constraint (ODRL Information Model 2.2 §2.5.2). One without operands says nothing, so it is
 * unknown. `andSequence` orders the checking, and what is checked here is one moment: it holds when all operands do.
 */
export function combine(connective: Connective, states: readonly State[]): State {
  if (states.length === 0) return 'unknown';
  switch (connective) {
    case 'and':
    case 'andSequence':
      return all(states);
    case 'or':
      return any(states);
    case 'xone':
      return exactlyOne(states);
    default:
      return assertNever(connective);
  }
}
