import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { LedgerItem, Page } from '../api.js';
import { readText, wholeNumber } from '../arguments.js';
import { getPublic, getPublicJson, path, query } from '../client.js';
import { badUsage, orFail } from '../failure.js';
import { table } from '../print/table.js';
import { jsonText, time } from '../print/text.js';
import { checkpointSize } from '../verify/recognise.js';

interface ListOptions {
  readonly subject?: string;
  readonly kind?: string;
  readonly before?: number;
  readonly limit: number;
}

/** `hansa ledger`: what happened, and proof of it. */
export function addLedgerCommands(program: Command, cli: Cli): void {
  const ledger = program.command('ledger').description('what happened, and proof of it');
  addList(ledger, cli);

  ledger
    .command('prove')
    .argument('<index>', 'index of the entry', wholeNumber)
    .description('an entry with the proof that it stands in the ledger: for a receipt, save it')
    .addHelpText('after', examples('hansa ledger prove 12 > receipt.json', 'hansa verify receipt.json'))
    .action(
      action(cli, async (session, index: number) => {
        const proof = await session.answer(session.client.get(path`/ledger/entries/${index}/proof`));
        session.terminal.out(jsonText(proof));
      }),
    );

  ledger
    .command('checkpoint')
    .option('--since <file>', 'a checkpoint saved before: proves that nothing was changed since then')
    .description('the signed state of the ledger; save it to check the ledger later')
    .addHelpText(
      'after',
      examples(
        'hansa ledger checkpoint > monday.checkpoint',
        'hansa ledger checkpoint --since monday.checkpoint > since-monday.json',
        'hansa verify since-monday.json monday.checkpoint',
      ),
    )
    .action(
      action(cli, async (session, { since }: { readonly since?: string }) => {
        if (since !== undefined) {
          const saved = orFail(readText(since, session.terminal), 2);
          const size = checkpointSize(saved);
          if (size === null || size === 0)
            throw badUsage(`${since} is not a checkpoint of a ledger with entries.`, '--since');
          session.terminal.out(
            jsonText(await session.answer(getPublicJson(session.url, path`/ledger/consistency/${size}`))),
          );
          return;
        }
        const checkpoint = await session.answer(getPublic(session.url, '/ledger/checkpoint'));
        session.terminal.out(session.json ? jsonText({ checkpoint }) : checkpoint);
      }),
    );
}

function addList(ledger: Command, cli: Cli): void {
  ledger
    .command('list')
    .option('--subject <id>', 'only what is about this agreement, dataset, model, participant …')
    .option('--kind <kind>', 'only entries of this kind, as data.released')
    .option('--before <index>', 'only entries before this one', wholeNumber)
    .option('--limit <number>', 'how many at most', wholeNumber, 50)
    .description('what happened, newest first')
    .addHelpText(
      'after',
      examples(
        'hansa ledger list',
        'hansa ledger list --kind data.released --limit 5',
        'hansa ledger list --subject urn:uuid:… -o json',
      ),
    )
    .action(
      action(cli, async (session, { subject, kind, before, limit }: ListOptions) => {
        const url = `/ledger/entries${query({ subject, kind, before, limit })}`;
        const page = await session.answer(session.client.get<Page<LedgerItem>>(url));
        session.show(page, ({ items, next }) => {
          if (items.length === 0) return 'The ledger has no such entries.\n';
          const more = next === undefined ? '' : `\nThere is more: add --before ${next}\n`;
          const columns = [
            { head: 'INDEX', of: (i: LedgerItem) => i.index, align: 'right' },
            { head: 'AT', of: (i: LedgerItem) => time(i.entry.at) },
            { head: 'KIND', of: (i: LedgerItem) => i.entry.kind },
            { head: 'ABOUT', of: (i: LedgerItem) => i.entry.subjects.join(' ') },
          ] as const;
          return table(columns, items, session.paint.bold) + more;
        });
      }),
    );
}
