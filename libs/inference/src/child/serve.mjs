// @ts-check

/**
 * Answers the parent's requests one after the other, and leaves when the parent is gone.
 *
 * @param {Record<string, (request: any) => unknown>} operations by the request's `op`
 */
export function serve(operations) {
  process.on('disconnect', () => process.exit(0));
  process.on('message', async (/** @type {{ op: string }} */ request) => {
    try {
      const operation = operations[request.op];
      if (!operation) throw new Error(`no operation "${request.op}"`);
      process.send?.({ answer: await operation(request) });
    } catch (error) {
      process.send?.({ refusal: error instanceof Error ? error.message : String(error) });
    }
  });
}
