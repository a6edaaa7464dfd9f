/**
 * Looks until there is something to see.
 *
 * @template T
 * @param {() => Promise<T>} look
 * @param {{ limit?: number, every?: number, what?: () => string }} [patience] milliseconds, and what is said when they
 *   are over
 * @returns {Promise<T>}
 */
export async function until(
  look,
  { limit = 60_000, every = 5, what = () => 'what was waited for did not happen' } = {},
) {
  for (const deadline = Date.now() + limit; ; ) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > deadline) throw new Error(`after ${limit} ms: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
