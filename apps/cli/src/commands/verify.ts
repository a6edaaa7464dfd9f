import { systemClock } from '@hansa/kernel';
import type { Command } from 'commander';
import { action, type Cli, examples } from '../action.js';
import { did, readObject, readText, several } from '../arguments.js';
import { badUsage, orFail } from '../failure.js';
import type { Paint } from '../print/paint.js';
import type { Terminal } from '../terminal.js';
import { type Check, type Examination, isValid } from '../verify/examination.js';
import { type Evidence, recognise } from '../verify/recognise.js';

interface VerifyOptions {
  readonly report?: string;
  readonly didDocument?: readonly string[];
  readonly signer?: ReturnType<typeof did>;
  readonly offline?: boolean;
}

const names: Readonly<Record<Evidence['kind'], string>> = {
  'ledger-proof': 'ledger entry with its proof',
  credential: 'signed credential',
  report: 'audit report',
  checkpoint: 'checkpoint of a ledger',
  'consistency-proof': 'consistency proof of a ledger',
};

/** `hansa verify`: is this receipt, report or proof what it claims to be? Needs no node. */
export function addVerifyCommand(program: Command, cli: Cli): void {
  program
    .command('verify')
    .argument('<file...>', 'ledger proofs, audit credentials and reports, checkpoints, consistency proofs')
    .option('--report <file>', 'the audit report that a credential is about; the same as naming it among the files')
    .option('--did-document <file>', 'the saved did.json of a signer; may be repeated', several)
    .option('--signer <did>', 'accept the signature of this participant only', did)
    .option('--offline', 'ask nobody; whether a credential was revoked stays unchecked')
    .description('check receipts, reports and proofs; no node is needed')
    .addHelpText(
      'after',
      `${examples(
        'hansa verify receipt.json',
        'hansa verify credential.json --report report.json',
        'hansa verify credential.json report.json --offline --did-document did.json --signer did:web:berlin.example',
        'hansa verify since-monday.json monday.checkpoint',
      )}\nExit code: 0 valid, 1 invalid, 2 unreadable input.\n`,
    )
    .action(
      action(cli, async (session, files: readonly string[], options: VerifyOptions) => {
        const { terminal } = session;
        const { report, didDocument = [], signer, offline = false } = options;
        // Loaded when they are needed: no other command should wait for the libraries of signed JSON-LD.
        const { examineAll } = await import('../verify/examine.js');
        const { openSignerDocuments, savedDocument } = await import('../verify/ports.js');
        const evidence = readEvidence(report === undefined ? files : [...files, report], terminal);
        const saved = didDocument.map((file) => orFail(savedDocument(readObject(file, terminal)), 2));
        const documents = openSignerDocuments(saved, offline);
        try {
          const { resolveDid, statusListsOf } = documents;
          const items = await examineAll(evidence, {
            resolveDid,
            now: systemClock.now(),
            ...(offline ? {} : { statusListsOf }),
            ...(signer === undefined ? {} : { signer }),
          });
          const isAllValid = items.every(isValid);
          session.show({ valid: isAllValid, items }, ({ items: shown }) =>
            shown.map((one) => examinationText(one, session.paint)).join('\n'),
          );
          if (!isAllValid) session.exitCode = 1;
        } finally {
          await documents.close();
        }
      }),
    );
}

function readEvidence(files: readonly string[], terminal: Terminal): readonly Evidence[] {
  const evidence = [...new Set(files)].map((file) => orFail(recognise(file, orFail(readText(file, terminal), 2)), 2));
  const has = (kind: Evidence['kind']) => evidence.some((one) => one.kind === kind);
  if (has('report') && !has('credential'))
    throw badUsage('An audit report carries no signature: name the credential about it, too.');
  if (has('consistency-proof') && !has('checkpoint'))
    throw badUsage('A consistency proof needs the checkpoint that was saved before: name its file, too.');
  return evidence;
}

function examinationText(one: Examination, paint: Paint): string {
  const width = Math.max(...one.checks.map(({ check }) => check.length));
  const marks: Readonly<Record<Check['outcome'], string>> = {
    holds: paint.good('holds    '),
    fails: paint.bad('fails    '),
    unchecked: paint.weak('unchecked'),
  };
  const lines = one.checks.map(
    ({ check, outcome, detail }) => `  ${marks[outcome]}  ${check.padEnd(width)}  ${detail}\n`,
  );
  const open = one.checks.some(({ outcome }) => outcome === 'unchecked');
  const verdict = isValid(one)
    ? paint.good(open ? 'valid, as far as it was checked' : 'valid')
    : paint.bad('not valid');
  return `${one.file} (${names[one.kind]}): ${verdict}\n${lines.join('')}`;
}
