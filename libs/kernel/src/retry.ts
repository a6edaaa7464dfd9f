import type { Random } from './ports.js';

/** What a retry policy is told. */
export interface RetryContext {
  /** How many attempts have failed so far, at least 1. */
  readonly failures: number;
  /** Milliseconds since the first attempt. */
  readonly elapsed: number;
}

/** The delay in milliseconds before the next attempt, or null: give up. */
export type RetryPolicy = (context: RetryContext) => number | null;

export interface BackoffOptions {
  /** Milliseconds before the second attempt. @default 200 */
  readonly base?: number;
  /** The longest delay in milliseconds. @default 30_000 */
  readonly cap?: number;
  /** Milliseconds after which no further attempt is made. @default 600_000 */
  readonly giveUpAfter?: number;
}

/**
 * Exponential backoff with equal jitter: half of the delay is fixed, half random, so that peers that failed together
 * do not return together.
 *
 * @example
 * const retry = backoff(Math.random, { base: 200 });
 * retry({ failures: 1, elapsed: 0 }); // 100 to 200
 */
export function backoff(random: Random, options: BackoffOptions = {}): RetryPolicy {
  const { base = 200, cap = 30_000, giveUpAfter = 600_000 } = options;
  return ({ failures, elapsed }) => {
    if (elapsed >= giveUpAfter) return null;
    const full = Math.min(cap, base * 2 ** Math.min(failures - 1, 30));
    return Math.round(full / 2 + (random() * full) / 2);
  };
}
