import { basename, extname, resolve } from 'node:path';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { Dataset, DatasetPreview } from '../api.js';
import { several, wholeNumber } from '../arguments.js';
import { path, query } from '../client.js';
import { badUsage } from '../failure.js';
import { record, section, table } from '../print/table.js';
import { bytes, cell, count, shortened, time } from '../print/text.js';
import type { Session } from '../session.js';
import { listing } from './listing.js';

interface AddOptions {
  readonly title?: string;
  readonly description?: string;
  readonly keyword?: readonly string[];
  readonly publisher?: string;
  readonly licence?: string;
  readonly format?: string;
  readonly model?: string;
  readonly changing?: boolean;
  readonly interval?: number;
}

/** `hansa dataset`: what this node can offer. */
export function addDatasetCommands(program: Command, cli: Cli): void {
  const dataset = program.command('dataset').description('the datasets of this node');
  addAdd(dataset, cli);
  listing<Dataset>(dataset, cli, {
    what: 'datasets',
    url: '/datasets',
    cursor: 'after',
    empty: 'No datasets yet. Register one: hansa dataset add <file>\n',
    columns: [
      { head: 'TITLE', of: (d) => d.title },
      { head: 'ROWS', of: (d) => (d.profile ? count(d.profile.rows) : null), align: 'right' },
      { head: 'SOURCE', of: (d) => shortened(sourceOf(d), 40) },
      { head: 'ID', of: (d) => d.id },
    ],
  });
  addShow(dataset, cli);
  addPreview(dataset, cli);
  addRemove(dataset, cli);
}

function addAdd(dataset: Command, cli: Cli): void {
  dataset
    .command('add')
    .argument('[source]', 'a file that the node can read, or an http(s) URL; CSV, JSON, Parquet or GeoJSON')
    .description('register a dataset; nobody sees it before it is offered')
    .option('--title <text>', 'its name in catalogues (default: the name of the file)')
    .option('--description <text>', 'what it holds')
    .option('--keyword <word>', 'a word to find it by; may be repeated', several)
    .option('--publisher <name>', 'who owns the data')
    .option('--licence <licence>', 'an SPDX identifier, a URL or words')
    .option('--format <format>', 'csv, json, parquet or geojson, where the name does not tell')
    .option('--changing', 'the data go on changing: transfers go on until one side ends them')
    .option('--interval <seconds>', 'with --changing: how often changes are looked for (default: 60)', wholeNumber)
    .option('--model <id>', 'instead of a source: offer this hosted model as an inference service')
    .addHelpText(
      'after',
      examples(
        'hansa dataset add stops.csv --title "Stops of Berlin" --publisher "VBB" --licence CC-BY-4.0',
        'hansa dataset add https://data.example/counts.parquet --keyword bicycle --keyword counts',
        'hansa dataset add https://sensors.example/now.json --changing --interval 30',
        'hansa dataset add --model urn:uuid:… --title "Step-free access, estimated"',
      ),
    )
    .action(
      action(cli, async (session, source: string | undefined, options: AddOptions) => {
        const { description, keyword: keywords, publisher, licence, interval: intervalSeconds } = options;
        const finite = options.changing ? false : undefined;
        const from = sourceFrom(session, source, options);
        const title = options.title ?? titleOf(source);
        session.progress('The node reads the data …');
        const wanted = { title, description, keywords, publisher, licence, source: from, finite, intervalSeconds };
        const added = await session.answer(session.client.post<Dataset>('/datasets', wanted));
        session.settle();
        session.show(added, (d) => {
          const size = d.profile ? ` with ${count(d.profile.rows)} rows in ${d.profile.columns.length} columns` : '';
          return `Registered "${d.title}"${size}: ${d.id}\nOffer it next: hansa offer add ${d.id} --template members-only\n`;
        });
      }),
    );
}

function titleOf(source: string | undefined): string {
  if (source === undefined) throw badUsage('An inference service needs a --title.', '--title');
  const name = URL.canParse(source) ? decodeURIComponent(new URL(source).pathname) : source;
  return basename(name, extname(name)) || source;
}

function sourceFrom(session: Session, source: string | undefined, { model, format }: AddOptions): object {
  if (model !== undefined && source === undefined) return { kind: 'inference-service', modelId: model };
  if (model !== undefined || source === undefined)
    throw badUsage('Name either a file or URL, or a hosted model with --model.', 'source');
  if (/^https?:/i.test(source)) return { kind: 'http', url: source, format };
  return { kind: 'file', path: resolve(session.terminal.directory, source), format };
}

function sourceOf({ source }: Dataset): string {
  if (source.kind === 'file') return source.path;
  return source.kind === 'http' ? source.url : `inference by ${source.modelId}`;
}

function addShow(dataset: Command, cli: Cli): void {
  dataset
    .command('show')
    .argument('<id>')
    .description('one dataset with its columns')
    .addHelpText('after', examples('hansa dataset show urn:uuid:…'))
    .action(
      action(cli, async (session, id: string) => {
        const one = await session.answer(session.client.get<Dataset>(path`/datasets/${id}`));
        session.show(one, (d) => {
          const head = record([
            ['id', d.id],
            ['title', d.title],
            ['description', d.description],
            ['keywords', d.keywords.join(', ')],
            ['publisher', d.publisher],
            ['licence', d.licence],
            ['source', sourceOf(d)],
            ['changing', d.intervalSeconds === null ? null : `looked at every ${d.intervalSeconds} s`],
            ['rows', d.profile && count(d.profile.rows)],
            ['size', d.profile && bytes(d.profile.bytes)],
            ['digest', d.profile?.digest],
            ['registered', time(d.createdAt)],
          ]);
          return (
            head +
            section(
              'Columns',
              (d.profile?.columns ?? []).map(({ name, type }) => `${name}: ${type}`),
            )
          );
        });
      }),
    );
}

function addPreview(dataset: Command, cli: Cli): void {
  dataset
    .command('preview')
    .argument('<id>')
    .description('the first rows as the node reads them')
    .option('--rows <number>', 'how many', wholeNumber, 20)
    .addHelpText(
      'after',
      examples('hansa dataset preview urn:uuid:…', 'hansa dataset preview urn:uuid:… --rows 5 -o json'),
    )
    .action(
      action(cli, async (session, id: string, { rows }: { readonly rows: number }) => {
        const url = path`/datasets/${id}/preview` + query({ rows });
        const preview = await session.answer(session.client.get<DatasetPreview>(url));
        session.show(preview, (p) => {
          const columns = p.columns.map((column, i) => ({
            head: column.name,
            of: (row: DatasetPreview['rows'][number]) => shortened(cell(row[i]), 40),
          }));
          return table(columns, p.rows, session.paint.bold);
        });
      }),
    );
}

function addRemove(dataset: Command, cli: Cli): void {
  dataset
    .command('remove')
    .argument('<id>')
    .description('forget a dataset; the data themselves stay where they are')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', examples('hansa dataset remove urn:uuid:… --yes'))
    .action(
      action(cli, async (session, id: string, { yes }: { readonly yes?: boolean }) => {
        await session.confirm(`Remove the dataset ${id} and its offers?`, yes);
        await session.answer(session.client.delete(path`/datasets/${id}`));
        session.show({ id, removed: true }, () => `Removed ${id}.\n`);
      }),
    );
}
