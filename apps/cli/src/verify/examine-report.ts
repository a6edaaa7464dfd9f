import { type Discrepancy, rederiveDocument } from '@hansa/fair';
import { digestOfJson, isJsonObject, type Json, type JsonObject } from '@hansa/kernel';
import { type Check, type Examination, fails, holds } from './examination.js';
import { reportDigestOf } from './examine-credential.js';
import type { EvidenceOf } from './recognise.js';

/** Differences that are listed with a report. */
const maxListed = 3;

/**
 * A report carries no signature: it counts when a credential was signed over its digest. A signature does not make
 * figures right, so they are computed again from the counts that stand beside them.
 */
export function examineReport(
  { kind, file, value }: EvidenceOf<'report'>,
  credentials: readonly EvidenceOf<'credential'>[],
): Examination {
  const digest = digestOfJson(value);
  const signed = credentials.find((credential) => reportDigestOf(credential.value) === digest);
  const expected = credentials.map((credential) => reportDigestOf(credential.value) ?? 'no digest').join(', ');
  const checks =
    signed === undefined
      ? [
          fails(
            'digest',
            `It is ${digest}, but the credential was signed over ${expected}: this is another report, or it was changed.`,
          ),
        ]
      : [
          holds('digest', `${signed.file} was signed over exactly this report (${digest}).`),
          claims(signed, value),
          figures(value),
        ];
  return { file, kind, signer: null, checks };
}

/** What a credential says about its report must be what the report says. */
function claims({ file, value: { credentialSubject } }: EvidenceOf<'credential'>, report: JsonObject): Check {
  const subject = isJsonObject(credentialSubject) ? credentialSubject : {};
  const member = (name: string, of: string): Json | undefined => {
    const part = report[name];
    return isJsonObject(part ?? null) ? (part as JsonObject)[of] : undefined;
  };
  const stated = {
    verdict: member('verdict', 'outcome'),
    planDigest: report.planDigest,
    datasetDigest: member('data', 'digest'),
    modelDigest: member('model', 'digest'),
  };
  const other = Object.entries(stated).find(([name, value]) => name in subject && subject[name] !== value);
  if (other === undefined) return holds('claims', `${file} says of it what it says itself.`);
  const [name, value] = other;
  return fails('claims', `${file} says "${name}" is ${shown(subject[name])}, and the report says ${shown(value)}.`);
}

function figures(report: JsonObject): Check {
  const { wellFormed, discrepancies } = rederiveDocument(report);
  const listed = discrepancies.slice(0, maxListed).map(wellFormed ? differs : malformed);
  const more = discrepancies.length > maxListed ? ` And ${discrepancies.length - maxListed} more.` : '';
  if (!wellFormed)
    return fails(
      'figures',
      `It does not have the form of a report that this version knows. ${listed.join(' ')}${more}`,
    );
  return discrepancies.length === 0
    ? holds('figures', 'Every figure follows from the plan and the counts in it.')
    : fails('figures', `Figures do not follow from its counts. ${listed.join(' ')}${more}`);
}

const differs = ({ at, stated, rederived }: Discrepancy) => `${at}: ${shown(stated)}, and must be ${shown(rederived)}.`;
const malformed = ({ at, rederived }: Discrepancy) => `${at}: ${rederived}.`;
const shown = (value: Json | undefined) => JSON.stringify(value) ?? 'nothing';
