import type { DemoNode } from './node-process.js';

/** What the steps hand on to each other. */
export interface Story {
  readonly directory: string;
  authority?: DemoNode;
  berlin?: DemoNode;
  bruges?: DemoNode;
  stopsId?: string;
  agreementId?: string;
  transferId?: string;
  stationsId?: string;
  /** In the public register of algorithms. */
  entryId?: string;
  /** The hosted models by version: their services on offer and their audits. */
  readonly services: Map<'v1' | 'v2', { readonly modelId: string; readonly datasetId: string; auditId?: string }>;
}

/** One step: it does something real, checks what came of it, and tells it in one plain sentence. */
export interface Step {
  readonly name: string;
  /** What is being done, shown while it runs. */
  readonly doing: string;
  run(story: Story, progress: (text: string) => void): Promise<string>;
}

/** What did not happen as the story tells it. */
export class StoryBroken extends Error {}

export function expect(condition: unknown, otherwise: string): asserts condition {
  if (!condition) throw new StoryBroken(otherwise);
}

/** Something that an earlier step has made. */
export function given<T>(value: T | undefined, what: string): T {
  expect(value !== undefined, `${what} is missing: an earlier step did not make it`);
  return value;
}
