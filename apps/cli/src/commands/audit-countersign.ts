import { isJsonObject, type JsonObject } from '@hansa/kernel';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import { readObject } from '../arguments.js';
import { path } from '../client.js';
import { badUsage } from '../failure.js';
import type { Session } from '../session.js';

interface CountersignOptions {
  readonly report?: string;
  readonly findings?: string;
  readonly signature?: string;
}

/** `hansa audit countersign`: a second signature, given to another party's audit or taken in under one of our own. */
export function addAuditCountersign(audit: Command, cli: Cli): void {
  audit
    .command('countersign')
    .argument(
      '<audit>',
      'the credential.json of an audit that another node made; or with --signature the id of our own',
    )
    .option('--report <file>', 'the report.json that the credential is about')
    .option('--findings <file>', 'the findings.json of the other node: what was said about its findings')
    .option('--signature <file>', 'take in the credential that another party has counter-signed')
    .description('sign the audit of another party as well, or take in the signature that another party gave')
    .addHelpText(
      'after',
      `${examples(
        'hansa audit countersign credential.json --report report.json --findings findings.json > countersigned.json',
        'hansa audit countersign urn:uuid:… --signature countersigned.json',
      )}
Neither is done while a grave finding is open: accept it with a reason or resolve it first (hansa audit answer).
`,
    )
    .action(
      action(cli, async (session, named: string, options: CountersignOptions) => {
        if (options.signature !== undefined) return takeIn(session, named, options.signature);
        if (options.report === undefined)
          throw badUsage('Name the report that you put your name to: --report report.json.', '--report');
        const signed = await session.answer(
          session.client.post<JsonObject>('/audits/countersign', {
            credential: readObject(named, session.terminal),
            report: readObject(options.report, session.terminal),
            answers: options.findings === undefined ? [] : answersIn(options.findings, session),
          }),
        );
        session.terminal.out(`${JSON.stringify(signed)}\n`);
      }),
    );
}

async function takeIn(session: Session, id: string, file: string): Promise<void> {
  const credential = readObject(file, session.terminal);
  const taken = await session.answer(
    session.client.post<{ readonly signers: readonly string[] }>(path`/audits/${id}/countersignatures`, { credential }),
  );
  session.show(taken, ({ signers }) => `Counter-signed by ${signers.join(', ')}.\n`);
}

function answersIn(file: string, { terminal }: Session): readonly JsonObject[] {
  const { items } = readObject(file, terminal);
  if (!Array.isArray(items) || !items.every(isJsonObject))
    throw badUsage(`${file} is no list of findings. Give the findings.json of the other node.`, '--findings');
  return items;
}
