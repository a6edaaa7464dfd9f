import { assertNever, digestOfJson } from '@hansa/kernel';
import { type Examination, fails, holds, type VerifyPorts } from './examination.js';
import { examineCredential, reportDigestOf } from './examine-credential.js';
import { examineCheckpoint, examineConsistency, examineLedgerProof } from './examine-ledger.js';
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

/** A report carries no signature: it counts when a credential was signed over its digest. */
function examineReport(
  { kind, file, value }: EvidenceOf<'report'>,
  credentials: readonly EvidenceOf<'credential'>[],
): Examination {
  const digest = digestOfJson(value);
  const signed = credentials.find((credential) => reportDigestOf(credential.value) === digest);
  const expected = credentials.map((credential) => reportDigestOf(credential.value) ?? 'no digest').join(', ');
  const check =
    signed === undefined
      ? fails(
          'digest',
          `It is ${digest}, but the credential was signed over ${expected}: this is another report, or it was changed.`,
        )
      : holds('digest', `${signed.file} was signed over exactly this report (${digest}).`);
  return { file, kind, signer: null, checks: [check] };
}
