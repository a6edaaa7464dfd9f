import { assertNever } from '@hansa/kernel';
import type { Examination, VerifyPorts } from './examination.js';
import { examineCredential } from './examine-credential.js';
import { examineCheckpoint, examineConsistency, examineLedgerProof } from './examine-ledger.js';
import { examineReport } from './examine-report.js';
import type { Evidence, EvidenceOf } from './recognise.js';

/**
 * Examines all files together: reports go with the credentials that were signed over them, consistency proofs with
 * checkpoints saved before.
 *
 * @example
 * const [examination] = await examineAll([evidence], { resolveDid, now });
 * isValid(examination); // true
 */
export async function examineAll(evidence: readonly Evidence[], ports: VerifyPorts): Promise<readonly Examination[]> {
  const examinations: Examination[] = [];
  for (const one of evidence) examinations.push(await examine(one, evidence, ports));
  return examinations;
}

function examine(one: Evidence, all: readonly Evidence[], ports: VerifyPorts): Promise<Examination> {
  switch (one.kind) {
    case 'credential':
      return examineCredential(
        one,
        all.some(({ kind }) => kind === 'report'),
        ports,
      );
    case 'report':
      return Promise.resolve(examineReport(one, of(all, 'credential')));
    case 'ledger-proof':
      return examineLedgerProof(one, ports);
    case 'checkpoint':
      return examineCheckpoint(one, ports);
    case 'consistency-proof':
      return examineConsistency(one, of(all, 'checkpoint'), ports);
    default:
      return assertNever(one);
  }
}

function of<K extends Evidence['kind']>(all: readonly Evidence[], kind: K): readonly EvidenceOf<K>[] {
  return all.filter((one): one is EvidenceOf<K> => one.kind === kind);
}
