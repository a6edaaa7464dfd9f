import type { Json } from '@hansa/kernel';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import type { FederatedAudit, FederatedCity } from '../api.js';
import { looseJson, readObject, rowFilter, several, wholeNumber } from '../arguments.js';
import { path } from '../client.js';
import { badUsage } from '../failure.js';
import { auditText } from '../print/audit.js';
import { section } from '../print/table.js';
import { count } from '../print/text.js';
import type { Session } from '../session.js';
import { type WaitOptions, waiting } from '../waiting.js';

interface Options extends WaitOptions {
  readonly plan: string;
  readonly city: readonly string[];
  readonly label: string;
  readonly positive?: string;
  readonly prediction?: string;
  readonly positivePrediction?: string;
  readonly model?: string;
  readonly where?: readonly string[];
  readonly minimumCities?: number;
  readonly minimumCell?: number;
  readonly patience: number;
}

const help = `${examples(
  'hansa audit federate --plan plan.yaml --city urn:uuid:… --city urn:uuid:… --label recid --prediction risk --positive-prediction Medium,High',
  'hansa audit federate --plan plan.yaml --city urn:uuid:… --city urn:uuid:… --label fraud --model sha-256:… --minimum-cities 1',
)}
Each city counts next to its rows and signs its table; no row moves. Exit code: 0 when the audit is done, whatever its
verdict; 1 when it failed to run or takes longer.
`;

/** `hansa audit federate`: one audit of the decisions of several cities, each of which counts its own rows. */
export function addAuditFederate(audit: Command, cli: Cli): void {
  const federate = audit
    .command('federate')
    .description('audit the decisions of several cities together: each counts its own rows and signs the counts')
    .requiredOption('--plan <file>', 'the audit plan, as YAML or JSON; it is put on record before anybody counts')
    .requiredOption('--city <agreement>', 'the agreement that a city counts under; once for each city', several)
    .requiredOption('--label <column>', 'the column that says what was true')
    .option('--positive <values>', 'the values of the label that are positive; without it 1 or true')
    .option('--prediction <column>', 'the column with the decisions')
    .option('--positive-prediction <values>', 'the values of a decision that are positive, as Medium,High')
    .option('--model <digest>', 'in place of --prediction: the model that every city hosts, by its digest')
    .option('--where <condition>', 'only rows for which this holds, as split=audit; may be repeated', several)
    .option('--minimum-cities <n>', 'go on without a city as long as so many have counted (default: all)', wholeNumber)
    .option('--minimum-cell <n>', 'counts below this shall be withheld; a city may ask for more', wholeNumber)
    .option('--patience <seconds>', 'how long the node waits for a city', wholeNumber, 3600);
  waiting(federate, 'for the verdict', 3600).addHelpText('after', help).action(action(cli, run));
}

async function run(session: Session, options: Options): Promise<void> {
  const { label, positive, prediction, positivePrediction, model } = options;
  if ((prediction === undefined) === (model === undefined))
    throw badUsage('Give either --prediction or --model: whose decisions are audited.');
  const counted = {
    label: { column: label, ...positives(positive) },
    decision: model === undefined ? { column: prediction ?? '', ...positives(positivePrediction) } : { model },
    where: options.where?.map(rowFilter) ?? [],
  };
  const planned = await session.answer(
    session.client.post<FederatedAudit>('/federated-audits', {
      plan: readObject(options.plan, session.terminal),
      cities: options.city.map((agreementId) => ({ agreementId, ...counted })),
      minimumCities: options.minimumCities,
      minimumCell: options.minimumCell,
      waitSeconds: options.patience,
    }),
  );
  const look = () => session.answer(session.client.get<FederatedAudit>(path`/federated-audits/${planned.id}`));
  const isOver = ({ status }: FederatedAudit) => status === 'done' || status === 'failed';
  const last = options.wait ? await session.waitUntil(look, isOver, progressText, options.timeout) : planned;
  const cities = ({ cities }: FederatedAudit) => section('Cities', cities.map(cityText));
  session.show(last, (shown) => auditText(shown, session.paint) + cities(shown));
  if (options.wait && last.status !== 'done') session.exitCode = 1;
}

function positives(values: string | undefined): { readonly positive?: readonly Json[] } {
  return values === undefined ? {} : { positive: values.split(',').map(looseJson) };
}

function progressText({ cities }: FederatedAudit): string {
  return `${cities.map(cityText).join('; ')} …`;
}

function cityText({ counterparty, status, done = 0, total = 0, rows = 0, problem }: FederatedCity): string {
  if (status === 'received') return `${counterparty} has counted ${count(rows)} rows`;
  if (status === 'counting') return `${counterparty} counts: ${count(done)} of ${count(total)} rows`;
  const why = problem ? `: ${problem.detail}` : '';
  return status === 'refused' ? `${counterparty} gave no counts${why}` : `${counterparty} is waited for${why}`;
}
