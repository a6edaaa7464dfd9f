import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import { connectorMain } from '../connector.js';
import { orFail } from '../failure.js';

/** `hansa start`: one node in the foreground. */
export function addStartCommand(program: Command, cli: Cli): void {
  program
    .command('start')
    .description('run a node in the foreground; Ctrl+C drains and stops it')
    .addHelpText(
      'after',
      `${examples('hansa start', 'hansa start --data data/bruges', 'DATABASE_URL=postgres://… hansa start')}\nConfiguration comes from the environment and hansa.yaml; --data sets HANSA_DATA_DIRECTORY.\n`,
    )
    .action(
      action(cli, async (session) => {
        const main = orFail(connectorMain());
        const { env, directory } = session.terminal;
        const { dataDirectory } = session;
        const child = spawn(process.execPath, [main], {
          stdio: 'inherit',
          cwd: directory,
          env: { ...env, ...(dataDirectory ? { HANSA_DATA_DIRECTORY: dataDirectory } : {}) },
        });
        // The node ends in its own time, and this process waits for it. From a terminal Ctrl+C reaches both; the node
        // does not mind to be told twice.
        const pass = (signal: NodeJS.Signals) => child.kill(signal);
        const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
        for (const signal of signals) process.on(signal, pass);
        const code = await new Promise<number>((resolve, reject) => {
          child.once('error', reject);
          child.once('exit', (status) => resolve(status ?? 1));
        });
        for (const signal of signals) process.off(signal, pass);
        session.exitCode = code === 0 ? 0 : code === 2 ? 2 : 1;
      }),
    );
}
