import { type Command, Option } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { Page } from '../api.js';
import { wholeNumber } from '../arguments.js';
import { query } from '../client.js';
import { type Column, table } from '../print/table.js';

/** A list of things of one kind: how to ask for it, and what to show of each. */
export interface Listing<T> {
  /** The plural in words: `datasets`. */
  readonly what: string;
  readonly url: string;
  /** How the node is told where a page begins; absent where the node always answers with everything. */
  readonly cursor?: 'after' | 'offset';
  /** What to say when there is none, and what to do then. */
  readonly empty: string;
  readonly columns: readonly Column<T>[];
  /** A further option of the command, by the name that the node knows it by. */
  readonly filter?: { readonly name: string; readonly choices: readonly string[]; readonly description: string };
}

interface ListOptions {
  readonly limit?: number;
  readonly from?: string;
  readonly [filter: string]: string | number | undefined;
}

/** Adds the verb `list` to a noun. */
export function listing<T>(noun: Command, cli: Cli, { what, url, cursor, empty, columns, filter }: Listing<T>): void {
  const command = noun.command('list').description(`list ${what}`);
  const samples = [`hansa ${noun.name()} list`, `hansa ${noun.name()} list -o json`];
  if (cursor) {
    command
      .option('--limit <number>', 'how many at most', wholeNumber, 50)
      .option('--from <cursor>', 'where to go on, as the page before says');
  }
  if (filter) {
    const { name, choices, description } = filter;
    command.addOption(new Option(`--${name} <which>`, description).choices(choices));
    samples.push(`hansa ${noun.name()} list --${name} ${choices[0]}`);
  }
  command.addHelpText('after', examples(...samples)).action(
    action(cli, async (session, { limit, from, ...options }: ListOptions) => {
      const filtered = filter ? { [filter.name]: options[filter.name] } : {};
      const page = await session.answer(
        session.client.get<Page<T>>(url + query({ limit, ...(cursor ? { [cursor]: from } : {}), ...filtered })),
      );
      session.show(page, ({ items, next }) => {
        if (items.length === 0) return empty;
        const more = next === undefined ? '' : `\nThere is more: add --from ${next}\n`;
        return table(columns, items, session.paint.bold) + more;
      });
    }),
  );
}
