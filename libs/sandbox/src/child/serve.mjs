// @ts-check
// What a sandboxed process runs: it answers the parent's requests by the operations of the module that it is started
// for, one after the other, and leaves when the parent is gone.

/**
 * `any`: what a request holds is between the operation and the parent that asks for it, both of one library.
 *
 * @type {Promise<{ operations: Record<string, (request: any) => unknown> }>}
 */
const loaded = import(process.argv[2] ?? '');

// An orderly exit would wait for the native code of a request that nobody waits for any more.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', async (/** @type {{ op: string }} */ request) => {
  try {
    const operation = (await loaded).operations[request.op];
    if (!operation) throw new Error(`no operation "${request.op}"`);
    process.send?.({ answer: await operation(request) });
  } catch (error) {
    process.send?.({ refusal: error instanceof Error ? error.message : String(error) });
  }
});
