import type { Did } from '@hansa/kernel';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { IssuedCredential, Member } from '../api.js';
import { assignments, did, several } from '../arguments.js';
import { path } from '../client.js';
import { cell, time } from '../print/text.js';
import { listing } from './listing.js';

/** `hansa member` and `hansa issued`: what only an authority does. */
export function addAuthorityCommands(program: Command, cli: Cli): void {
  const member = program.command('member').description('on an authority: who may hold a membership credential');

  listing<Member>(member, cli, {
    what: 'members',
    url: '/issuer/members',
    empty: 'No members yet. Admit one: hansa member admit <did>\n',
    columns: [
      { head: 'DID', of: (m) => m.did },
      {
        head: 'CLAIMS',
        of: (m) =>
          Object.entries(m.claims)
            .map(([name, value]) => `${name}=${cell(value)}`)
            .join(' '),
      },
    ],
  });

  member
    .command('admit')
    .argument('<did>', 'the participant', did)
    .option('--claim <name=value>', 'what its credential says, for instance country=BE; may be repeated', several)
    .description('admit a participant, or change what its next credential will say')
    .addHelpText('after', examples('hansa member admit did:web:bruges.example --claim city=Bruges --claim country=BE'))
    .action(
      action(cli, async (session, participant: Did, { claim = [] }: { readonly claim?: readonly string[] }) => {
        const claims = assignments(claim, '--claim');
        await session.answer(session.client.put(path`/issuer/members/${participant}`, { claims }));
        session.show(
          { did: participant, claims },
          (m) => `Admitted ${m.did}. It can ask for its credential now: hansa credential request <did of this node>\n`,
        );
      }),
    );

  member
    .command('remove')
    .argument('<did>', 'the participant', did)
    .option('-y, --yes', 'do not ask')
    .description('end a membership and revoke its credentials, for good; other nodes see it within a minute')
    .addHelpText('after', examples('hansa member remove did:web:bruges.example --yes'))
    .action(
      action(cli, async (session, participant: Did, { yes }: { readonly yes?: boolean }) => {
        await session.confirm(`Remove ${participant} and revoke its credentials? This cannot be undone.`, yes);
        await session.answer(session.client.delete(path`/issuer/members/${participant}`));
        session.show(
          { did: participant, removed: true },
          () => `Removed ${participant}; its credentials are revoked.\n`,
        );
      }),
    );

  const issued = program.command('issued').description('on an authority: the credentials that it issued');

  listing<IssuedCredential>(issued, cli, {
    what: 'issued credentials',
    url: '/issuer/credentials',
    empty: 'Nothing is issued yet.\n',
    columns: [
      { head: 'TYPE', of: (c) => c.type },
      { head: 'HOLDER', of: (c) => c.holder },
      { head: 'VALID UNTIL', of: (c) => time(c.validUntil) },
      { head: 'REVOKED', of: (c) => c.revokedAt && time(c.revokedAt) },
      { head: 'ID', of: (c) => c.id },
    ],
  });

  issued
    .command('revoke')
    .argument('<id>')
    .option('-y, --yes', 'do not ask')
    .description('revoke a credential, for good; other nodes see it within a minute')
    .addHelpText('after', examples('hansa issued revoke urn:uuid:… --yes'))
    .action(
      action(cli, async (session, id: string, { yes }: { readonly yes?: boolean }) => {
        await session.confirm(`Revoke the credential ${id}? This cannot be undone.`, yes);
        await session.answer(session.client.post(path`/issuer/credentials/${id}/revoke`));
        session.show({ id, revoked: true }, () => `Revoked: ${id}.\n`);
      }),
    );
}
