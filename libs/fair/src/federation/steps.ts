/** A long computation that pauses every few milliseconds; whoever runs it decides what happens in between. */
export type Steps<T> = Generator<void, T, void>;

/** The result, without any pause. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
