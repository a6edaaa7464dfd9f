export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

export interface Patience {
  /** Milliseconds. @default 20_000 */
  readonly limit?: number;
  /** Milliseconds between two looks. @default 15 */
  readonly every?: number;
  /** What is said when the time is over. */
  readonly what?: () => string;
}

/** Looks until there is something to see; an error of the look itself ends the waiting. */
export async function until<T>(
  look: () => Promise<T | null | undefined | false>,
  { limit = 20_000, every = 15, what = () => 'what was waited for did not happen' }: Patience = {},
): Promise<T> {
  const deadline = Date.now() + limit;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > deadline) throw new Error(`after ${limit} ms: ${what()}`);
    await sleep(every);
  }
}
