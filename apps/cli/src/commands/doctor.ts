import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import { findingsText } from '../doctor/finding.js';

/** `hansa doctor`: is everything there that a node needs, and does a running one feel well? */
export function addDoctorCommand(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .description('check the set-up that "npm start" would use here, and the node that runs')
    .addHelpText(
      'after',
      `${examples(
        'hansa doctor',
        'HANSA_CONFIG=/etc/hansa/berlin.yaml hansa doctor',
        'hansa doctor --url http://127.0.0.1:7002 --data data/bruges',
      )}
The set-up is read from the environment and hansa.yaml in this directory, as the node reads it at its start; the first
line names what was read. The node is looked for where it is configured to listen, or at --url.

Exit code: 0 when nothing fails, warnings or not; 1 otherwise.\n`,
    )
    .action(
      action(cli, async (session) => {
        session.progress('Checking the set-up …');
        // Loaded when they are needed: no other command should wait for what reads DIDs and credentials.
        const { checkSetUp } = await import('../doctor/check-set-up.js');
        const { checkNode } = await import('../doctor/check-node.js');
        const { findings, configured } = await checkSetUp(session);
        session.progress('Checking the node …');
        const items = [...findings, ...(await checkNode(session, configured, Date.now()))];
        session.settle();
        const isWell = items.every(({ status }) => status !== 'fail');
        session.show({ ok: isWell, items }, (shown) => findingsText(shown.items, session.paint));
        if (!isWell) session.exitCode = 1;
      }),
    );
}
