import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { InferenceResponse } from '../api.js';
import { readObject } from '../arguments.js';
import { path } from '../client.js';
import { table } from '../print/table.js';
import { cell, shortened } from '../print/text.js';

/** `hansa infer`: asks a model where it stands, under an agreement. */
export function addInferCommand(program: Command, cli: Cli): void {
  program
    .command('infer')
    .argument('<transfer>', 'a started transfer of an inference service')
    .argument(
      '<request>',
      'a file with an Open Inference Protocol v2 request: {"inputs":[{"name","shape","datatype","data"}]}',
    )
    .description('ask the model of another participant; only the answer travels')
    .addHelpText(
      'after',
      examples('hansa infer urn:uuid:… stations.json', 'hansa infer urn:uuid:… stations.json -o json'),
    )
    .action(
      action(cli, async (session, id: string, file: string) => {
        const request = readObject(file, session.terminal);
        session.progress('The model is asked …');
        const response = await session.answer(
          session.client.post<InferenceResponse>(path`/transfers/${id}/infer`, request),
        );
        session.settle();
        session.show(response, ({ outputs }) =>
          table(
            [
              { head: 'OUTPUT', of: (o) => o.name },
              { head: 'TYPE', of: (o) => o.datatype },
              { head: 'SHAPE', of: (o) => o.shape.join(' x ') },
              { head: 'DATA', of: (o) => shortened(o.data.map(cell).join(' '), 80) },
            ],
            outputs,
            session.paint.bold,
          ),
        );
      }),
    );
}
