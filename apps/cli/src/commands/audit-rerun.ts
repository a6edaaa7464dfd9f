import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type AuditReport, type RerunOutcome, reportDigest, reportFrom } from '@hansa/fair';
import { type JsonObject, parseJson } from '@hansa/kernel';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import { readObject } from '../arguments.js';
import type { RerunFiles } from '../audit-file/rerun-files.js';
import { path } from '../client.js';
import { badUsage } from '../failure.js';
import { rerunText } from '../print/rerun.js';
import type { Session } from '../session.js';

interface RerunOptions extends RerunFiles {
  readonly audit?: string;
}

/** What a node says of a second run. */
interface NodeRerun extends RerunOutcome {
  readonly datasetId: string;
  readonly modelId: string | null;
}

/** `hansa audit rerun`: does anybody else come to the same report? */
export function addAuditRerun(audit: Command, cli: Cli): void {
  audit
    .command('rerun')
    .argument('[report]', 'the report.json of an audit; none with --audit <id>')
    .option('--data <file>', 'the people that the report is about; with --audit: the directory of the node')
    .option('--counts <file>', 'the confusion tables that it is about')
    .option('--model <file>', 'the ONNX model that decided, where one did')
    .option('--training <file>', 'what the model was trained on, where the audit looked at that')
    .option('--audit <audit>', 'by a node: the id of an audit of its own, or the credential.json about the report')
    .description('run the audit of a report again, and compare every byte')
    .addHelpText(
      'after',
      `${examples(
        'hansa audit rerun report.json --data people.csv',
        'hansa audit rerun report.json --data test.csv --training train.csv --model risk.onnx',
        'hansa audit rerun report.json --counts counts.csv -o json',
        'hansa audit rerun report.json --audit credential.json --url https://bruges.example',
        'hansa audit rerun --audit urn:uuid:…',
      )}
Plan, options, seeds and time come from the report; files may have other names here. Nothing is written.
The report of a node is run again by a node, this or another, that holds the same data and model by their digests. What
the first one calls its dataset is taken over. Who signed a report is told by: hansa verify credential.json report.json
Exit code: 0 identical to the byte, 1 something differs, 2 bad input; with a node also 1 where it refuses.
`,
    )
    .action(
      action(cli, async (session, file: string | undefined, options: RerunOptions) => {
        // The program takes --data for itself, where it names the directory of a node.
        const { data } = session.options;
        const files = { ...options, ...(data !== undefined && { data }) };
        if (options.audit !== undefined) return byNode(session, await namedBy(session, options.audit, file), options);
        if (file === undefined) throw badUsage('Name the report: hansa audit rerun report.json --data people.csv.');
        const report = readReport(file, readObject(file, session.terminal));
        if (isOfNode(report) && data === undefined) return byNode(session, { what: file, report }, options);
        // Loaded when it is needed: no other command should wait for the engine of tables.
        const { rerunFiles } = await import('../audit-file/rerun-files.js');
        const outcome = await rerunFiles(session, report, files);
        session.settle();
        session.show(outcome, (shown) => rerunText(file, shown, shown.files, session.paint));
        if (!outcome.same) session.exitCode = 1;
      }),
    );
}

interface NamedReport {
  /** What to call it. */
  readonly what: string;
  readonly report: AuditReport;
}

function readReport(what: string, value: JsonObject): AuditReport {
  if (value.type !== 'AuditReport') throw badUsage(`${what} is not an audit report. Give the report.json of an audit.`);
  const report = reportFrom(value);
  if (report) return report;
  throw badUsage(`${what} does not have the form of a report: hansa audit verify ${what} says where it is wrong.`);
}

const isOfNode = ({ request, federation, data }: AuditReport) =>
  !request && !federation && typeof data.dataset === 'string';

/** The report that `--audit` is about: of an audit of the node itself, or the one that a credential was signed over. */
async function namedBy(session: Session, named: string, file: string | undefined): Promise<NamedReport> {
  const { terminal } = session;
  if (named.endsWith('.json') || existsSync(resolve(terminal.directory, named))) {
    const { reportDigestOf } = await import('../verify/examine-credential.js');
    const digest = reportDigestOf(readObject(named, terminal));
    if (digest === null) throw badUsage(`${named} is no credential about an audit report.`, '--audit');
    if (file === undefined)
      throw badUsage(
        `Name the report that the credential is about, too: hansa audit rerun report.json --audit ${named}.`,
      );
    const report = readReport(file, readObject(file, terminal));
    const own = reportDigest(report);
    if (own !== digest)
      throw badUsage(
        `${named} was signed over ${digest}, and ${file} is ${own}: this is another report, or it was changed.`,
      );
    return { what: file, report };
  }
  if (file !== undefined)
    throw badUsage('Give a report with its credential.json, or the id of an audit of the node alone.', '--audit');
  const text = await session.answer(session.client.getText(path`/audits/${named}/report`));
  const parsed = parseJson(text);
  return { what: named, report: readReport(named, (parsed.ok ? parsed.value : {}) as JsonObject) };
}

async function byNode(session: Session, { what, report }: NamedReport, files: RerunFiles): Promise<void> {
  const option = (['counts', 'model', 'training'] as const).find((name) => files[name] !== undefined);
  if (option !== undefined)
    throw badUsage(`A node takes its own data and model, by their digests: leave out --${option}.`, `--${option}`);
  const outcome = await session.answer(session.client.post<NodeRerun>('/audits/rerun', { report }));
  session.show(outcome, (shown) => {
    const over = [shown.datasetId, ...(shown.modelId === null ? [] : [shown.modelId])].join(' and ');
    return `${rerunText(what, shown, [], session.paint)}Run again by ${session.url} over ${over}.\n`;
  });
  if (!outcome.same) session.exitCode = 1;
}
