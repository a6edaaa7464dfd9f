import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Steps } from '@hansa/fair';

/** Milliseconds for which a computation may keep everybody else waiting. */
const turn = 10;

/** Runs a long computation in short turns, between which the node answers others. */
export async function inTurns<T>(steps: Steps<T>, signal: AbortSignal): Promise<T> {
  let began = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - began < turn) continue;
    await nextTurn();
    signal.throwIfAborted();
    began = performance.now();
  }
}
