import { runCli } from './run-cli.js';
import { systemTerminal } from './terminal.js';

// `hansa ledger list | head` closes the pipe early; that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCli(process.argv.slice(2), systemTerminal());
