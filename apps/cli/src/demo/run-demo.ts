import { mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Terminal } from '../terminal.js';
import { issueCredentials, startNodes } from './steps/data-space.js';
import { endAgreement, offerStops, pullStops, refusePurpose, refuseStranger } from './steps/exchange.js';
import { failAudit, hostModel, inferAndExplain, passAudit, refuseUnaudited, verifyReport } from './steps/governance.js';
import { publishEntry } from './steps/register.js';
import type { Step, Story } from './story.js';

const steps: readonly Step[] = [
  startNodes,
  issueCredentials,
  offerStops,
  pullStops,
  refuseStranger,
  refusePurpose,
  hostModel,
  refuseUnaudited,
  failAudit,
  passAudit,
  publishEntry,
  inferAndExplain,
  verifyReport,
  endAgreement,
];

export interface StepOutcome {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  /** What happened, or what did not. */
  readonly text: string;
}

export interface DemoOutcome {
  readonly ok: boolean;
  readonly steps: readonly StepOutcome[];
  readonly story: Story;
}

/** How the demo shows itself while it runs. */
export interface Narrator {
  began(number: number, doing: string): void;
  progress(text: string): void;
  ended(number: number, outcome: StepOutcome): void;
}

/** Plays the story on fresh data and stops at the first step that does not hold. The nodes are left running. */
export async function runDemo(terminal: Terminal, narrator: Narrator): Promise<DemoOutcome> {
  const directory = resolve(terminal.directory, 'data', 'demo');
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const story: Story = { directory, services: new Map() };
  const outcomes: StepOutcome[] = [];
  for (const [index, step] of steps.entries()) {
    narrator.began(index + 1, step.doing);
    const began = performance.now();
    const { ok, text } = await attempt(step, story, narrator);
    const outcome = { name: step.name, ok, ms: Math.round(performance.now() - began), text };
    outcomes.push(outcome);
    narrator.ended(index + 1, outcome);
    if (!ok) break;
  }
  return { ok: outcomes.every((outcome) => outcome.ok), steps: outcomes, story };
}

async function attempt(step: Step, story: Story, narrator: Narrator): Promise<{ ok: boolean; text: string }> {
  try {
    return { ok: true, text: await step.run(story, (text) => narrator.progress(text)) };
  } catch (error) {
    return { ok: false, text: error instanceof Error ? error.message : String(error) };
  }
}

/** Stops the nodes that are running. */
export async function endStory({ authority, berlin, bruges }: Story): Promise<void> {
  await Promise.all([authority, berlin, bruges].map((node) => node?.stop()));
}

export const stepCount = steps.length;
