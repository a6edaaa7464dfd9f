import type { Did } from '@hansa/kernel';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { PeerCatalog } from '../api.js';
import { did, several } from '../arguments.js';
import { commandLine } from '../print/command-line.js';

interface ShowOptions {
  readonly text?: readonly string[];
  readonly keyword?: readonly string[];
  readonly publisher?: readonly string[];
  readonly licence?: readonly string[];
  readonly from?: string;
}

/** `hansa catalog`: what others offer. */
export function addCatalogCommands(program: Command, cli: Cli): void {
  const catalog = program.command('catalog').description('what other participants offer');

  catalog
    .command('show')
    .argument('<did>', 'the participant to ask', did)
    .option('--text <words>', 'with words that begin so, in title, description or keywords; may be repeated', several)
    .option('--keyword <word>', 'with this keyword; may be repeated', several)
    .option('--publisher <name>', 'of this publisher; may be repeated', several)
    .option('--licence <licence>', 'under this licence; may be repeated', several)
    .option('--from <cursor>', 'where to go on, as the page before says; with the same filter')
    .description('the catalogue of a participant, asked for now')
    .addHelpText(
      'after',
      examples(
        'hansa catalog show did:web:berlin.example',
        'hansa catalog show did:web:berlin.example --text "bicycle count" --licence CC-BY-4.0',
        'hansa catalog show did:web:localhost%3A7001 -o json',
      ),
    )
    .action(
      action(cli, async (session, counterparty: Did, { from: next, ...filter }: ShowOptions) => {
        const found = await session.answer(
          session.client.post<PeerCatalog>('/catalog/request', { counterparty, filter, next }),
        );
        session.show(found, (page) => {
          if (page.datasets.length === 0)
            return Object.keys(filter).length === 0
              ? `${counterparty} offers nothing to this node.\n`
              : `${counterparty} offers nothing that fits. Ask for less.\n`;
          const more = page.next === undefined ? '' : `\nThere is more: add --from ${page.next}\n`;
          const broken = page.broken.map(
            ({ id, detail }) => `\nLeft out, because it cannot be read: ${id ?? 'an entry'}: ${detail}\n`,
          );
          return (
            page.datasets.map((d) => datasetText(d, counterparty, session.paint.bold)).join('\n') +
            broken.join('') +
            more
          );
        });
      }),
    );
}

function datasetText(
  dataset: PeerCatalog['datasets'][number],
  provider: Did,
  emphasize: (text: string) => string,
): string {
  const { id, title, description, formats, offers } = dataset;
  const about = [description, `Formats: ${formats.join(', ')}`];
  return [
    `${emphasize(title ?? id)}\n  ${id}\n`,
    ...about.filter((line) => line).map((line) => `  ${line}\n`),
    ...offers.flatMap((offer) => [
      `  Offer ${offer.id}\n`,
      ...offer.sentences.map((sentence) => `    ${sentence}\n`),
      `    To ask for it: ${commandLine('negotiation start', [provider, id], { offer: offer.id })}\n`,
    ]),
  ].join('');
}
