import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { Narrator, StepOutcome } from '../demo/run-demo.js';
import type { Story } from '../demo/story.js';
import type { Session } from '../session.js';

interface DemoOptions {
  readonly once?: boolean;
  readonly json?: boolean;
}

/** `hansa demo`: the whole product on one machine, on real data. */
export function addDemoCommand(program: Command, cli: Cli): void {
  program
    .command('demo')
    .option('--once', 'end after the story instead of leaving the nodes running')
    .option('--json', 'print the steps as one JSON object on standard output')
    .description('play the story of two cities and an authority on this machine, with real data')
    .addHelpText('after', examples('hansa demo', 'hansa demo --once --json'))
    .action(
      action(cli, async (session, { once = false, json = false }: DemoOptions) => {
        // Loaded when it is needed: it brings most of the libraries.
        const { endStory, runDemo, stepCount } = await import('../demo/run-demo.js');
        const { ok, steps, story } = await runDemo(session.terminal, narrator(session, json, stepCount));
        session.exitCode = ok ? 0 : 1;
        if (json) {
          const shown = steps.map(({ name, ok: held, ms, text }) => ({ name, ok: held, ms, text }));
          session.terminal.out(`${JSON.stringify({ ok, steps: shown })}\n`);
        }
        if (!once && ok) {
          session.terminal.err(addresses(story));
          await new Promise<void>((resolve) => {
            for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
          });
        }
        await endStory(story);
      }),
    );
}

/** Every step is one sentence and its time; what takes longer shows what it is at. */
function narrator(session: Session, json: boolean, count: number): Narrator {
  const { terminal, paint } = session;
  const say = (text: string): void => (json ? terminal.err(text) : terminal.out(text));
  let line = '';
  let began = 0;
  let timer: NodeJS.Timeout | undefined;
  const show = (text: string): void => {
    const seconds = Math.round((performance.now() - began) / 1000);
    session.progress(`${text}${seconds > 0 ? ` (${seconds} s)` : ''}`);
  };
  return {
    began: (number, doing) => {
      line = `${String(number).padStart(2)}/${count} ${doing} …`;
      began = performance.now();
      session.progress(line);
      timer = setInterval(() => show(line), 1000);
    },
    progress: (text) => {
      if (terminal.live) show(`${line} ${text}`);
    },
    ended: (number, outcome) => {
      clearInterval(timer);
      session.settle();
      say(sentence(number, outcome, paint));
    },
  };
}

function sentence(number: number, { ok, ms, text }: StepOutcome, paint: Session['paint']): string {
  const mark = ok ? paint.good('✓') : paint.bad('✗');
  return `${mark} ${String(number).padStart(2)}. ${text} ${paint.weak(`(${(ms / 1000).toFixed(2)} s)`)}\n`;
}

/** What there is to look at. */
function addresses({ authority, berlin, bruges, services, entryId, directory }: Story): string {
  const reports = [...services].map(
    ([version, { auditId }]) => `  ${berlin?.url}/audits/${auditId}   the audit of ${version}`,
  );
  return `
The nodes go on running. Look at:
  ${berlin?.url}/   berlin: what it offers and hosts
  ${berlin?.url}/register/${encodeURIComponent(entryId ?? '')}   the model in the public register of algorithms
${reports.join('\n')}
  ${bruges?.url}/ and ${authority?.url}/   the other nodes; each has its API at /api
  npx hansa ledger list --url ${berlin?.url} --data ${directory}/berlin
Press Ctrl+C to stop them.
`;
}
