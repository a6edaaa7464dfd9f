import type { Did } from '@hansa/kernel';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { CredentialRequest, HeldCredential } from '../api.js';
import { did, several } from '../arguments.js';
import { path } from '../client.js';
import { time } from '../print/text.js';
import { type WaitOptions, waiting } from '../waiting.js';
import { listing } from './listing.js';

interface RequestOptions extends WaitOptions {
  readonly type?: readonly string[];
}

/** `hansa credential`: what this node can show about itself. */
export function addCredentialCommands(program: Command, cli: Cli): void {
  const credential = program.command('credential').description('the credentials that this node holds');

  listing<HeldCredential>(credential, cli, {
    what: 'credentials',
    url: '/credentials',
    empty: 'No credentials yet. Ask an authority: hansa credential request <did>\n',
    columns: [
      { head: 'TYPE', of: (c) => c.type },
      { head: 'ISSUER', of: (c) => c.issuer },
      { head: 'VALID UNTIL', of: (c) => c.validUntil && time(c.validUntil) },
      { head: 'ID', of: (c) => c.id },
    ],
  });

  const request = credential
    .command('request')
    .argument('<did>', 'the issuer', did)
    .option('--type <type>', 'the type of credential; may be repeated (default: MembershipCredential)', several)
    .description('ask an authority for credentials; it must have admitted this node');
  waiting(request, 'for the answer', 30)
    .addHelpText(
      'after',
      `${examples('hansa credential request did:web:authority.example')}\nExit code: 0 when issued (or not waited for), 1 otherwise.\n`,
    )
    .action(
      action(cli, async (session, issuer: Did, { type: types, wait, timeout }: RequestOptions) => {
        const asked = await session.answer(
          session.client.post<CredentialRequest>('/credentials/requests', { issuer, types }),
        );
        const last = wait
          ? await session.waitUntil(
              () =>
                session.answer(session.client.get<CredentialRequest>(path`/credentials/requests/${asked.holderPid}`)),
              ({ status }) => status !== 'REQUESTED',
              (r) => `Waiting for ${r.issuer} …`,
              timeout,
            )
          : asked;
        session.show(last, requestText);
        if (wait && last.status !== 'ISSUED') session.exitCode = 1;
      }),
    );
}

function requestText({ issuer, types, status, reason, holderPid }: CredentialRequest): string {
  if (status === 'ISSUED') return `${issuer} issued ${types.join(', ')}.\n`;
  if (status === 'REJECTED') return `${issuer} refused: ${reason ?? 'no reason was given'}\n`;
  return `${issuer} has not answered yet (request ${holderPid}). What arrives later is kept: hansa credential list\n`;
}
