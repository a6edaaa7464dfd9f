import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { Explanation } from '../api.js';
import { assignments, readObject } from '../arguments.js';
import { path } from '../client.js';
import { badUsage } from '../failure.js';
import { table } from '../print/table.js';
import { cell, shortened } from '../print/text.js';
import type { Terminal } from '../terminal.js';

interface ExplainOptions {
  readonly model?: string;
  readonly dataset?: string;
  readonly key?: string;
  readonly transfer?: string;
  readonly request?: string;
}

/** `hansa explain`: why a model decided as it did in one case. */
export function addExplainCommand(program: Command, cli: Cli): void {
  program
    .command('explain')
    .option('--model <id>', 'a hosted model')
    .option('--dataset <id>', 'the local dataset that holds the case')
    .option('--key <column=value>', 'which row is the case')
    .option('--transfer <id>', "instead: another participant's model, over a started transfer")
    .option('--request <file>', 'with --transfer: the case as JSON')
    .description('what each feature contributed to one decision (Shapley values)')
    .addHelpText(
      'after',
      examples(
        'hansa explain --model urn:uuid:… --dataset urn:uuid:… --key id=8011160',
        'hansa explain --transfer urn:uuid:… --request station.json',
      ),
    )
    .action(
      action(cli, async (session, options: ExplainOptions) => {
        const [url, body] = questionOf(options, session.terminal);
        session.progress('The model is asked again and again …');
        const explanation = await session.answer(session.client.post<Explanation>(url, body));
        session.settle();
        session.show(explanation, (e) => explanationText(e, session.paint.bold));
      }),
    );
}

function questionOf({ model, dataset, key, transfer, request }: ExplainOptions, terminal: Terminal): [string, object] {
  const isLocal = model !== undefined && dataset !== undefined && key !== undefined;
  const isRemote = transfer !== undefined && request !== undefined;
  if (isRemote && model === undefined && dataset === undefined && key === undefined)
    return [path`/transfers/${transfer}/explain`, readObject(request, terminal)];
  if (!isLocal || transfer !== undefined || request !== undefined)
    throw badUsage('Give --model, --dataset and --key, or --transfer and --request.');
  const [column = '', value = null] = Object.entries(assignments([key], '--key'))[0] ?? [];
  return ['/explanations', { modelId: model, datasetId: dataset, key: { column, value } }];
}

function explanationText(e: Explanation, emphasize: (text: string) => string): string {
  const strongest = [...e.contributions].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const rows = table(
    [
      { head: 'FEATURE', of: (c) => c.feature },
      { head: 'VALUE', of: (c) => shortened(cell(c.value), 40) },
      { head: 'CONTRIBUTION', of: (c) => signed(c.contribution), align: 'right' },
    ],
    strongest,
    emphasize,
  );
  return `The model answers ${figure(e.prediction)}; on average it answers ${figure(e.baseValue)}. The difference is made of:\n\n${rows}\n${
    e.method === 'exact' ? 'Exact Shapley values' : 'Sampled Shapley values'
  }; they add up to the answer within ${e.additivityError.toExponential(1)}.\n`;
}

function figure(value: number): string {
  return value.toFixed(4);
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(4)}`;
}
