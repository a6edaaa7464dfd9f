import { resolve } from 'node:path';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { HostedModel, Scored } from '../api.js';
import { number, readObject, rowFilter, several } from '../arguments.js';
import { path } from '../client.js';
import { badUsage } from '../failure.js';
import { record, section } from '../print/table.js';
import { cell, count, shortened, time } from '../print/text.js';
import type { Terminal } from '../terminal.js';
import { listing } from './listing.js';

interface CardOptions {
  readonly card?: string;
  readonly name?: string;
  readonly modelVersion?: string;
  readonly description?: string;
  readonly intendedUse?: string;
  readonly licence?: string;
  readonly threshold?: number;
}

/** `hansa model`: the models that this node hosts. */
export function addModelCommands(program: Command, cli: Cli): void {
  const model = program.command('model').description('the models that this node hosts');
  addAdd(model, cli);

  listing<HostedModel>(model, cli, {
    what: 'hosted models',
    url: '/models',
    cursor: 'offset',
    empty: 'No models yet. Register one: hansa model add <file.onnx> --card <card.json>\n',
    columns: [
      { head: 'NAME', of: (m) => m.card.name },
      { head: 'VERSION', of: (m) => m.card.version },
      { head: 'REGISTERED', of: (m) => time(m.createdAt) },
      { head: 'ID', of: (m) => m.id },
    ],
  });

  model
    .command('show')
    .argument('<id>')
    .description('one model: what it is for, what goes in and what comes out')
    .addHelpText('after', examples('hansa model show urn:uuid:…'))
    .action(
      action(cli, async (session, id: string) => {
        session.show(await session.answer(session.client.get<HostedModel>(path`/models/${id}`)), modelText);
      }),
    );

  addScore(model, cli);
}

function addAdd(model: Command, cli: Cli): void {
  model
    .command('add')
    .argument('<file>', 'an ONNX model that the node can read')
    .option('--card <file>', 'the model card as JSON; options add to it')
    .option('--name <text>', 'name of the model')
    .option('--model-version <text>', 'version of the model')
    .option('--description <text>', 'what it estimates, and how')
    .option('--intended-use <text>', 'what it is for')
    .option('--licence <licence>', 'an SPDX identifier, a URL or words')
    .option('--threshold <number>', 'from this score on a case is decided positive', number)
    .description('host a model; it is inspected and never runs outside a limited process')
    .addHelpText(
      'after',
      examples(
        'hansa model add step-free.onnx --card model-card.json',
        'hansa model add step-free.onnx --name step-free-access --model-version 1.0.0 --threshold 0.19 \\\n      --description "Gradient boosting" --intended-use "Lists stations to check on the spot"',
      ),
    )
    .action(
      action(cli, async (session, file: string, options: CardOptions) => {
        const card = cardOf(options, session.terminal);
        session.progress('The node inspects the model …');
        const added = await session.answer(
          session.client.post<HostedModel>('/models', { path: resolve(session.terminal.directory, file), card }),
        );
        session.settle();
        session.show(
          added,
          (m) =>
            `Hosted: ${m.card.name} ${m.card.version}, ${m.id}\n${m.digest}\nAudit it before others may use it: hansa audit run --help\n`,
        );
      }),
    );
}

function cardOf({ card: file, modelVersion, ...given }: CardOptions, terminal: Terminal): object {
  const card = {
    ...(file === undefined ? {} : readObject(file, terminal)),
    ...given,
    ...(modelVersion === undefined ? {} : { version: modelVersion }),
  };
  const missing = Object.entries(required).filter(([member]) => !Object.hasOwn(card, member));
  if (missing.length === 0) return card;
  const options = missing.map(([, option]) => option).join(', ');
  throw badUsage(
    `The card of the model is not complete: give ${options}, or --card <file> with a whole card.`,
    '--card',
  );
}

/** What a card must have, and the option that gives it. */
const required = { name: '--name', version: '--model-version', intendedUse: '--intended-use' };

function modelText(m: HostedModel): string {
  const { name, version, ...card } = m.card;
  return (
    record([
      ['id', m.id],
      ['name', name],
      ['version', version],
      ['digest', m.digest],
      ['registered', time(m.createdAt)],
      ...Object.entries(card).map(([field, value]) => [field, shortened(cell(value), 300)] as const),
    ]) +
    section('Goes in', m.signature.inputs.map(portText)) +
    section('Comes out', m.signature.outputs.map(portText))
  );
}

function portText({ name, ...facts }: HostedModel['signature']['inputs'][number]): string {
  const text = Object.values(facts)
    .map(cell)
    .filter((fact) => fact !== '');
  return `${name}: ${text.join(' ')}`;
}

function addScore(model: Command, cli: Cli): void {
  model
    .command('score')
    .argument('<id>')
    .requiredOption('--dataset <id>', 'a dataset of this node with the columns that the model takes')
    .option('--where <condition>', 'only rows for which this holds, as split=audit; may be repeated', several)
    .description('run a model over a local dataset and count its decisions')
    .addHelpText('after', examples('hansa model score urn:uuid:… --dataset urn:uuid:… --where split=audit'))
    .action(
      action(
        cli,
        async (session, id: string, options: { readonly dataset: string; readonly where?: readonly string[] }) => {
          const where = options.where?.map(rowFilter);
          session.progress('The node runs the model …');
          const scored = await session.answer(
            session.client.post<Scored>(path`/models/${id}/score`, { datasetId: options.dataset, where }),
          );
          session.settle();
          session.show(
            scored,
            (s) => `${count(s.positives)} of ${count(s.rows)} rows are decided positive (${Math.round(s.ms)} ms).\n`,
          );
        },
      ),
    );
}
